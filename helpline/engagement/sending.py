"""Handing updates to the mail server: one mail, one commit. A crash in between loses nothing and starts again there.

Each mailing's row is locked while its mail is handed over, and says so in the same transaction in which it is known
that the mail server has it. So several runs never hand the same mail over, and a lost one's is free at once. Only if
the process dies between the mail server's yes and our commit is a mail handed over again, with the same Message-ID.
"""

import contextlib
import datetime as dt
import smtplib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from helpline.engagement import actions, bounces
from helpline.engagement.mails import mail_of
from helpline.engagement.models import Mailing, Subscriber, Update
from helpline.engagement.queries import readers_of
from helpline.vault.sealing import CannotOpen

PER_CONNECTION = 500  # mail servers end long connections by themselves, and seldom kindly
MADE_AT_ONCE = 2_000  # rows
# A mail server that does not know a sender yet asks to come again (greylisting); a full mailbox may be emptied.
AGAIN_AFTER = tuple(dt.timedelta(minutes=each) for each in (5, 30, 120, 480, 1440))


class MailServerAway(Exception):
    """It did not answer, or went; what waits, waits on."""


@dataclass
class Run:
    """What one run did."""

    handed_over: int = 0
    later: int = 0
    ended: int = 0

    def __add__(self, other: "Run") -> "Run":
        return Run(self.handed_over + other.handed_over, self.later + other.later, self.ended + other.ended)


def send_waiting(per_second: float = 0, connections: int = 1, port: int = 0) -> Run:
    """Everything that is due by now; returns what became of it. Raises MailServerAway.

    `per_second`: on each connection, 0 for as fast as it goes. `port`: of a demonstration, in links.
    """
    actions.forget_lapsed()
    address_ready()
    seconds = 1 / per_second if per_second else 0
    try:
        if connections == 1:
            return _use_up(seconds, port)
        with ThreadPoolExecutor(connections) as threads:
            runs = [threads.submit(_in_its_thread, seconds, port) for _ in range(connections)]
            return sum((each.result() for each in runs), Run())
    finally:
        finish()


def _in_its_thread(seconds: float, port: int) -> Run:
    """With a connection to the database of its own, too."""
    try:
        return _use_up(seconds, port)
    finally:
        database.close()


def _use_up(seconds: float, port: int) -> Run:
    """One connection after the other, until nothing is due that nobody else has in hand."""
    run, may_be_more = Run(), True
    while may_be_more and Mailing.objects.filter(next_at__lte=timezone.now(), handed_at=None).exists():
        with _connection() as connection:
            may_be_more = _use(connection, run, seconds, port)
    return run


def _use(connection: BaseEmailBackend, run: Run, seconds: float, port: int) -> bool:
    """One connection's share; whether there may be more."""
    began = time.monotonic()
    for number in range(PER_CONNECTION):
        if not hand_over_next(connection, run, port):
            return False
        if seconds:
            time.sleep(max(0.0, began + (number + 1) * seconds - time.monotonic()))
    return True


@transaction.atomic
def address_ready() -> None:
    """To whom each update goes, all of them or none: whoever signs up later finds it in the archive."""
    for update in Update.objects.select_for_update(skip_locked=True).filter(state=Update.State.READY):
        now = timezone.now()
        waiting = [
            Mailing(update=update, subscriber_id=each, next_at=now)
            # Locked: whoever ends it in this moment waits, and then nothing of theirs does.
            for each in readers_of(update).select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
        ]
        Mailing.objects.bulk_create(waiting, batch_size=MADE_AT_ONCE)
        update.state, update.addressed = Update.State.SENDING, len(waiting)
        update.save(update_fields=["state", "addressed"])


@transaction.atomic
def finish() -> None:
    """Nothing of it waits any more: how many there were is kept, and no longer who."""
    waiting = Mailing.objects.filter(update=OuterRef("pk"), handed_at=None)
    sending = Update.objects.filter(state=Update.State.SENDING).filter(~Exists(waiting))
    for update in sending.select_for_update(skip_locked=True, of=("self",)):
        update.handed_over, _ = update.mailings.all().delete()
        update.state, update.finished_at = Update.State.SENT, timezone.now()
        update.save(update_fields=["handed_over", "state", "finished_at"])


@transaction.atomic
def hand_over_next(connection: BaseEmailBackend, run: Run, port: int = 0) -> bool:
    """The one that has been due longest and that nobody else has in hand; whether there was one."""
    due = (
        Mailing.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("update__line", "subscriber")
        .filter(next_at__lte=timezone.now(), handed_at=None)
        .order_by("next_at", "pk")
        .first()
    )
    if due is None or due.subscriber is None:  # the database has no mail to nobody
        return False
    try:
        connection.send_messages([mail_of(due, port)])
    except smtplib.SMTPRecipientsRefused as refused:
        [(code, _)] = refused.recipients.values()
        _note_refusal(due, due.subscriber, run, is_final=code in bounces.FINAL_REPLIES)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
        raise
    except smtplib.SMTPException:
        _note_refusal(
            due, due.subscriber, run, is_final=False
        )  # of the mail or of us: nothing against whoever it is for
    except CannotOpen:
        actions.end(due.subscriber)  # the server's key is another one now: nobody can ever write there again
        run.ended += 1
    else:
        Mailing.objects.filter(pk=due.pk).update(handed_at=timezone.now())
        run.handed_over += 1
    return True


def _note_refusal(due: Mailing, subscriber: Subscriber, run: Run, *, is_final: bool) -> None:
    if is_final:
        actions.end(subscriber)
        run.ended += 1
    elif due.attempts < len(AGAIN_AFTER):
        due.next_at, due.attempts = timezone.now() + AGAIN_AFTER[due.attempts], due.attempts + 1
        due.save(update_fields=["next_at", "attempts"])
        run.later += 1
    else:
        due.delete()
        bounces.note_soft(subscriber)
        run.later += 1


@contextlib.contextmanager
def _connection() -> Iterator[BaseEmailBackend]:
    """What goes wrong with the connection itself is one fact; no address is in it."""
    try:
        with get_connection() as connection:
            yield connection
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway(type(error).__name__) from None
