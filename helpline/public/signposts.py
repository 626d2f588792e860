"""What machines look for at a site: where its pages are, which of them they may keep, and whom to tell of a fault."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpline.lines.queries import LineUnknown, line_for_host
from helpline.public.sitemap import places
from helpline.web.context import is_neutral

TEXT: Final = "text/plain; charset=utf-8"
SECURITY_DAYS = 180  # RFC 9116 asks for less than a year: said anew each time, it is true for as long as we answer
# Nothing of a chat, and no page that only a link of somebody's own leads to.
NOT_TO_BE_KEPT = ("/chat/", "/live/", "/summary/", "/receipt/", "/updates/confirm/", "/updates/mine/")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116. What it says is not signed: whoever could change it could as well sign it."""
    if not settings.SECURITY_CONTACTS or is_neutral(request.get_host()):
        raise Http404
    expires = timezone.now().astimezone(dt.UTC).replace(microsecond=0) + dt.timedelta(days=SECURITY_DAYS)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en, mi"]
    lines += [f"Canonical: {request.build_absolute_uri(reverse('security'))}", ""]
    return HttpResponse("\n".join(lines), TEXT)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """A demonstration must not be found by somebody who looks for help, nor a neutral name together with ours."""
    if settings.DEMONSTRATION or is_neutral(request.get_host()):
        return HttpResponse("User-agent: *\nDisallow: /\n", TEXT)
    lines = ["User-agent: *", *(f"Disallow: {each}{path}" for path in NOT_TO_BE_KEPT for each in ("", "/mi"))]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), TEXT)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Each page in each of its languages, every one of which names all."""
    if is_neutral(request.get_host()):
        raise Http404
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    found = [
        {language: request.build_absolute_uri(path) for language, path in place.paths.items()} for place in places(line)
    ]
    return render(request, "public/sitemap.xml", {"places": found}, content_type="application/xml; charset=utf-8")
