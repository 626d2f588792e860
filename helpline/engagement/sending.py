"""Handing updates to the mail server: one mail, one commit. A crash in between loses nothing and starts again there.

Each mailing's row is locked while its mail is handed over, and is gone in the same transaction in which it is known
that the mail server has it. So several runs never hand the same mail over, and a lost one's is free at once. Only if
the process dies between the mail server's yes and our commit is one mail handed over again, with the same Message-ID.
"""

import contextlib
import datetime as dt
import smtplib
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from helpline.engagement import actions, bounces
from helpline.engagement.mails import mail_of
from helpline.engagement.models import Mailing, Update
from helpline.engagement.queries import readers_of
from helpline.vault.sealing import CannotOpen

PER_CONNECTION = 500  # mail servers end long connections by themselves, and seldom kindly
MADE_AT_ONCE = 2_000  # rows
# A mail server that does not know a sender yet asks to come again (greylisting); a full mailbox may be emptied.
AGAIN_AFTER = tuple(dt.timedelta(minutes=each) for each in (5, 30, 120, 480, 1440))
OUR_OWN = range(550, 560)  # of a whole mail: what they say of what we wrote, or of who we are


class MailServerAway(Exception):
    """It did not answer, or went; what waits, waits on."""


@dataclass
class Run:
    """What one run did."""

    handed_over: int = 0
    later: int = 0
    ended: int = 0


def send_waiting(per_second: float = 0, port: int = 0) -> Run:
    """Everything that is due by now; returns what became of it. Raises MailServerAway.

    `per_second`: on this one connection, 0 for as fast as it goes. `port`: of a demonstration, in links.
    """
    run = Run()
    actions.forget_lapsed()
    address_ready()
    try:
        while Mailing.objects.filter(next_at__lte=timezone.now()).exists():
            with _connection() as connection:
                if not _use(connection, run, 1 / per_second if per_second else 0, port):
                    break
    finally:
        finish()
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
            for each in readers_of(update).order_by("pk").values_list("pk", flat=True)
        ]
        Mailing.objects.bulk_create(waiting, batch_size=MADE_AT_ONCE)
        update.state, update.addressed = Update.State.SENDING, len(waiting)
        update.save(update_fields=["state", "addressed"])


def finish() -> None:
    """Nothing of it waits any more."""
    done = Update.objects.filter(state=Update.State.SENDING, mailings=None)
    Update.objects.filter(pk__in=done.values("pk")).update(state=Update.State.SENT, finished_at=timezone.now())


@transaction.atomic
def hand_over_next(connection: BaseEmailBackend, run: Run, port: int = 0) -> bool:
    """The one that has been due longest and that nobody else has in hand; whether there was one."""
    due = (
        Mailing.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("update__line", "subscriber")
        .filter(next_at__lte=timezone.now())
        .order_by("next_at", "pk")
        .first()
    )
    if due is None:
        return False
    try:
        connection.send_messages([mail_of(due, port)])
    except smtplib.SMTPRecipientsRefused as refused:
        [(code, _)] = refused.recipients.values()
        _note_refusal(due, run, is_final=code in bounces.FINAL_REPLIES)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
        raise
    except smtplib.SMTPException:
        _note_refusal(due, run, is_final=False)  # of the mail or of us: nothing against whoever it is for
    except CannotOpen:
        actions.end(due.subscriber)  # the server's key is another one now: nobody can ever write there again
        run.ended += 1
    else:
        due.delete()
        Update.objects.filter(pk=due.update_id).update(handed_over=F("handed_over") + 1)
        run.handed_over += 1
    return True


def _note_refusal(due: Mailing, run: Run, *, is_final: bool) -> None:
    if is_final:
        actions.end(due.subscriber)
        run.ended += 1
    elif due.attempts < len(AGAIN_AFTER):
        due.next_at, due.attempts = timezone.now() + AGAIN_AFTER[due.attempts], due.attempts + 1
        due.save(update_fields=["next_at", "attempts"])
        run.later += 1
    else:
        due.delete()
        bounces.note_soft(due.subscriber)
        run.later += 1


@contextlib.contextmanager
def _connection() -> Iterator[BaseEmailBackend]:
    """What goes wrong with the connection itself is one fact; no address is in it."""
    try:
        with get_connection() as connection:
            yield connection
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway(type(error).__name__) from None
