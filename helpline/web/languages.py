"""Two languages, and the address alone says which one a page is in (docs/adr/0020).

Nothing is guessed from what a browser asks for: a shared computer and a shared cache must not guess. No cookie either.
Staff, services and editors have doors of their own, and those speak English.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.functional import Promise

ENGLISH, TE_REO = "en", "mi"
NAMES = {ENGLISH: "English", TE_REO: "Te reo Māori"}
# Before the whole address; behind the first part where the live process answers, and in addresses that mails and other
# sites already hold.
_MARK = re.compile(r"/(?:(figures|updates|live)/)?mi(?=/|$)")
_LIVE = "/live/"
SWITCH, TYPED = "switch", "typed"
"""A button of that name asks for its form in the other language. Of this value: what was typed stays, and nothing is
done; else the answer to it was shown, and is shown again (only where asking changes nothing)."""

Handler = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Elsewhere:
    """The page in the other language."""

    code: str
    name: str
    address: str

    @property
    def home(self) -> str:
        return address_in(self.code, "/")


def language_of(path: str) -> str:
    return TE_REO if _MARK.match(path) else ENGLISH


def address_in(language: str, path: str) -> str:
    """The same page in that language."""
    mark = _MARK.match(path)
    bare = path if mark is None else f"/{mark[1] + '/' if mark[1] else ''}{path[mark.end() + 1 :]}"
    if language == ENGLISH:
        return bare
    return f"/live/mi/{bare.removeprefix(_LIVE)}" if bare.startswith(_LIVE) else f"/mi{bare}"


def elsewhere(request: HttpRequest, path: str = "") -> Elsewhere | None:
    """Of this page, or of another path that shows the same. None at a door that speaks one language."""
    return elsewhere_of(path or request.path, language_of(request.path)) if _is_public(request) else None


def elsewhere_of(path: str, language: str) -> Elsewhere:
    code = ENGLISH if language == TE_REO else TE_REO
    return Elsewhere(code, NAMES[code], address_in(code, path))


def untranslated(words: Mapping[str, Promise]) -> list[str]:
    """Which of these sentences are shown in English for want of te reo."""
    if translation.get_language() != TE_REO:
        return []
    shown = {name: str(sentence) for name, sentence in words.items()}
    with translation.override(ENGLISH):
        return [name for name, sentence in words.items() if str(sentence) == shown[name]]


def is_posted(request: HttpRequest) -> bool:
    """Whether somebody sent their form, and did not only ask for it in this address's language (docs/languages.md)."""
    return request.method == "POST" and request.POST.get(SWITCH) != TYPED


def typed(request: HttpRequest, form_class: type[Form]) -> dict[str, object]:
    """What stood in a form when its language was switched: for `initial`, since nothing is to be refused yet."""
    if request.method != "POST":
        return {}
    return {
        name: field.widget.value_from_datadict(request.POST, request.FILES, name)
        for name, field in form_class.base_fields.items()
    }


def language_of_the_address(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.path_info) if _is_public(request) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def _is_public(request: HttpRequest) -> bool:
    return getattr(request, "urlconf", settings.PUBLIC_URLCONF) == settings.PUBLIC_URLCONF
