"""Courses: until when one counts, whom that keeps from what, and what is said of it beforehand."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from helpline.accounts.actions import remove_staff
from helpline.accounts.models import AuditEvent, User
from helpline.lines import training
from helpline.lines.models import Course, Line, Training
from helpline.lines.training import Standing, due_of, gate, needed_on, record_training, set_course

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 26)


@pytest.fixture
def induction(line: Line) -> Course:
    """What the line asks of everybody, anew each year."""
    course = Course(slug="induction", name="Induction", months=12)
    set_course(course, [line])
    line.refresh_from_db()
    return course


@pytest.mark.parametrize(
    ("done", "months", "last"),
    [
        (dt.date(2026, 3, 10), 12, dt.date(2027, 3, 9)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 27)),
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 27)),
        (dt.date(2026, 12, 1), 1, dt.date(2026, 12, 31)),
        (dt.date(2026, 12, 1), None, None),
    ],
)
def test_a_course_counts_for_its_months(
    asha: User, sunita: User, done: dt.date, months: int | None, last: dt.date | None
) -> None:
    course = Course.objects.create(slug="first-aid", name="First aid", months=months)
    assert record_training(sunita, asha, course, done).expires_on == last


def test_it_counts_from_its_day_to_the_end_of_its_last(asha: User, sunita: User, line: Line, induction: Course) -> None:
    record_training(sunita, asha, induction, DAY)
    last = dt.date(2027, 11, 25)
    days = [DAY - dt.timedelta(days=1), DAY, last, last + dt.timedelta(days=1)]
    may = [bool(gate([asha.pk], day).lines_of(asha.pk, [line.pk])) for day in days]
    assert may == [False, True, True, False]


def test_what_is_said_before_and_after(asha: User, sunita: User, line: Line, induction: Course) -> None:
    assert [due.standing for due in due_of([asha], DAY)[asha.pk]] == [Standing.MISSING]
    record_training(sunita, asha, induction, DAY)
    last = dt.date(2027, 11, 25)
    for before, standing in ((31, None), (30, Standing.SOON), (0, Standing.SOON), (-1, Standing.EXPIRED)):
        found = due_of([asha], last - dt.timedelta(days=before))[asha.pk]
        assert [due.standing for due in found] == ([standing] if standing else [])
        assert [(due.on, due.lines) for due in found] == ([(last, ("Safe to talk",))] if standing else [])


def test_the_longest_of_several_counts(asha: User, sunita: User, line: Line, induction: Course) -> None:
    record_training(sunita, asha, induction, DAY)
    record_training(sunita, asha, induction, dt.date(2025, 1, 1))
    assert due_of([asha], DAY)[asha.pk] == []
    assert gate([asha.pk], DAY).lines_of(asha.pk, [line.pk]) == {line.pk}


def test_a_skill_counts_only_with_its_course(asha: User, sunita: User) -> None:
    course = Course.objects.create(slug="tamariki", name="Talking with tamariki", skills=["young-people"])
    skills = ["young-people", "voice"]
    assert gate([asha.pk], DAY).skills_of(asha.pk, skills) == {"voice"}
    record_training(sunita, asha, course, DAY)
    assert gate([asha.pk], DAY).skills_of(asha.pk, skills) == set(skills)


def test_a_line_asks_for_the_courses_of_the_skills_that_it_requires(line: Line) -> None:
    Course.objects.create(slug="tamariki", name="Talking with tamariki", skills=["young-people"])
    assert needed_on(line) == frozenset()
    line.required_skills = ["young-people"]
    assert needed_on(line) == {"tamariki"}


def test_what_nothing_of_theirs_asks_for_is_not_brought_up(asha: User, mira: User, induction: Course) -> None:
    Course.objects.create(slug="voices", name="On the phone", skills=["voice"])
    assert due_of([mira], DAY) == {mira.pk: []}
    assert [due.course.slug for due in due_of([asha], DAY)[asha.pk]] == ["induction"]


def test_where_nothing_asks_for_a_course_everybody_may(asha: User, line: Line) -> None:
    assert gate([asha.pk], DAY).lines_of(asha.pk, [line.pk]) == {line.pk}


def test_it_is_accounted_for_and_can_be_taken_back(asha: User, sunita: User, induction: Course) -> None:
    done = record_training(sunita, asha, induction, DAY)
    assert record_training(sunita, asha, induction, DAY) == done
    training.take_back_training(sunita, done)
    assert not Training.objects.exists()
    details = list(AuditEvent.objects.filter(kind="training_recorded").order_by("pk").values_list("detail", flat=True))
    assert details == [f"{asha.code}:induction", f"{asha.code}:induction", f"{asha.code}:-induction"]


def test_a_course_can_be_taken_off_a_line(line: Line, induction: Course) -> None:
    set_course(induction, [])
    line.refresh_from_db()
    assert line.required_courses == []


def test_it_ends_with_the_account(asha: User, sunita: User, induction: Course) -> None:
    record_training(sunita, asha, induction, DAY)
    remove_staff(asha)
    assert not Training.objects.exists()


def test_nothing_runs_out_before_it_was_done(asha: User, induction: Course) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Training.objects.create(user=asha, course=induction, completed_on=DAY, expires_on=DAY - dt.timedelta(days=1))
