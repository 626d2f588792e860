"""Pages that anybody may read. They keep nothing and set no cookie."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from helpline.content.queries import PageUnknown, get_page
from helpline.lines.bilingual import Language
from helpline.lines.queries import LineUnknown, is_open, line_for_host, next_opening, words_days
from helpline.vault import receipts
from helpline.vault.codes import b64url_encode
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.vault.receipts import NotAReceipt, NotOurs
from helpline.web.languages import is_posted
from helpline.web.shared import same_for_everybody


@same_for_everybody
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Of the line that this host is about: in its own words where it has some, else in those of any line."""
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    with suppress(PageUnknown):  # as an editor wrote it, if one did
        if name != "home":
            language = get_language() or Language.ENGLISH
            return get_page(line, language, f"{name}/").answer(request, language)
    shown = {
        "line": line,
        "is_closed": not is_open(line),
        "opens_at": next_opening(line),
        "days": words_days(line),
    }
    return render(request, [f"public/lines/{line.slug}/{name}.html", f"public/{name}.html"], shown)


@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Whether a pasted erasure receipt is genuine. Nothing is kept of it, and it names nobody."""
    shown: dict[str, object] = {"pasted": request.POST.get("receipt", "")[: 2 * receipts.MAX_CHARACTERS]}
    with suppress(LineUnknown):
        shown["line"] = line_for_host(request.get_host())
    try:
        shown["key"] = b64url_encode(receipts.server_key())
        if is_posted(request):
            shown["is_answered"] = True
            shown["genuine"] = receipts.check(str(shown["pasted"]))
    except KeyStoreUnavailable:
        return render(request, "public/receipt.html", {**shown, "fault": "away"}, status=503)
    except NotAReceipt:
        shown["fault"] = "unreadable"
    except NotOurs:
        shown["fault"] = "not_ours"
    return render(request, "public/receipt.html", shown)
