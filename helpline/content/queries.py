"""What the public reads of what editors write: only what is published, of the line that is asked, in a language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from wagtail.models import Page
from wagtail.query import PageQuerySet

from helpline.content.models import HomePage, InformationPage, PublicPage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line


class PageUnknown(Exception):
    """There is no such page, or it is not published."""


@dataclass(frozen=True)
class Onward:
    """A page as others point to it."""

    title: str
    summary: str
    address: str
    language: str
    """Of its words, which may be English at an address in te reo."""


def get_page(line: Line, language: str, path: str) -> PublicPage:
    """The page at a path below the line's first page: "" or "confidentiality/".

    What is not there in te reo is given in English, and says so (`PublicPage.shown`). Raises PageUnknown.
    """
    for each in (language, Language.ENGLISH):
        if found := _published(line, each, path):
            return found
    raise PageUnknown


def _published(line: Line, language: str, path: str) -> PublicPage | None:
    home = HomePage.objects.live().filter(line=line, tongue=language).first()
    if home is None or not path:
        return home
    found = Page.objects.live().filter(url_path=f"{home.url_path}{path}", alias_of=None).first()
    # A page below one that is not published is not published either.
    if found is None or found.get_ancestors().filter(live=False).exists():
        return None
    return found.specific


def onward_to(line: Line, language: str, slugs: Iterable[str]) -> list[Onward]:
    """Those of the line's main pages with these names that are published, in the order of the names.

    None while the database is away: what points to them is shown without them, since it has the phone number on it.
    """
    try:
        return _onward_to(line, language, list(slugs))
    except (OperationalError, InterfaceError):
        return []


def _onward_to(line: Line, language: str, slugs: list[str]) -> list[Onward]:
    homes = {home.tongue: home.url_path for home in HomePage.objects.live().filter(line=line)}
    paths = [f"{root}{slug}/" for root in homes.values() for slug in slugs]
    found = {page.url_path: page for page in _readable().filter(url_path__in=paths)}
    pages = (_first(found, [f"{homes[each]}{slug}/" for each in _tongues(language) if each in homes]) for slug in slugs)
    return [_onward(page, language) for page in pages if page]


def beside(page: PublicPage, asked: str, most: int = 4) -> list[Onward]:
    """Pages to go on to: those that come after it among the ones beside it, then from the first again."""
    others = list(_readable().sibling_of(page, inclusive=False).order_by("order", "title"))
    after = [each for each in others if (each.order, each.title) > (page.order, page.title)]
    before = others[: len(others) - len(after)]
    return [_onward(each, asked) for each in (*after, *before)[:most]]


def _readable() -> "PageQuerySet[InformationPage]":
    return InformationPage.objects.live().filter(alias_of=None).select_related("locale")


def _tongues(language: str) -> list[str]:
    return list(dict.fromkeys((language, Language.ENGLISH)))


def _first(found: dict[str, InformationPage], paths: list[str]) -> InformationPage | None:
    return next((found[path] for path in paths if path in found), None)


def _onward(page: InformationPage, asked: str) -> Onward:
    return Onward(page.title, page.summary, page.address_in(asked), page.language)
