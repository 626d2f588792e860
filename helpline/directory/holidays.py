"""Public holidays of the whole country, as the Holidays Act 2003 has them; days of a region's anniversary are not here.

One that falls on a weekend has two days: its own, and the one it moves to for whoever does not work at weekends.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Name = str | Promise
MATARIKI = {
    # Te Kāhui o Matariki Public Holiday Act 2022, schedule 1. Of a year that is not here Matariki is not known.
    2026: date(2026, 7, 10),
    2027: date(2027, 6, 25),
    2028: date(2028, 7, 14),
    2029: date(2029, 7, 6),
    2030: date(2030, 6, 21),
    2031: date(2031, 7, 11),
    2032: date(2032, 7, 2),
    2033: date(2033, 6, 24),
    2034: date(2034, 7, 7),
    2035: date(2035, 6, 29),
}
MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def holiday_on(day: date) -> Name | None:
    return _holidays(day.year).get(day)


@cache
def _holidays(year: int) -> dict[date, Name]:
    easter = easter_sunday(year)
    found: dict[date, Name] = {
        easter - timedelta(days=2): _("Good Friday"),
        easter + timedelta(days=1): _("Easter Monday"),
        _monday(year, 6, 1): _("King’s Birthday"),
        _monday(year, 10, 4): _("Labour Day"),
    }
    if year in MATARIKI:
        found[MATARIKI[year]] = _("Matariki")
    for day, name, moves in _fixed(year):
        found[day] = name
        found.setdefault(_moved(day, moves), name)
    return found


def _fixed(year: int) -> Iterator[tuple[date, Name, dict[int, int]]]:
    """With how many days further each goes from a day of the week: two in a row do not fall on the same Monday."""
    alone, in_a_row = {SATURDAY: 2, SUNDAY: 1}, {SATURDAY: 2, SUNDAY: 2}
    yield date(year, 1, 1), _("New Year’s Day"), in_a_row
    yield date(year, 1, 2), _("the day after New Year’s Day"), in_a_row
    yield date(year, 2, 6), _("Waitangi Day"), alone
    yield date(year, 4, 25), _("Anzac Day"), alone
    yield date(year, 12, 25), _("Christmas Day"), in_a_row
    yield date(year, 12, 26), _("Boxing Day"), in_a_row


def _moved(day: date, moves: dict[int, int]) -> date:
    return day + timedelta(days=moves.get(day.weekday(), 0))


def _monday(year: int, month: int, number: int) -> date:
    """The first, second … Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(MONDAY - first.weekday()) % 7 + 7 * (number - 1))


def easter_sunday(year: int) -> date:
    """Of the Gregorian calendar, after Meeus, Jones and Butcher."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
