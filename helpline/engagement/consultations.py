"""Saying something to a draft, changing it, taking it back; and when what is known of its sender ends."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from helpline.content.consultations import is_open, section_of
from helpline.content.models import ConsultationPage
from helpline.engagement.models import Choice, Comment, Position, Said, Submission
from helpline.vault import sealing, tombstones
from helpline.vault.codes import hash_capability
from helpline.vault.kept import SUBMISSIONS
from helpline.vault.words import draw_words, normalise

WORDS = 6  # 77 bits: a fast hash is enough, and nobody finds them by trying
KEPT_DAYS = 180  # by then the host has answered, and has asked back whoever wanted to be asked


class Closed(Exception):
    """It is not open: not yet, or not any more."""


class SubmissionUnknown(Exception):
    """No submission has these words: they were mistyped, or it was taken back. Nobody is told which."""


class NothingSaid(Exception):
    """No word, and no position."""


@dataclass(frozen=True)
class Stand:
    choice: Choice
    text: str = ""


@dataclass(frozen=True)
class Answer:
    """What somebody says to one section: `stands` by proposal."""

    text: str
    is_private: bool
    stands: Mapping[UUID, Stand]

    @property
    def says_something(self) -> bool:
        return bool(self.text or self.stands)


@dataclass(frozen=True)
class Person:
    """Who it is, as far as they say."""

    name: str = ""
    organization: str = ""
    email: str = ""
    is_shown: bool = False

    @property
    def shown_as(self) -> str:
        return ", ".join(filter(None, (self.name, self.organization))) if self.is_shown else ""


def new_words() -> str:
    """For a page that is about to send: the same words twice are the same submission, so that nothing doubles."""
    return draw_words(WORDS)


@transaction.atomic
def say(page: ConsultationPage, section: UUID, answer: Answer, person: Person, words: str) -> Submission:
    """Said the first time, or said anew. Words that are shown already and stay as they are remain shown.

    Raises Closed, NothingSaid, SubmissionUnknown for what are no six words, and KeyStoreUnavailable.
    """
    _require_open(page)
    found = section_of(page, section)
    keys = {each.key for each in found.proposals}
    if not answer.text and not keys & answer.stands.keys():
        raise NothingSaid
    submission, _ = Submission.objects.select_for_update().get_or_create(consultation=page, words_hash=_hash(words))
    _keep_person(submission, person)
    _keep_comment(submission, section, answer)
    for proposal in found.proposals:
        _keep_position(submission, section, proposal.key, answer)
    return submission


def get_submission(page: ConsultationPage, words: str) -> Submission:
    """Raises SubmissionUnknown."""
    found = Submission.objects.filter(consultation=page, words_hash=_hash(words)).first()
    if found is None:
        raise SubmissionUnknown
    return found


def answer_of(submission: Submission, section: UUID) -> Answer:
    """What it said to this section."""
    comment = submission.comments.filter(section=section).first()
    positions = list(submission.positions.filter(section=section))
    said: list[Said] = [*([comment] if comment else []), *positions]
    stands = {each.proposal: Stand(Choice(each.choice), each.text) for each in positions}
    return Answer(comment.text if comment else "", any(each.is_private for each in said), stands)


def sections_of(submission: Submission) -> set[UUID]:
    """To which it says something."""
    found = submission.comments.values_list("section").union(submission.positions.values_list("section"))
    return {section for (section,) in found}


def person_of(submission: Submission) -> Person:
    """As far as it is known still. Raises KeyStoreUnavailable."""
    if submission.sealed is None:
        return Person()
    try:
        return Person(**json.loads(SUBMISSIONS.open(bytes(submission.sealed), submission.code)))
    except sealing.CannotOpen:  # the server's key is another one now
        return Person()


@transaction.atomic
def take_back(page: ConsultationPage, submission: Submission, section: UUID) -> bool:
    """What it said to this section; with the last one, all that is known of its sender. Whether anything is left.

    Raises Closed.
    """
    _require_open(page)
    held = list(Submission.objects.select_for_update().filter(pk=submission.pk))
    for said in (*submission.comments.filter(section=section), *submission.positions.filter(section=section)):
        _end(said)
    is_empty = not submission.comments.exists() and not submission.positions.exists()
    if held and is_empty:
        tombstones.bury(submission.code)
        submission.delete()
    return not is_empty


@transaction.atomic
def become_nameless(submission: Submission) -> None:
    """At any time, long after it closed too: name and address go, and the words stay."""
    tombstones.bury(f"{submission.code}/name")
    Submission.objects.filter(pk=submission.pk).update(sealed=None, shown_as="")


@transaction.atomic
def forget_people(today: dt.date) -> int:
    """Half a year after a consultation closed: who sent what, and words that are not shown. How many submissions."""
    over = Q(consultation__closes_on__lt=today - dt.timedelta(days=KEPT_DAYS))
    unseen = Q(submission__in=Submission.objects.filter(over)) & ~Q(state=Said.State.SHOWN)
    Comment.objects.filter(unseen).delete()
    Position.objects.filter(unseen).exclude(text="").update(text="", state=Said.State.WAITING, why="")
    return Submission.objects.filter(over, sealed__isnull=False).update(sealed=None)


@transaction.atomic
def settle_restored() -> None:
    """After a restore: what was taken back is gone again, and so are names. Raises KeyStoreUnavailable."""
    submissions = list(Submission.objects.values_list("code", flat=True))
    ended = set(tombstones.buried([*submissions, *(f"{code}/name" for code in submissions)]))
    Submission.objects.filter(code__in=ended).delete()
    nameless = [code for code in submissions if f"{code}/name" in ended]
    Submission.objects.filter(code__in=nameless).update(sealed=None, shown_as="")
    for said in (Comment.objects, Position.objects):
        said.filter(code__in=tombstones.buried(said.values_list("code", flat=True))).delete()
    forget_people(timezone.localdate())


def _require_open(page: ConsultationPage) -> None:
    if not is_open(page, timezone.localdate()):
        raise Closed


def _keep_person(submission: Submission, person: Person) -> None:
    known = asdict(person)
    submission.sealed = None
    if any(known.values()):
        submission.sealed = SUBMISSIONS.seal(json.dumps(known, ensure_ascii=False), submission.code)
    submission.shown_as = person.shown_as
    submission.save(update_fields=["sealed", "shown_as"])


def _keep_comment(submission: Submission, section: UUID, answer: Answer) -> None:
    held = submission.comments.select_for_update().filter(section=section).first()
    if answer.text:
        said = held or Comment(submission=submission, section=section)
        _keep(said, answer, answer.text, is_same=held is not None and held.text == answer.text)
    elif held:
        _end(held)


def _keep_position(submission: Submission, section: UUID, proposal: UUID, answer: Answer) -> None:
    held = submission.positions.select_for_update().filter(proposal=proposal).first()
    stand = answer.stands.get(proposal)
    if stand:
        said = held or Position(submission=submission, section=section, proposal=proposal)
        is_same = held is not None and (held.choice, held.text) == (stand.choice, stand.text)
        said.choice = stand.choice
        _keep(said, answer, stand.text, is_same=is_same)
    elif held:
        _end(held)


def _keep(said: Said, answer: Answer, text: str, *, is_same: bool) -> None:
    """What is as it was stays as it is; all else waits to be read."""
    if is_same and said.is_private == answer.is_private:
        return
    said.text, said.is_private = text, answer.is_private
    said.state, said.why, said.read_by = Said.State.WAITING, "", None
    said.revision = said.revision + 1 if said.pk else 1
    said.save()


def _end(said: Said) -> None:
    tombstones.bury(said.code)  # the restore of an old backup must not bring it back
    said.delete()


def _hash(words: str) -> bytes:
    """Raises SubmissionUnknown for what are no six words."""
    plain = normalise(words)
    if len(plain.split()) != WORDS:
        raise SubmissionUnknown
    return hash_capability(plain.encode())
