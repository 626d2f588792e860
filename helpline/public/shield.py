"""Help in a frame of somebody else's page: it leaves nothing in the history, no cookie and nothing stored.

A partner puts a few lines of HTML into their page, and no script of ours runs in it. `/shield/` tells them how;
`/shield/frame/` is what the frame shows, and the chat in it is `/chat/framed/`.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpline.lines.models import Channel
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.web.headers import carry, framed_by_partners

# A closed box loads nothing: whoever only visits the partner's page asks us for nothing.
SNIPPET: Final = """<details>
  <summary>{summary}</summary>
  <iframe src="{address}" title="{title}" loading="lazy" referrerpolicy="no-referrer" width="360" height="600"></iframe>
</details>"""


@require_safe
def for_partners(request: HttpRequest) -> HttpResponse:
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    address = request.build_absolute_uri(reverse("shield-frame"))
    snippet = SNIPPET.format(address=address, summary=_("Need help? Open this box"), title=_("Help, in private"))
    return render(request, "public/shield/partners.html", {"line": line, "snippet": snippet})


@require_safe
def frame(request: HttpRequest) -> HttpResponse:
    """One page without a link to another: without JavaScript each link in a frame would be an entry in the history."""
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        response = render(request, "public/not-ready.html", {"is_framed": True}, status=503)
    else:
        shown = {"line": line, "has_chat": Channel.WEBCHAT in line.channels, "is_framed": True}
        response = render(request, "public/shield/frame.html", shown)
    carry(response, framed_by_partners())
    return response
