"""What the public reads of what editors write: only what is published, of the line that is asked, in a language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.query import PageQuerySet

from helpline.content.models import HomePage, InformationPage, PublicPage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.web.languages import address_in


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


@dataclass(frozen=True)
class Moved:
    """Where a page is now."""

    address: str
    is_for_good: bool


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


def moved_to(line: Line, language: str, path: str) -> Moved | None:
    """By Wagtail's redirects: to a published page of this line, and to nothing else, since nobody else looked at it.

    One of an English address leads from the address in te reo too. None while the database is away.
    """
    tried = [Redirect.normalise_path(each) for each in dict.fromkeys((path, address_in(Language.ENGLISH, path)))]
    try:
        found = {each.old_path: each for each in Redirect.objects.filter(old_path__in=tried)}
        moved = next((found[each] for each in tried if each in found), Redirect())
        page = _published_page(line, moved.redirect_page_id)
    except (OperationalError, InterfaceError):
        return None
    return Moved(page.address_in(language), moved.is_permanent) if page else None


def _published_page(line: Line, pk: int | None) -> PublicPage | None:
    found = Page.objects.live().filter(pk=pk).first() if pk else None
    page = found.specific if found else None
    if not isinstance(page, PublicPage) or page.home.line != line:
        return None
    return None if page.get_ancestors().filter(live=False).exists() else page


def published_of(line: Line) -> list[dict[str, str]]:
    """Where the line's information pages are, by the languages that they are written in, in the order of the tree."""
    trees = Q()
    for home in HomePage.objects.live().filter(line=line):
        trees |= Q(path__startswith=home.path)
    hidden = [each.path for each in Page.objects.filter(trees, live=False)] if trees else []
    places: dict[str, dict[str, str]] = {}
    for page in _readable().filter(trees).order_by("path") if trees else ():
        if not any(page.path.startswith(path) for path in hidden):
            places.setdefault(str(page.translation_key), {})[page.language] = page.address_in(page.language)
    return list(places.values())


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
