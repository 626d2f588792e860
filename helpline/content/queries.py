"""What the public reads of what editors write: only what is published, of the line that is asked, in a language."""

from wagtail.models import Page

from helpline.content.models import HomePage, PublicPage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line


class PageUnknown(Exception):
    """There is no such page, or it is not published."""


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
