"""By when a mail is promised an answer, and what happens as that nears."""

import datetime as dt

import pytest

from helpline.accounts.models import User
from helpline.channels.models import Carrier
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.routing.actions import return_lost
from helpline.routing.models import Promise, QueueEntry, Urgency
from helpline.routing.nearing import raise_nearing
from helpline.routing.router import LOST
from tests.channels.email.mailing import a_mail, comes, sent_by
from tests.people import HelpSeeker, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(arriving: Carrier) -> QueueEntry:
    comes(arriving, a_mail())
    return QueueEntry.objects.get()


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


def test_a_mail_becomes_urgent_as_its_day_ends(entry: QueueEntry) -> None:
    due = entry.due_at
    assert due - entry.entered_at == hours(24)
    for after, urgency in (
        (17.9, Urgency.CAN_WAIT),
        (18.1, Urgency.NORMAL),
        (21.9, Urgency.NORMAL),
        (22.1, Urgency.URGENT),
    ):
        raise_nearing(entry.entered_at + hours(after))
        entry.refresh_from_db()
        assert (entry.urgency, entry.due_at) == (urgency, due)


def test_a_line_may_promise_less(line: Line, arriving: Carrier, sending: Carrier) -> None:
    for urgency in (Urgency.CAN_WAIT, Urgency.NORMAL):
        Promise.objects.create(line=line, urgency=urgency, channel="email", seconds=4 * 3600)
    comes(arriving, a_mail())
    [(_, mail, _)] = sent_by(sending)
    assert "within 4 hours" in mail.get_content()
    entry = QueueEntry.objects.get()
    assert raise_nearing(entry.entered_at + hours(3.1)) == 1
    entry.refresh_from_db()
    assert entry.urgency == Urgency.NORMAL


def test_what_is_held_in_danger_or_no_mail_stays_as_it_is(entry: QueueEntry, line: Line, asha: User) -> None:
    HelpSeeker().start(line)
    QueueEntry.objects.filter(pk=entry.pk).update(urgency=Urgency.DANGER)
    assert raise_nearing(entry.due_at) == 0
    QueueEntry.objects.filter(pk=entry.pk).update(urgency=Urgency.CAN_WAIT)
    take(asha, entry.conversation)
    assert raise_nearing(entry.due_at) == 0


def test_nothing_is_mailed_when_a_desk_has_gone(entry: QueueEntry, sending: Carrier, asha: User) -> None:
    """On the web the person sees that nobody is there; whoever has written a mail has gone long ago."""
    sent_by(sending)
    conversation = Conversation.objects.get()
    take(asha, conversation)
    sent_by(sending)
    return_lost(conversation, asha, LOST)
    entry.refresh_from_db()
    assert entry.state == QueueEntry.State.WAITING
    assert sent_by(sending) == []
