"""Opening hours by the wall's clock: daylight saving, midnight, and what a door would show."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.lines.hours import NotHours, Times, is_open_at, opens_after, parse_hours, spans, times_of

AUCKLAND = ZoneInfo("Pacific/Auckland")
MONDAY, TUESDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = 0, 1, 2, 4, 5, 6
NINE, FIVE, MIDNIGHT = dt.time(9), dt.time(17), dt.time(0)
# In 2026 the clocks of Auckland go back an hour at 3:00 on 5 April, and forward at 2:00 on 27 September.
BACK, FORWARD = dt.date(2026, 4, 5), dt.date(2026, 9, 27)


@dataclass(frozen=True)
class Row:
    weekday: int
    opens: dt.time
    closes: dt.time


def local(day: dt.date, hour: int, minute: int = 0, fold: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), AUCKLAND).replace(fold=fold).astimezone(dt.UTC)


def is_open(rows: list[Row], at: dt.datetime) -> bool:
    return is_open_at(rows, at, AUCKLAND)


def test_the_minute_it_opens_is_open_and_the_minute_it_closes_is_not() -> None:
    rows = [Row(WEDNESDAY, NINE, FIVE)]
    day = dt.date(2026, 7, 1)
    assert [is_open(rows, local(day, *at)) for at in ((8, 59), (9, 0), (16, 59), (17, 0))] == [False, True, True, False]
    assert not is_open(rows, local(day + dt.timedelta(days=1), 12))


def test_an_evening_goes_on_past_midnight() -> None:
    rows = [Row(FRIDAY, dt.time(22), dt.time(2))]
    saturday = dt.date(2026, 7, 4)
    assert is_open(rows, local(saturday, 1, 59))
    assert not is_open(rows, local(saturday, 2))
    assert not is_open(rows, local(saturday, 22))
    assert not is_open(rows, local(dt.date(2026, 7, 3), 1))


def test_the_night_from_sunday_to_monday_belongs_to_sunday() -> None:
    rows = [Row(SUNDAY, dt.time(20), dt.time(8))]
    assert is_open(rows, local(dt.date(2026, 7, 6), 7, 59))
    assert not is_open(rows, local(dt.date(2026, 7, 5), 7, 59))


def test_midnight_to_midnight_is_the_whole_day_also_when_it_has_23_or_25_hours() -> None:
    rows = [Row(SUNDAY, MIDNIGHT, MIDNIGHT)]
    for day, hours in ((dt.date(2026, 7, 5), 24), (BACK, 25), (FORWARD, 23)):
        opens, closes = spans(rows, local(day, 12), AUCKLAND)[0]
        assert (opens, closes - opens) == (local(day, 0), dt.timedelta(hours=hours))


def test_nine_o_clock_is_nine_o_clock_in_summer_and_in_winter() -> None:
    rows = [Row(day, NINE, FIVE) for day in range(7)]
    for day in (dt.date(2026, 1, 7), dt.date(2026, 7, 1), BACK, FORWARD):
        assert opens_after(rows, local(day, 1), AUCKLAND) == local(day, 9)
        assert not is_open(rows, local(day, 8, 59))


def test_the_hour_that_comes_twice_is_open_both_times() -> None:
    rows = [Row(SUNDAY, dt.time(1), dt.time(2, 30))]
    # 2:10 in summer time, 2:10 again in winter time an hour later, and then it closes for good.
    assert is_open(rows, local(BACK, 2, 10, fold=0))
    assert is_open(rows, local(BACK, 2, 40, fold=0))
    assert is_open(rows, local(BACK, 2, 10, fold=1))
    assert not is_open(rows, local(BACK, 2, 40, fold=1))


def test_an_opening_time_that_the_clock_skips_is_an_hour_later() -> None:
    rows = [Row(SUNDAY, dt.time(2, 30), dt.time(5))]
    assert opens_after(rows, local(FORWARD, 1), AUCKLAND) == local(FORWARD, 3, 30)


def test_hours_that_fall_into_the_skipped_hour_open_again_a_week_later() -> None:
    rows = [Row(SUNDAY, dt.time(2), dt.time(3))]
    assert opens_after(rows, local(FORWARD, 1), AUCKLAND) == local(FORWARD + dt.timedelta(days=7), 2)


def test_no_hours_are_never_open() -> None:
    assert opens_after([], local(BACK, 1), AUCKLAND) is None


@pytest.mark.parametrize(
    ("text", "days", "opens", "closes"),
    [
        ("mon-fri 09:00-17:00", [0, 1, 2, 3, 4], NINE, FIVE),
        ("Sat 22:00-02:00", [5], dt.time(22), dt.time(2)),
        ("fri-mon 09:00-17:00", [4, 5, 6, 0], NINE, FIVE),
        ("daily 00:00-24:00", [0, 1, 2, 3, 4, 5, 6], MIDNIGHT, MIDNIGHT),
    ],
)
def test_hours_are_read_as_an_operator_writes_them(text: str, days: list[int], opens: dt.time, closes: dt.time) -> None:
    assert parse_hours(text) == [(day, opens, closes) for day in days]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "always",
        "mon",
        "monday 09:00-17:00",
        "mon 9-17",
        "mon-xyz 09:00-17:00",
        "daily-fri 09:00-17:00",
        "mon 09:00-25:00",
        "mon 24:00-09:00",
    ],
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(NotHours):
        parse_hours(text)


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([Row(day, NINE, FIVE) for day in range(5)], [Times(0, 4, NINE, FIVE)]),
        ([Row(day, MIDNIGHT, MIDNIGHT) for day in range(7)], [Times(0, 6, MIDNIGHT, MIDNIGHT)]),
        (
            [Row(MONDAY, NINE, FIVE), Row(TUESDAY, NINE, FIVE), Row(FRIDAY, NINE, FIVE), Row(SATURDAY, NINE, NINE)],
            [Times(0, 1, NINE, FIVE), Times(4, 4, NINE, FIVE), Times(5, 5, NINE, NINE)],
        ),
        (
            [Row(MONDAY, NINE, dt.time(12)), Row(MONDAY, dt.time(13), FIVE), Row(TUESDAY, dt.time(13), FIVE)],
            [Times(0, 0, NINE, dt.time(12)), Times(0, 1, dt.time(13), FIVE)],
        ),
    ],
)
def test_hours_are_shown_as_a_door_would(rows: list[Row], shown: list[Times]) -> None:
    assert times_of(reversed(rows)) == shown


# What holds for any hours at any instant


def quarters() -> st.SearchStrategy[dt.time]:
    return st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


weeks = st.lists(st.builds(Row, st.integers(0, 6), quarters(), quarters()), min_size=1, max_size=6)
# A year and a half by the quarter of an hour: every change of the clocks is in it, and the property below aims at them.
instants = st.one_of(
    st.integers(0, 52_000).map(lambda n: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + n * dt.timedelta(minutes=15)),
    st.builds(
        lambda day, n: local(day, 0) + n * dt.timedelta(minutes=15),
        st.sampled_from([BACK, FORWARD]),
        st.integers(-96, 192),
    ),
)


@given(weeks, instants)
def test_the_next_opening_is_open_and_nothing_before_it_opens(rows: list[Row], now: dt.datetime) -> None:
    opens = opens_after(rows, now, AUCKLAND)
    assert opens is not None
    assert opens > now
    assert is_open(rows, opens)
    assert opens - now <= dt.timedelta(days=14, hours=1)
    if not is_open(rows, now):
        steps = min((opens - now) // dt.timedelta(minutes=15), 200)
        assert not any(is_open(rows, now + n * dt.timedelta(minutes=15)) for n in range(steps))


@given(weeks, instants)
def test_it_says_what_the_clock_on_the_wall_says(rows: list[Row], now: dt.datetime) -> None:
    """Away from the changes of the clocks; there, the tests above say what is meant."""
    wall = now.astimezone(AUCKLAND)
    if any(abs((wall.date() - day).days) <= 1 for day in (BACK, FORWARD, dt.date(2027, 4, 4), dt.date(2025, 9, 28))):
        return
    today, yesterday, time = wall.weekday(), (wall.weekday() - 1) % 7, wall.time()
    by_the_wall = any(
        (row.weekday == today and row.opens <= time and (time < row.closes or row.closes <= row.opens))
        or (row.weekday == yesterday and row.closes <= row.opens and time < row.closes)
        for row in rows
    )
    assert is_open(rows, now) == by_the_wall
