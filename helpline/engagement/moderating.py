"""What staff do with what was said: read it before anybody else does, and write down what hui said."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from helpline.accounts.models import Role, User
from helpline.content.models import ConsultationPage
from helpline.engagement.models import Choice, Comment, HuiCount, HuiNote, Position, Said, Submission

MODERATORS = frozenset({Role.EDITOR, Role.OPERATOR})


class NotAModerator(Exception):
    """Editors and operators read what was said."""


class HuiUnknown(Exception):
    """Somebody threw the note away, or it never was."""


class SaidUnknown(Exception):
    """It was taken back, or never was."""


class Changed(Exception):
    """Its writer changed it or took it back, or a colleague was quicker: read it again."""


@dataclass(frozen=True)
class Show:
    """Of hands, on one proposal."""

    proposal: UUID
    counts: tuple[tuple[Choice, int], ...]


@dataclass(frozen=True)
class Hui:
    """What a hui said to one section."""

    section: UUID
    held_on: dt.date
    place: str
    people: int | None
    text: str
    shows: tuple[Show, ...] = ()


@dataclass(frozen=True)
class Read:
    """What a moderator had before them: said by whoever, in this revision, and standing so."""

    code: str
    revision: int
    state: str


@transaction.atomic
def show(user: User, read: Read) -> None:
    """For everybody, in the wording that was read. Raises NotAModerator and Changed."""
    _require_moderator(user)
    _decide(read, state=Said.State.SHOWN, why="", read_by=user)


@transaction.atomic
def keep_back(user: User, read: Read, why: str) -> None:
    """Its writer reads why, by their six words. Raises NotAModerator and Changed."""
    _require_moderator(user)
    _decide(read, state=Said.State.KEPT_BACK, why=Said.Why(why), read_by=user)


@transaction.atomic
def set_aside(user: User, code: str, *, is_set_aside: bool) -> None:
    """A whole submission that is one of a flood: neither shown nor counted, and how many there are is said.

    Raises NotAModerator and SaidUnknown.
    """
    _require_moderator(user)
    if not Submission.objects.filter(code=code).update(is_set_aside=is_set_aside):
        raise SaidUnknown


def get_hui(page: ConsultationPage, code: str) -> HuiNote:
    """Raises HuiUnknown."""
    found = HuiNote.objects.filter(consultation=page, code=code).first()
    if found is None:
        raise HuiUnknown
    return found


@transaction.atomic
def note_hui(user: User, page: ConsultationPage, hui: Hui) -> HuiNote:
    _require_moderator(user)
    note = HuiNote(consultation=page, written_by=user)
    return _write(note, hui)


@transaction.atomic
def rewrite_hui(user: User, note: HuiNote, hui: Hui) -> None:
    _require_moderator(user)
    note.written_by = user
    _write(note, hui)


@transaction.atomic
def drop_hui(user: User, note: HuiNote) -> None:
    _require_moderator(user)
    HuiNote.objects.filter(pk=note.pk).delete()


def _write(note: HuiNote, hui: Hui) -> HuiNote:
    for name in ("section", "held_on", "place", "people", "text"):
        setattr(note, name, getattr(hui, name))
    note.save()
    note.counts.all().delete()
    HuiCount.objects.bulk_create(
        HuiCount(note=note, proposal=each.proposal, **{str(choice): many for choice, many in each.counts})
        for each in hui.shows
    )
    return note


def _decide(read: Read, **to: object) -> None:
    """Words for whoever wrote the draft alone are never shown, whatever is pressed."""
    found = Q(code=read.code, revision=read.revision, state=read.state, is_private=False) & ~Q(text="")
    if not Comment.objects.filter(found).update(**to) and not Position.objects.filter(found).update(**to):
        raise Changed


def _require_moderator(user: User) -> None:
    if user.role not in MODERATORS or not user.is_active:
        raise NotAModerator
