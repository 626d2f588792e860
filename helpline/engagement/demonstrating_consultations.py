"""What invented people say to the drafts of a demonstration: some of it waits to be read, some was said at a hui."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.content.consultations import Section, in_language
from helpline.content.demonstration import drafts
from helpline.content.models import ConsultationPage
from helpline.engagement import consultations, moderating
from helpline.engagement.consultations import Answer, Person, Stand
from helpline.engagement.models import Choice, Comment, Position, Submission
from helpline.engagement.moderating import Hui, Read, Show
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

A, S, D, B = Choice.AGREE, Choice.ABSTAIN, Choice.DISAGREE, Choice.BLOCK


NOBODY = Person()


@dataclass(frozen=True)
class Voice:
    """To which section (from 0), in which words; where they stand on its proposal."""

    section: int
    text: str = ""
    choice: Choice | None = None
    why: str = ""
    person: Person = NOBODY
    is_private: bool = False
    is_read: bool = True


TRUST = Person("Mereana Pōtiki", "Kōwhai House (invented)", is_shown=True)
OPEN_VOICES = (
    Voice(
        0, "Two working days is right for the city. With us the road closes: say “hears”, not “is seen”.", A, "", TRUST
    ),
    Voice(0, "", A, "Two weeks is long when you do not sleep, but it is a promise that can be kept."),
    Voice(0, "", D, "We are three people. We would have to turn others away to keep this."),
    Voice(0, "Please add that a support person may come along, and need not give a name.", A),
    Voice(1, "Say who decides whether a service is kaupapa Māori. It should not be us.", S),
    Voice(1, "", A, "Late, and right."),
    Voice(1, "", B, "“Before any other” would close our only refuge for a year. Say “together with”."),
    Voice(2, "Other rooms is not enough in a small town: people see whose car stands where. Other days, too.", None),
    Voice(3, "We would like to see the figures before they are out.", D, is_private=True),
    Voice(3, "Please say who looks at complaints about a service.", A, is_read=False),
    Voice(0, "Will there be money for the phone line in the evenings?", None, is_read=False),
)
CLOSED_VOICES = (
    Voice(0, "People come when the shop is shut. Evenings, please.", A),
    Voice(0, "", D, "Not two. We are four, and two of us have small children."),
    Voice(0, "", A),
    Voice(1, "Rather more people on the phone than a door that is open for three hours."),
)


@dataclass(frozen=True)
class Held:
    """A hui: its hands on the first proposal, in the order of choices."""

    place: str
    people: int
    hands: tuple[int, int, int, int]
    text: str


OPEN_HUI = Held(
    "Ōtautahi",
    22,
    (12, 4, 5, 1),
    "Most were for two weeks, if the count begins with the first call and not with a form.\n\nSmall services asked "
    "what happens to them when they cannot keep it. Nobody wanted a penalty; several wanted help from next door.",
)
CLOSED_HUI = Held(
    "Kirikiriroa",
    17,
    (11, 2, 4, 0),
    "Evenings matter to people who work. Somebody asked who drives home at night from a valley without buses.",
)


@transaction.atomic
def load(line: Line, moderator: User) -> bool:
    """For a database without consultations; whether it was."""
    today = timezone.localdate()
    pages = drafts.load(line, today)
    if not pages:
        return False
    opened, closed = pages[drafts.OPEN], pages[drafts.CLOSED]
    _say(opened, OPEN_VOICES, moderator)
    ends_on = closed.closes_on
    _move_end(closed, today)  # nothing is said to one that is closed
    _say(closed, CLOSED_VOICES, moderator)
    _move_end(closed, ends_on)
    _hold(opened, moderator, today - dt.timedelta(days=3), OPEN_HUI)
    _hold(closed, moderator, today - dt.timedelta(days=100), CLOSED_HUI)
    return True


def _move_end(page: ConsultationPage, day: dt.date) -> None:
    ConsultationPage.objects.filter(pk=page.pk).update(closes_on=day)
    page.refresh_from_db()


def _say(page: ConsultationPage, voices: tuple[Voice, ...], moderator: User) -> None:
    sections = in_language(page, Language.ENGLISH).sections
    said_on = page.opens_on + dt.timedelta(days=2)
    for voice in voices:
        section = sections[voice.section]
        answer = Answer(voice.text, voice.is_private, _stands(voice, section))
        submission = consultations.say(page, section.key, answer, voice.person, consultations.new_words())
        Submission.objects.filter(pk=submission.pk).update(given_on=said_on)
        Comment.objects.filter(submission=submission).update(said_on=said_on)
        Position.objects.filter(submission=submission).update(said_on=said_on)
        if voice.is_read and not voice.is_private:
            for said in (*submission.comments.all(), *submission.positions.exclude(text="")):
                moderating.show(moderator, Read(said.code, said.revision, said.state))


def _stands(voice: Voice, section: Section) -> dict[UUID, Stand]:
    if voice.choice is None:
        return {}
    return {section.proposals[0].key: Stand(voice.choice, voice.why)}


def _hold(page: ConsultationPage, moderator: User, day: dt.date, held: Held) -> None:
    section = in_language(page, Language.ENGLISH).sections[0]
    show = Show(section.proposals[0].key, tuple(zip(Choice, held.hands, strict=True)))
    moderating.note_hui(moderator, page, Hui(section.key, day, held.place, held.people, held.text, (show,)))
