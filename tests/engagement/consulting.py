"""A draft that is consulted on, and what somebody says to it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from helpline.content.founding import found
from helpline.content.models import ConsultationPage, HomePage
from helpline.engagement import consultations
from helpline.engagement.consultations import Answer, Person, Stand
from helpline.engagement.models import Choice, Submission
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

FIRST, SECOND = UUID(int=1), UUID(int=2)
WAIT, ROOM = UUID(int=11), UUID(int=12)  # proposals, both of the first section
WORDS = "acorn abacus acid aching acre acorn"
OTHERS = "zebra zero zone zoom zips zebra"


def sections(**more: dict[str, Any]) -> list[dict[str, Any]]:
    """`more`: of a section, by `first` and `second`."""
    proposals = [
        {"type": "item", "id": str(WAIT), "value": "Nobody waits longer than two weeks."},
        {"type": "item", "id": str(ROOM), "value": "Each region has a quiet room."},
    ]
    empty = {"text": "", "proposals": [], "said": "", "did": ""}
    first = {**empty, "title": "First contact", "text": "<p>How people find a way in.</p>", "proposals": proposals}
    second = {**empty, "title": "Staying safe", "text": "<p>What happens next.</p>"}
    return [
        {"type": "section", "id": str(FIRST), "value": {**first, **more.get("first", {})}},
        {"type": "section", "id": str(SECOND), "value": {**second, **more.get("second", {})}},
    ]


def a_consultation(line: Line, slug: str = "framework", **fields: Any) -> ConsultationPage:
    """Open for two weeks."""
    found()
    today = timezone.localdate()
    given = {
        "title": "A framework for services",
        "summary": "What every service should do.",
        "opens_on": today - dt.timedelta(days=1),
        "closes_on": today + dt.timedelta(days=13),
        "sections": sections(),
        **fields,
    }
    home = HomePage.objects.get(line=line, tongue=Language.ENGLISH)
    page: ConsultationPage = home.add_child(instance=ConsultationPage(slug=slug, locale=home.locale, **given))
    return page


def in_te_reo(page: ConsultationPage, **fields: Any) -> ConsultationPage:
    home = HomePage.objects.get(line=page.home.line, tongue=Language.TE_REO)
    made = ConsultationPage(
        slug=page.slug,
        locale=home.locale,
        translation_key=page.translation_key,
        opens_on=page.opens_on,
        closes_on=page.closes_on,
        **fields,
    )
    added: ConsultationPage = home.add_child(instance=made)
    return added


def close(page: ConsultationPage, days_ago: int = 1) -> None:
    closed = timezone.localdate() - dt.timedelta(days=days_ago)
    ConsultationPage.objects.filter(pk=page.pk).update(closes_on=closed, opens_on=closed - dt.timedelta(days=20))
    page.refresh_from_db()


def said(
    page: ConsultationPage,
    text: str = "The wait is what matters.",
    words: str = WORDS,
    *,
    is_private: bool = False,
    person: Person | None = None,
    section: UUID = FIRST,
    **stands: tuple[str, str],
) -> Submission:
    """`wait` and `room`: where it stands on these proposals, and why."""
    keys = {"wait": WAIT, "room": ROOM}
    answer = Answer(
        text, is_private, {keys[name]: Stand(Choice(choice), why) for name, (choice, why) in stands.items()}
    )
    return consultations.say(page, section, answer, person or Person(), words)


def form(**more: Any) -> dict[str, Any]:
    """As the page sends it."""
    return {"do": "look", "text": "The wait is what matters.", "who": "everyone", **more}
