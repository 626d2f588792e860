"""Telling those who registered what is new for them, and that it is soon: one mail, one commit, as with updates."""

import contextlib
import datetime as dt
import smtplib
from collections.abc import Iterator

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from helpline.content.models import EventPage
from helpline.engagement.event_mails import notice
from helpline.engagement.events import REMINDED_BEFORE, fill, news_of, person_of
from helpline.engagement.models import Registration
from helpline.engagement.sending import MailServerAway

State = Registration.State
# Whoever came in so shortly before has just been told everything.
SINCE = REMINDED_BEFORE + dt.timedelta(days=1)


def tell_registered(port: int = 0) -> int:
    """Seats that are free are given, and every mail that is due goes. How many. Raises MailServerAway."""
    told = 0
    for event in EventPage.objects.live().filter(ends_at__gt=timezone.now(), registrations__isnull=False).distinct():
        fill(event)
        for registration, why in _due(event):
            with _connection() as connection:
                told += _tell(connection, registration, why, port)
    return told


def _due(event: EventPage) -> Iterator[tuple[int, str]]:
    placed = event.registrations.exclude(state=State.ASKED)
    for state in (State.WAITING, State.COMING):
        for each in placed.filter(state=state).exclude(told=news_of(event, state)):
            yield each.pk, "news"
    now = timezone.now()
    if not event.is_called_off and now < event.starts_at <= now + REMINDED_BEFORE:
        soon = placed.filter(state=State.COMING, reminded_at=None, placed_at__lt=event.starts_at - SINCE)
        for each in soon:
            yield each.pk, "reminder"


@transaction.atomic
def _tell(connection: BaseEmailBackend, pk: int, why: str, port: int) -> bool:
    """Whether there was somebody to be told: they may have left, or another run may have them in hand."""
    held = Registration.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    registration = held.filter(pk=pk).exclude(state=State.ASKED).first()
    if registration is None or (why == "reminder" and registration.reminded_at):
        return False
    news = news_of(registration.event, registration.state)
    if why == "news" and registration.told == news:
        return False
    if person := person_of(registration):  # else the server's key is another one now: nobody can be written to
        with contextlib.suppress(smtplib.SMTPRecipientsRefused):  # their mailbox is gone, or full: they are told once
            connection.send_messages([notice(registration, person, why, port)])
    registration.told = news
    if why == "reminder":
        registration.reminded_at = timezone.now()
    registration.save(update_fields=["told", "reminded_at"])
    return True


@contextlib.contextmanager
def _connection() -> Iterator[BaseEmailBackend]:
    """What goes wrong with the connection itself is one fact; no address is in it."""
    try:
        with get_connection() as connection:
            yield connection
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway(type(error).__name__) from None
