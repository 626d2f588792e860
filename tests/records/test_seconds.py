"""Seconds are said of thirty contacts or more, to the nearest five, by channel and by the hour of New Zealand."""

import datetime as dt

import pytest

from helpline.lines.models import Line
from helpline.records.models import ContactRecord
from helpline.records.months import span_of
from helpline.records.seconds import Seconds, seconds_of

pytestmark = pytest.mark.django_db
MONTH = dt.date(2026, 9, 1)


def records(line: Line, number: int, hour: int, channel: str = "webchat", fate: str = "answered") -> None:
    at = span_of(MONTH)[0] + dt.timedelta(days=14, hours=hour)
    ContactRecord.objects.bulk_create(
        ContactRecord(
            line=line, channel=channel, started_hour=at, fate=fate, wait_seconds=each * 7,
            first_reply_seconds=61, handled_seconds=None,
        )
        for each in range(number)
    )  # fmt: skip


def test_seconds_by_channel_and_hour_where_there_are_enough(line: Line) -> None:
    records(line, 30, hour=13)
    records(line, 29, hour=9, channel="sms")
    records(line, 100, hour=9, fate="left_in_queue")  # nobody answered them
    found = seconds_of(line, MONTH)
    assert found.keys() == {"all", "webchat", "13"}
    assert found["webchat"] == found["13"]
    assert found["13"] == {"wait": Seconds(mean=100, median=100, ninetieth=180), "reply": Seconds(60, 60, 60)}
    assert seconds_of(line, dt.date(2026, 10, 1)) == {}
