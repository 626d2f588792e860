"""Occupancy: hands there and hands full, noted each minute, of all staff of a line together."""

import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.records.months import month_of
from helpline.routing.actions import set_presence
from helpline.routing.models import HandsOnDuty, Presence
from helpline.routing.occupancy import Occupancy, hands_of, note_hands, occupancy_of
from tests.people import HelpSeeker, take

pytestmark = pytest.mark.django_db


def test_hands_of_whoever_is_there_and_those_that_are_full(line: Line, asha: User, ben: User) -> None:
    for user in (asha, ben):
        set_presence(user, Presence.State.AVAILABLE)
    Presence.objects.update(capacity=3)
    take(asha, HelpSeeker().start(line))
    assert hands_of(line) == (6, 1)
    set_presence(ben, Presence.State.BUSY)
    assert hands_of(line) == (3, 1)
    set_presence(asha, Presence.State.BUSY)
    assert hands_of(line) == (1, 1)


def test_noted_once_a_minute_and_nothing_for_the_time_nobody_looked(line: Line, asha: User) -> None:
    set_presence(asha, Presence.State.AVAILABLE)
    Presence.objects.update(capacity=2)
    take(asha, HelpSeeker().start(line))
    now = timezone.now()
    minute = dt.timedelta(minutes=1)
    assert [note_hands(now), note_hands(now + minute), note_hands(now + minute)] == [0, 1, 0]
    month = month_of(now)
    assert occupancy_of(line, month) == Occupancy(120, 60)
    note_hands(now + 60 * minute)
    found = occupancy_of(line, month)
    assert (found, found.per_cent) == (Occupancy(360, 180), 50)
    assert HandsOnDuty.objects.count() == 1
    assert occupancy_of(line, month.replace(year=2020)).per_cent is None
