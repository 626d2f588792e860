"""A line's keys reach its staff and those who help out, and nobody else."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from helpline.accounts.models import Role, User
from helpline.conversations.daykeys import grant_of
from helpline.lines.actions import end_overflow, require_skills, set_overflow, staff_line
from helpline.lines.models import Line, LineKey, LineKeyWrap
from helpline.lines.queries import current_key, helpers_of
from helpline.vault import sealing
from tests.people import HelpSeeker, Member

pytestmark = pytest.mark.django_db
QUEUE, SUPERVISOR = LineKey.Purpose.QUEUE, LineKey.Purpose.SUPERVISOR


@pytest.fixture
def healthline(hire: Callable[..., User]) -> Line:
    line = Line.objects.create(slug="healthline", name="Healthline", channels=["webchat"])
    staff_line(line, [hire("rewi"), hire("marama", Role.SUPERVISOR)])
    return line


def holders(line: Line, purpose: str = QUEUE) -> set[str]:
    wraps = LineKeyWrap.objects.filter(line_key=current_key(line, purpose))
    return set(wraps.values_list("user__username", flat=True))


def test_helpers_are_given_the_queue_key_and_not_the_supervisors(line: Line, healthline: Line) -> None:
    set_overflow(healthline, line)
    assert holders(healthline) == {"rewi", "marama", "asha", "ben", "sunita"}
    assert holders(healthline, SUPERVISOR) == {"marama"}
    assert holders(line) == {"asha", "ben", "sunita"}


def test_a_helper_opens_what_waits_on_the_line_they_help_out_on(
    line: Line, healthline: Line, asha: User, unlock: Callable[[User], Member]
) -> None:
    set_overflow(healthline, line)
    person = HelpSeeker()
    grant = grant_of(person.start(healthline), QUEUE)
    assert grant
    line_seed = unlock(asha).line_seed(healthline, QUEUE)
    assert sealing.open_grant(line_seed, grant, code=person.code, reader=QUEUE) == person.seed


def test_staff_who_join_later_are_given_the_keys_of_the_lines_that_are_helped(
    line: Line, healthline: Line, hire: Callable[..., User]
) -> None:
    set_overflow(healthline, line)
    staff_line(line, [hire("wei")])
    assert "wei" in holders(healthline)


def test_skills_that_a_line_requires_keep_its_key_from_helpers_without_them(line: Line, healthline: Line) -> None:
    User.objects.filter(username="ben").update(skills=["nursing"])
    set_overflow(healthline, line)
    require_skills(healthline, ["nursing"])
    assert holders(healthline) == {"rewi", "marama", "ben"}


def test_who_no_longer_helps_out_opens_nothing_that_comes(line: Line, healthline: Line) -> None:
    set_overflow(healthline, line)
    end_overflow(healthline, line)
    assert holders(healthline) == {"rewi", "marama"}
    assert not helpers_of(healthline).exists()


def test_ending_what_never_was_renews_nothing(line: Line, healthline: Line) -> None:
    epoch = current_key(healthline, QUEUE).epoch
    end_overflow(healthline, line)
    assert current_key(healthline, QUEUE).epoch == epoch


def test_the_wait_may_be_changed(line: Line, healthline: Line) -> None:
    set_overflow(healthline, line, 60)
    set_overflow(healthline, line, 30)
    assert set(helpers_of(healthline).values_list("after_seconds", flat=True)) == {30}


def test_a_line_cannot_help_itself(line: Line) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        set_overflow(line, line)


def test_those_without_a_role_for_words_hold_no_key(line: Line, healthline: Line, mira: User) -> None:
    staff_line(line, [mira])
    set_overflow(healthline, line)
    assert "mira" not in holders(healthline)
    assert "mira" not in holders(line)
