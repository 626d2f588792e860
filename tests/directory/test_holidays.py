"""Public holidays of the whole country, and what a card says on them."""

from datetime import date, datetime

import pytest

from helpline.directory.holidays import easter_sunday, holiday_on

# As the government publishes them; where there are two, the day itself and the one it moves to.
PUBLISHED = {
    2026: {
        "New Year’s Day": ["01-01"],
        "the day after New Year’s Day": ["01-02"],
        "Waitangi Day": ["02-06"],
        "Good Friday": ["04-03"],
        "Easter Monday": ["04-06"],
        "Anzac Day": ["04-25", "04-27"],
        "King’s Birthday": ["06-01"],
        "Matariki": ["07-10"],
        "Labour Day": ["10-26"],
        "Christmas Day": ["12-25"],
        "Boxing Day": ["12-26", "12-28"],
    },
    2027: {
        "New Year’s Day": ["01-01"],
        "the day after New Year’s Day": ["01-02", "01-04"],
        "Waitangi Day": ["02-06", "02-08"],
        "Good Friday": ["03-26"],
        "Easter Monday": ["03-29"],
        "Anzac Day": ["04-25", "04-26"],
        "King’s Birthday": ["06-07"],
        "Matariki": ["06-25"],
        "Labour Day": ["10-25"],
        "Christmas Day": ["12-25", "12-27"],
        "Boxing Day": ["12-26", "12-28"],
    },
    2028: {
        "New Year’s Day": ["01-01", "01-03"],
        "the day after New Year’s Day": ["01-02", "01-04"],
        "Waitangi Day": ["02-06", "02-07"],
        "Good Friday": ["04-14"],
        "Easter Monday": ["04-17"],
        "Anzac Day": ["04-25"],
        "King’s Birthday": ["06-05"],
        "Matariki": ["07-14"],
        "Labour Day": ["10-23"],
        "Christmas Day": ["12-25"],
        "Boxing Day": ["12-26"],
    },
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_day_of_the_year_is_a_holiday_or_none(year: int) -> None:
    expected = {f"{year}-{day}": name for name, days in PUBLISHED[year].items() for day in days}
    first = date(year, 1, 1).toordinal()
    days = map(date.fromordinal, range(first, date(year + 1, 1, 1).toordinal()))
    assert {str(day): str(name) for day in days if (name := holiday_on(day))} == expected


def test_two_in_a_row_do_not_move_to_the_same_day() -> None:
    """Christmas on a Sunday: it moves past Boxing Day, which stays."""
    assert [str(holiday_on(date(2033, 12, day))) for day in (25, 26, 27)] == [
        "Christmas Day",
        "Boxing Day",
        "Christmas Day",
    ]
    assert holiday_on(date(2033, 12, 28)) is None


@pytest.mark.parametrize("day", ["2024-03-31", "2025-04-20", "2030-04-21", "2038-04-25", "2285-03-22"])
def test_easter(day: str) -> None:
    assert str(easter_sunday(datetime.fromisoformat(day).year)) == day


def test_anniversary_days_of_regions_are_not_known() -> None:
    assert holiday_on(date(2026, 1, 26)) is None  # Auckland's
