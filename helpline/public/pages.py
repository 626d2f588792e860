"""The pages that editors write, at the public door."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.common import no_append_slash
from django.views.decorators.http import require_safe

from helpline.content.queries import PageUnknown, get_page
from helpline.lines.bilingual import Language
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.web.shared import same_for_everybody


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
