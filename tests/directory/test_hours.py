"""When a service is open, out of its schedules."""

from datetime import datetime
from typing import Any

import pytest

from helpline.directory.hours import HERE, Hours, at, hours_of, is_open, states
from helpline.directory.index import week_of


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


def schedule(byday: str | None, opens: str | None, closes: str | None, **said: Any) -> Hours | None:
    rest = dict.fromkeys(["freq", "valid_from", "valid_to", "dtstart", "until"])
    return hours_of({**rest, "freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes, **said})


def known(*given: Any, **said: Any) -> tuple[Hours, ...]:
    found = schedule(*given, **said)
    assert found
    return (found,)


WEEKDAYS = known("MO,TU,WE,TH,FR", "09:00", "17:00:00+13:00")


@pytest.mark.parametrize(
    ("when", "is_so"),
    [
        ("2026-11-26T09:00", True),  # a Thursday
        ("2026-11-26T16:59", True),
        ("2026-11-26T17:00", False),
        ("2026-11-26T08:59", False),
        ("2026-11-28T12:00", False),
    ],
)
def test_open_from_the_first_minute_to_the_last(when: str, is_so: bool) -> None:
    assert is_open(WEEKDAYS, here(when)) is is_so
    assert at(WEEKDAYS, here(when)).is_open is is_so


def test_when_it_closes_and_opens_again() -> None:
    assert at(WEEKDAYS, here("2026-11-26T12:00")).closes_at == here("2026-11-26T17:00")
    assert at(WEEKDAYS, here("2026-11-27T18:00")).opens_at == here("2026-11-30T09:00")


def test_past_midnight() -> None:
    nights = known("FR", "20:00", "02:00")
    assert is_open(nights, here("2026-11-28T01:59"))
    assert not is_open(nights, here("2026-11-28T02:00"))
    assert at(nights, here("2026-11-27T21:00")).closes_at == here("2026-11-28T02:00")


@pytest.mark.parametrize("closes", ["23:59", "00:00", "24:00"])
def test_night_and_day_never_closes(closes: str) -> None:
    always = known("MO,TU,WE,TH,FR,SA,SU", "00:00", closes)
    found = at(always, here("2026-11-26T03:00"))
    assert found.is_open
    assert found.closes_at is None


def test_hours_that_follow_upon_each_other_are_one_stretch() -> None:
    parts = (*known("TH", "09:00", "12:00"), *known("TH", "12:00", "15:30"))
    assert at(parts, here("2026-11-26T10:00")).closes_at == here("2026-11-26T15:30")


def test_a_day_of_the_month() -> None:
    first = known("1MO,-1FR", "10:00", "11:00", freq="MONTHLY")
    assert is_open(first, here("2026-12-07T10:30"))
    assert not is_open(first, here("2026-12-14T10:30"))


def test_only_while_it_holds() -> None:
    summer = known("TH", "09:00", "17:00", valid_from="2026-12-01", valid_to="2027-02-28")
    assert not is_open(summer, here("2026-11-26T12:00"))
    assert is_open(summer, here("2026-12-03T12:00"))
    assert not is_open(summer, here("2027-03-04T12:00"))
    assert at(known("TH", "09:00", "17:00", until="2020-01-01"), here("2026-11-26T12:00")).opens_at is None


def test_what_cannot_be_reckoned_with_is_not_known() -> None:
    assert schedule("MO", None, None, description="By appointment") is None
    assert schedule("MO", "09:00", "17:00", count=3.0) is None
    assert schedule(None, "09:00", "17:00", freq="MONTHLY") is None
    assert at((), here("2026-11-26T12:00")).is_open is None


def test_summer_time_begins_and_it_is_the_clock_that_counts() -> None:
    daily = known("MO,TU,WE,TH,FR,SA,SU", "09:00", "17:00")
    for day in ("2026-09-26", "2026-09-27", "2026-09-28"):
        assert is_open(daily, here(f"{day}T09:00"))
        assert not is_open(daily, here(f"{day}T08:59"))


def test_hours_of_a_single_date_hold_instead_of_the_others() -> None:
    matariki = (*WEEKDAYS, *known(None, "10:00", "12:00", freq=None, valid_from="2026-07-10", valid_to="2026-07-10"))
    assert at(matariki, here("2026-07-10T11:00")).closes_at == here("2026-07-10T12:00")
    assert not is_open(matariki, here("2026-07-10T13:00"))
    assert is_open(matariki, here("2026-07-17T13:00"))
    assert states(matariki, here("2026-07-10T11:00").date())
    assert not states(matariki, here("2026-07-17T11:00").date())


def test_dates_without_hours_are_closed() -> None:
    summer = known(None, None, None, freq=None, valid_from="2026-12-25", valid_to="2027-01-04")
    both = (*WEEKDAYS, *summer)
    assert not is_open(both, here("2026-12-29T12:00"))  # a Tuesday
    assert at(both, here("2026-12-24T18:00")).opens_at == here("2027-01-05T09:00")
    assert is_open(both, here("2027-01-05T12:00"))
    assert at(summer, here("2026-12-29T12:00")).is_open is False
    assert at(summer, here("2027-01-05T12:00")).is_open is None  # nothing is said of other days
    assert week_of(summer) == []
    assert (
        schedule(None, None, None, description="By appointment", valid_from="2026-12-25", valid_to="2026-12-25") is None
    )
