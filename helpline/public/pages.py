"""The pages that editors write, at the public door."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.translation import get_language
from django.views.decorators.common import no_append_slash
from django.views.decorators.http import require_safe

from helpline.content.queries import PageUnknown, get_page, moved_to
from helpline.lines.bilingual import Language
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.web.shared import same_for_everybody
from helpline.web.views import page_not_found


class PagePath:
    """Of a page below the first: `confidentiality`, `help/who-can-help`."""

    regex = "[a-z0-9-]+(?:/[a-z0-9-]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@no_append_slash  # or every unknown address would first be sent to itself with a slash
@same_for_everybody
@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    """In the language of the address, or in English with a mark that says so."""
    language = get_language() or Language.ENGLISH
    try:
        return get_page(line_for_host(request.get_host()), language, f"{path}/").answer(request, language)
    except (LineUnknown, PageUnknown):
        raise Http404 from None


def moved_or_missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Of an address that is nobody's: where an editor said that its page is now."""
    try:
        moved = moved_to(line_for_host(request.get_host()), get_language() or Language.ENGLISH, request.path)
    except LineUnknown:
        moved = None
    if moved is None:
        return page_not_found(request, exception)
    return (HttpResponsePermanentRedirect if moved.is_for_good else HttpResponseRedirect)(moved.address)
