"""Nobody is offered what they have not the course, or the key, for."""

import datetime as dt
from collections.abc import Callable

import pytest

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.actions import set_overflow, staff_line
from helpline.lines.models import Course, Line, LineKeyWrap, Training
from helpline.lines.training import record_training, set_course
from helpline.routing import actions, router
from helpline.routing.actions import NotAllowed
from helpline.routing.models import QueueEntry
from helpline.routing.queries import colleagues_to_hand_to, is_anyone_on_duty
from tests.people import take
from tests.routing.conftest import Clock, offered_to

pytestmark = pytest.mark.django_db

Arrive = Callable[..., Conversation]
ComeOn = Callable[..., User]
PassTime = Callable[..., router.Stepped]
YEAR = 365 * 86400


@pytest.fixture
def induction(line: Line, asha: User, sunita: User, clock: Clock) -> Course:
    """The line asks for it each year; asha has just done it, ben has not."""
    course = Course(slug="induction", name="Induction", months=12)
    set_course(course, [line])
    line.refresh_from_db()
    record_training(sunita, asha, course, clock.now.date())
    return course


def test_a_course_that_runs_out_takes_the_line_away_and_brings_it_back(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, sunita: User, induction: Course, clock: Clock
) -> None:
    come_on(asha)
    first = arrive()
    pass_time()
    assert offered_to(asha) == first
    actions.end(first, "help_seeker")
    clock.forward(YEAR + 86400)
    come_on(asha)
    second = arrive()
    assert pass_time(1).offered == 0
    record_training(sunita, asha, induction, clock.now.date())
    assert pass_time(1).offered == 1
    assert offered_to(asha) == second


def test_whoever_has_never_done_it_is_not_offered_anybody(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, ben: User, line: Line, induction: Course
) -> None:
    come_on(ben)
    arrive()
    assert pass_time(60).offered == 0
    assert not is_anyone_on_duty(line)


def test_nobody_hands_over_to_whoever_has_not_done_it(
    arrive: Arrive, come_on: ComeOn, asha: User, ben: User, line: Line, induction: Course
) -> None:
    held = arrive()
    take(come_on(asha), held)
    come_on(ben)
    assert colleagues_to_hand_to(asha, line) == []
    with pytest.raises(NotAllowed):
        actions.hand_over(held, asha, ben, b"sealed")
    Training.objects.create(user=ben, course=induction, completed_on=dt.date(2026, 1, 1))
    assert [each.presence.user for each in colleagues_to_hand_to(asha, line)] == [ben]


def test_a_skill_without_its_course_is_no_skill(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, sunita: User
) -> None:
    tamariki = Course.objects.create(slug="tamariki", name="Talking with tamariki", skills=["young-people"])
    User.objects.filter(pk=asha.pk).update(skills=["young-people"])
    come_on(asha)
    waiting = arrive()
    QueueEntry.objects.filter(conversation=waiting).update(skills=["young-people"])
    assert pass_time(60).offered == 0
    record_training(sunita, asha, tamariki, dt.date(2026, 11, 1))
    assert pass_time(1).offered == 1


def test_who_helps_out_needs_what_the_other_line_asks_for(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, line: Line, hire: Callable[..., User]
) -> None:
    healthline = Line.objects.create(slug="healthline", name="Healthline", channels=["webchat"])
    staff_line(healthline, [hire("rewi")])
    set_overflow(healthline, line, 10)
    course = Course(slug="nursing", name="Nursing")
    set_course(course, [healthline])
    come_on(asha)
    healthline.refresh_from_db()
    arrive(healthline)
    assert pass_time(60).offered == 0
    Training.objects.create(user=asha, course=course, completed_on=dt.date(2026, 1, 1))
    assert pass_time(1).offered == 1


def test_a_newcomer_is_offered_nobody_before_they_hold_the_key(
    arrive: Arrive, come_on: ComeOn, pass_time: PassTime, asha: User, ben: User, line: Line
) -> None:
    LineKeyWrap.objects.filter(user=ben).delete()
    come_on(ben)
    arrive()
    assert pass_time(60).offered == 0
    assert not is_anyone_on_duty(line)
    come_on(asha)
    assert pass_time(1).offered == 1
    assert offered_to(ben) is None
