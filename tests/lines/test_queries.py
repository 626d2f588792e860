"""Which line a site is about, when and where it is open, and who helps out on it."""

import datetime as dt
from collections.abc import Callable

import pytest

from helpline.accounts.models import Role, User
from helpline.lines.actions import set_opening_hours, set_overflow, staff_line
from helpline.lines.models import Line
from helpline.lines.queries import (
    LineUnknown,
    helpers_of,
    is_open,
    is_open_in,
    line_for_host,
    next_opening,
    other_lines,
)
from helpline.lines.regions import PLACES, Region

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 7, 1, 0, tzinfo=dt.UTC)  # a Wednesday, by New Zealand's clock
NINE_TO_FIVE = [(day, dt.time(9), dt.time(17)) for day in range(5)]


def add_line(slug: str, *hosts: str, **more: object) -> Line:
    return Line.objects.create(slug=slug, name=slug, hosts=list(hosts), **more)


@pytest.fixture
def quitline() -> Line:
    return add_line("quitline", "quitline.localhost", "quit.example", position=1)


# By host name


def test_a_site_is_about_the_line_with_its_host_name(line: Line, quitline: Line) -> None:
    for host in ("quitline.localhost", "quitline.localhost:8000", "Quitline.Localhost", "quit.example."):
        assert line_for_host(host) == quitline


def test_any_other_host_is_about_the_first_line_without_one(quitline: Line, line: Line) -> None:
    Line.objects.update(position=0)  # quitline comes first in the order
    add_line("zzz")
    for host in ("localhost", "[::1]:8000", ""):
        assert line_for_host(host) == line


def test_without_a_nameless_line_the_first_is_as_good_as_any(quitline: Line) -> None:
    assert line_for_host("localhost") == quitline


def test_before_a_line_is_set_up_there_is_none() -> None:
    with pytest.raises(LineUnknown):
        line_for_host("localhost")


def test_other_lines_are_those_that_can_be_reached_besides_chat(line: Line, quitline: Line) -> None:
    healthline = add_line("healthline", phone="0800 611 116")
    assert other_lines(line) == [healthline]
    assert other_lines(healthline) == []


# When and where


def test_a_line_without_hours_never_closes(line: Line) -> None:
    assert is_open(line)
    assert next_opening(line) is None


def test_a_line_with_hours_closes_and_says_when_it_opens(line: Line) -> None:
    set_opening_hours(line, NINE_TO_FIVE)
    evening = NOON + dt.timedelta(hours=7)
    assert is_open(line, NOON)
    assert next_opening(line, NOON) is None
    assert not is_open(line, evening)
    assert next_opening(line, evening) == NOON + dt.timedelta(hours=21)  # nine on Thursday
    set_opening_hours(line, [])
    assert is_open(line, evening)


def test_a_rollout_asks_where_and_takes_in_whoever_would_rather_not_say(line: Line) -> None:
    assert is_open_in(line, Region.OTAGO)
    line.regions = [Region.CANTERBURY]
    assert is_open_in(line, Region.CANTERBURY)
    assert is_open_in(line, "")
    assert not is_open_in(line, Region.OTAGO)


def test_there_are_sixteen_regions() -> None:
    assert len(PLACES) == 16
    assert not {"overseas", "not_stated"} & {code for code, _ in PLACES}


# Who helps out


@pytest.fixture
def helped(line: Line, quitline: Line, hire: Callable[..., User]) -> Line:
    """Quitline, on which the staff of Safe to talk help out if they know about quitting."""
    User.objects.filter(username__in=["asha", "ben"]).update(skills=["quitting", "voice"])
    quitline.required_skills = ["quitting"]
    quitline.save()
    staff_line(quitline, [hire("rewi"), hire("marama", Role.SUPERVISOR)])
    set_overflow(quitline, line, 45)
    return quitline


def names(line: Line) -> dict[str, int]:
    return dict(helpers_of(line).values_list("username", "after_seconds"))


def test_helpers_have_the_skill_and_the_key(helped: Line) -> None:
    assert names(helped) == {"asha": 45, "ben": 45}  # and not sunita, who lacks the skill


def test_of_two_ways_to_help_the_shorter_wait_counts(helped: Line, asha: User) -> None:
    other = add_line("healthline")
    staff_line(other, [asha])
    set_overflow(helped, other, 20)
    assert names(helped) == {"asha": 20, "ben": 45}


def test_ones_own_staff_do_not_help_out(helped: Line, asha: User) -> None:
    staff_line(helped, [asha])
    assert names(helped) == {"ben": 45}


def test_who_lost_the_skill_or_the_account_helps_no_more(helped: Line, asha: User, ben: User) -> None:
    User.objects.filter(pk=asha.pk).update(skills=["voice"])
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert names(helped) == {}


def test_who_learnt_the_skill_helps_once_the_keys_are_renewed(helped: Line, line: Line, sunita: User) -> None:
    User.objects.filter(pk=sunita.pk).update(skills=["quitting"])
    assert "sunita" not in names(helped)
    staff_line(line, [])
    assert "sunita" in names(helped)


def test_it_is_asked_of_the_line_that_is_helped_only(helped: Line, line: Line) -> None:
    assert names(line) == {}
