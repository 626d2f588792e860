"""Writing an update, having it looked at by a second person, and sending it; announcing what announces itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.engagement.models import Update
from helpline.engagement.queries import WRITERS
from helpline.lines.models import Line

State = Update.State
WRITTEN = ("line", "topic", "region", "title", "text", "title_mi", "text_mi")


class NotAWriter(Exception):
    """Editors and supervisors write updates and send them."""


class SamePerson(Exception):
    """Somebody else has a look before it goes out."""


class Changed(Exception):
    """It was changed, sent or thrown away meanwhile: read it again."""


@dataclass(frozen=True)
class Announcement:
    """What announces itself: by what, and in which words."""

    source: str
    topic: str
    title: str
    text: str
    title_mi: str
    text_mi: str


@transaction.atomic
def write(author: User, fields: Mapping[str, object]) -> Update:
    _require_writer(author)
    return Update.objects.create(written_by=author, **{name: fields[name] for name in WRITTEN})


@transaction.atomic
def rewrite(author: User, update: Update, fields: Mapping[str, object]) -> None:
    """A draft, or what waits for a look: it is a draft again, of whoever wrote last. Raises Changed and NotAWriter."""
    _require_writer(author)
    _move(
        update,
        (State.DRAFT, State.WAITING),
        **{name: fields[name] for name in WRITTEN},
        state=State.DRAFT,
        written_by=author,
        revision=F("revision") + 1,
        changed_at=timezone.now(),
    )


@transaction.atomic
def ask_for_a_look(author: User, update: Update) -> None:
    """Raises Changed and NotAWriter."""
    _require_writer(author)
    _move(update, (State.DRAFT,), state=State.WAITING)


@transaction.atomic
def give_back(reader: User, update: Update) -> None:
    """Not like this: it is a draft again. Raises Changed and NotAWriter."""
    _require_writer(reader)
    _move(update, (State.WAITING,), state=State.DRAFT)


@transaction.atomic
def discard(author: User, update: Update) -> None:
    """Raises Changed and NotAWriter."""
    _require_writer(author)
    if not Update.objects.filter(pk=update.pk, state__in=[State.DRAFT, State.WAITING]).delete()[0]:
        raise Changed


@transaction.atomic
def send(reader: User, update: Update, revision: int) -> None:
    """What somebody else wrote, in the wording that was read: it stands on the public site at once, and goes out with
    the next run of `helpline send_updates`. Raises SamePerson, Changed and NotAWriter.
    """
    _require_writer(reader)
    if update.written_by_id == reader.pk:
        raise SamePerson
    _move(
        update,
        (State.WAITING,),
        revision,
        state=State.READY,
        sent_by=reader,
        published_at=timezone.now(),
    )
    audit(AuditEvent.Kind.UPDATE_SENT, reader, line=update.line, detail=update.code)


def announce(line: Line, what: Announcement) -> bool:
    """Once for each source, in the transaction of what is announced: both are there or neither. Whether it was now."""
    _, is_new = Update.objects.get_or_create(
        line=line,
        source=what.source,
        defaults={
            "topic": what.topic,
            "title": what.title,
            "text": what.text,
            "title_mi": what.title_mi,
            "text_mi": what.text_mi,
            "state": State.READY,
            "published_at": timezone.now(),
        },
    )
    return is_new


def _move(update: Update, from_states: tuple[str, ...], read: int | None = None, /, **to: object) -> None:
    """`read`: only in the revision that was read, since its author may have changed it meanwhile."""
    found = Update.objects.filter(pk=update.pk, state__in=from_states)
    if read is not None:
        found = found.filter(revision=read, written_by_id=update.written_by_id)
    if not found.update(**to):
        raise Changed
    update.refresh_from_db()


def _require_writer(user: User) -> None:
    if user.role not in WRITERS or not user.is_active:
        raise NotAWriter
