"""Two drafts that the sector was asked about, all invented: one is open, one has closed and been answered."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from helpline.content.models import ConsultationPage, HomePage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

OPEN, CLOSED = "service-framework", "opening-hours-of-services"
DAYS = 28


@dataclass(frozen=True)
class Part:
    """A section; `mi`: its title in te reo Māori, which awaits a native speaker's review."""

    title: str
    mi: str
    text: str
    proposals: tuple[str, ...] = ()
    said: str = ""
    did: str = ""


@dataclass(frozen=True)
class Draft:
    slug: str
    title: str
    summary: str
    title_mi: str
    summary_mi: str
    parts: tuple[Part, ...]
    outcome: str = ""
    outcome_mi: str = ""
    keys: list[uuid.UUID] = field(default_factory=list)


FRAMEWORK = Draft(
    OPEN,
    "What every service should do: a draft framework",
    "How services for people affected by sexual harm work together, and what each person can count on. Tell us where "
    "it is right, and where it is not.",
    "Ngā mahi mā ia ratonga: he tauira anga",
    "Me pēhea te mahi tahi a ngā ratonga, ā, he aha ngā mea ka taea e te tangata te whakawhirinaki.",
    (
        Part(
            "First contact",
            "Te pānga tuatahi",
            "<p>Whoever gets in touch is believed, and hears within two working days when they can be seen. They tell "
            "what happened once, not again at each door.</p><ul><li>Every service says how to reach it by phone, text "
            "and e-mail.</li><li>Nobody needs a referral to ask.</li></ul>",
            ("Nobody waits longer than two weeks for a first meeting.",),
        ),
        Part(
            "Kaupapa Māori",
            "Kaupapa Māori",
            "<p>Whoever wants a kaupapa Māori service is offered one, wherever they live. Services that are not "
            "kaupapa Māori say what they do to be safe for whānau, and who taught them.</p>",
            ("Each region funds a kaupapa Māori service before any other is extended.",),
        ),
        Part(
            "People who have harmed",
            "Te hunga kua tūkino",
            "<p>Somebody who worries about what they think or do finds help before anybody is hurt. That help stands "
            "apart from services for people who were harmed: other rooms, other days.</p>",
        ),
        Part(
            "How we know that it works",
            "Me pēhea tātou e mōhio ai",
            "<p>Services count how long people wait, and ask them once whether it helped. They count nothing that "
            "could tell who somebody is.</p>",
            ("Every service publishes how long people wait, each quarter.",),
        ),
    ),
)
HOURS = Draft(
    CLOSED,
    "When services are open",
    "Should services be open in the evening and at weekends? What you said, and what we did.",
    "Ngā hāora tuwhera o ngā ratonga",
    "Me tuwhera ngā ratonga i te ahiahi, i ngā rā whakatā hoki? Ko ngā kōrero i tukuna mai, me ngā mahi i puta.",
    (
        Part(
            "Evenings",
            "Ngā ahiahi",
            "<p>Each region has a service that is open until 8 pm on two days of the week.</p>",
            ("Two evenings a week, in each region.",),
            "<p>Most of you want evenings. Small services said that two are more than they can staff.</p>",
            "<p>One evening a week from July, two where a region has more than one service. Small services share a "
            "rota, and are paid for it.</p>",
        ),
        Part(
            "Weekends",
            "Ngā rā whakatā",
            "<p>Saturday mornings, by phone first.</p>",
            (),
            "<p>You were of two minds. Some asked for a person to see, others would rather have longer hours on the "
            "phone.</p>",
            "<p>We did not open on Saturdays. The phone line has more people on at weekends instead; we look at it "
            "again in a year.</p>",
        ),
    ),
    "<p>Evenings come, weekends do not yet. Nineteen submissions and two hui: thank you. Each section says what we "
    "heard, and what we did with it.</p>",
    "<p>Ka tuwhera i ngā ahiahi; kāore anō i ngā rā whakatā. Ngā mihi ki a koutou.</p>",
)


def load(line: Line, today: dt.date) -> dict[str, ConsultationPage]:
    """Both, in English with titles in te reo, where they are missing; by slug. Its first pages are there already."""
    if ConsultationPage.objects.exists():
        return {}
    opened = _make(line, FRAMEWORK, today - dt.timedelta(days=10))
    return {OPEN: opened, CLOSED: _make(line, HOURS, today - dt.timedelta(days=120))}


def _make(line: Line, draft: Draft, opens_on: dt.date) -> ConsultationPage:
    # The same in every demonstration, so that addresses of one lead to the same section in another.
    keys = {part.title: str(uuid.uuid5(uuid.NAMESPACE_URL, f"{draft.slug}/{part.title}")) for part in draft.parts}
    days = {"opens_on": opens_on, "closes_on": opens_on + dt.timedelta(days=DAYS), "slug": draft.slug}
    english = ConsultationPage(
        title=draft.title,
        summary=draft.summary,
        outcome=draft.outcome,
        sections=[_section(keys[part.title], part) for part in draft.parts],
        **days,
    )
    _publish(line, Language.ENGLISH, english)
    te_reo = ConsultationPage(
        title=draft.title_mi,
        summary=draft.summary_mi,
        outcome=draft.outcome_mi,
        sections=[_section(keys[part.title], Part(part.mi, "", "")) for part in draft.parts],
        translation_key=english.translation_key,
        **days,
    )
    _publish(line, Language.TE_REO, te_reo)
    return english


def _publish(line: Line, language: Language, page: ConsultationPage) -> None:
    home = HomePage.objects.get(line=line, tongue=language)
    page.locale = home.locale
    home.add_child(instance=page)
    page.save_revision().publish()


def _section(key: str, part: Part) -> dict[str, Any]:
    proposals = [
        {"type": "item", "id": str(uuid.uuid5(uuid.UUID(key), text)), "value": text} for text in part.proposals
    ]
    words = {"title": part.title, "text": part.text, "said": part.said, "did": part.did}
    return {"type": "section", "id": key, "value": {**words, "proposals": proposals}}
