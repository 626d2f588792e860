"""Pages and numbers of a demonstration, out of the written files beside."""

import datetime as dt
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from helpline.content.founding import found
from helpline.content.models import ContactNumber, HomePage, InformationPage, QuestionPage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

PAGES: Final = Path(__file__).parent / "pages"
CHECKED: Final = dt.timedelta(days=12)  # before the demonstration is made, so that none is stale in it
# Slug, whose, way, value, when. Each is what its owner's own page says.
NUMBERS: Final = (
    ("emergency", "Emergency: Police, fire, ambulance", "call", "111", "day and night"),
    ("safe-to-talk-phone", "Safe to talk", "call", "0800 044 334", "day and night"),
    ("safe-to-talk-text", "Safe to talk", "text", "4334", "day and night"),
    ("safe-to-talk-email", "Safe to talk", "email", "support@safetotalk.nz", ""),
    ("1737", "1737, Need to talk?", "call", "1737", "day and night"),
    ("womens-refuge", "Women’s Refuge", "call", "0800 733 843", "day and night"),
    ("healthline", "Healthline", "call", "0800 611 116", "day and night"),
    ("youthline", "Youthline", "call", "0800 376 633", ""),
    ("youthline-text", "Youthline", "text", "234", ""),
    ("whats-up", "What’s Up", "call", "0800 942 8787", ""),
    ("outline", "OUTLine", "call", "0800 688 5463", ""),
)
_INLINE = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|\[(?P<words>[^\]]+)\]\((?P<kind>page|route):(?P<to>[a-z0-9:-]+)\)")
ASKED: Final = "faq-"  # begins the names of questions and answers
AnyPage = InformationPage | QuestionPage
KINDS: Final[tuple[type[AnyPage], ...]] = (InformationPage, QuestionPage)
_LIST = {"- ": "ul", "1. ": "ol"}


@dataclass(frozen=True)
class Written:
    slug: str
    language: Language
    head: dict[str, str]
    body: str


@transaction.atomic
def load(line: Line) -> bool:
    """Published as if two people had looked; whether it was now."""
    found()
    homes = {each.language: each for each in HomePage.objects.filter(line=line)}
    kinds = [kind for kind in KINDS if not kind.objects.child_of(homes[Language.ENGLISH]).exists()]
    if not kinds:
        return False
    _keep_numbers()
    made: dict[tuple[str, str], AnyPage] = {
        (page.slug, each): page
        for each, home in homes.items()
        for kind in KINDS
        for page in kind.objects.child_of(home)
    }
    everything = sorted(_read(kinds), key=lambda each: (each.language != Language.ENGLISH, each.slug))
    for each in everything:
        made[each.slug, each.language] = _add(homes[each.language], each, made.get((each.slug, Language.ENGLISH)))
    for each in everything:
        page = made[each.slug, each.language]
        page.body = blocks_of(
            each, {slug: one.pk for (slug, language), one in made.items() if language == each.language}
        )
        page.save_revision().publish()
    return True


def _keep_numbers() -> None:
    on = timezone.localdate() - CHECKED
    for slug, name, way, value, hours in NUMBERS:
        facts = {"name": name, "way": way, "value": value, "hours": hours, "checked_on": on}
        ContactNumber.objects.get_or_create(slug=slug, defaults=facts)


def _read(kinds: list[type[AnyPage]]) -> list[Written]:
    """Those of these kinds; a database that is older than questions has the other pages already."""
    found = []
    for path in PAGES.glob("*.md"):
        slug, language, _ = path.name.split(".")
        if _kind(slug) in kinds:
            head, body = path.read_text().split("\n\n", 1)
            fields = dict(each.split(":", 1) for each in head.splitlines())
            head_of = {name: value.strip() for name, value in fields.items()}
            found.append(Written(slug, Language(language), head_of, body))
    return found


def _kind(slug: str) -> type[AnyPage]:
    return QuestionPage if slug.startswith(ASKED) else InformationPage


def _add(home: HomePage, written: Written, english: AnyPage | None) -> AnyPage:
    facts = {"title": written.head["title"], "summary": written.head["summary"], "order": int(written.head["order"])}
    if audience := written.head.get("audience"):
        facts["audience"] = audience
    slug = written.slug.removeprefix(ASKED)
    page = _kind(written.slug)(slug=slug, locale=home.locale, live=False, **facts)
    if english is not None:
        page.translation_key = english.translation_key
    home.refresh_from_db()
    home.add_child(instance=page)
    return page


def blocks_of(written: Written, pages: dict[str, int]) -> list[tuple[str, str]]:
    """`## heading`, and between two headings one text of paragraphs and lists."""
    made: list[tuple[str, str]] = []
    for part in written.body.strip().split("\n\n"):
        if part.startswith("## "):
            made.append(("heading", part[3:].strip()))
        elif made and made[-1][0] == "paragraph":
            made[-1] = ("paragraph", made[-1][1] + _html(part, written.language, pages))
        else:
            made.append(("paragraph", _html(part, written.language, pages)))
    return made


def _html(part: str, language: Language, pages: dict[str, int]) -> str:
    def inline(text: str) -> str:
        return _INLINE.sub(lambda one: _marked(one, language, pages), escape(text, quote=False))

    for mark, tag in _LIST.items():
        if part.startswith(mark):
            items = (re.sub(r"^(- |\d+\. )", "", item) for item in part.splitlines())
            return f"<{tag}>{''.join(f'<li>{inline(item)}</li>' for item in items)}</{tag}>"
    return f"<p>{inline(' '.join(part.splitlines()))}</p>"


def _marked(one: re.Match[str], language: Language, pages: dict[str, int]) -> str:
    if one["bold"]:
        return f"<b>{one['bold']}</b>"
    if one["kind"] == "route":
        with translation.override(language):
            return f'<a href="{reverse(one["to"], urlconf=settings.PUBLIC_URLCONF)}">{one["words"]}</a>'
    if one["to"] not in pages:  # not translated yet: as it stands in the other tree, under this language's address
        return f'<a href="{"/mi" if language == Language.TE_REO else ""}/{one["to"]}/">{one["words"]}</a>'
    return f'<a linktype="page" id="{pages[one["to"]]}">{one["words"]}</a>'
