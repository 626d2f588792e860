"""Attack 13: from within. Whoever publishes reads neither records nor true counts; whoever counts releases nothing.

PostgreSQL refuses it, whatever the code that runs asks for.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.fixtures import Settings

from helpline.accounts.models import Role as StaffRole
from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import counted
from helpline.publishing.actions import keep_proposal, sign_note, take_back, throw_away, write_note
from helpline.publishing.models import Counted, Release
from helpline.publishing.programme import MONTHLY
from helpline.publishing.roles import Role, as_role
from helpline.publishing.seal import NOTE_SIGNED
from helpline.records.actions import close_month
from helpline.records.models import ContactRecord
from tests.people import Member, unlocked
from tests.publishing.releases import a_proposal, sealed, sign, signature_of

pytestmark = pytest.mark.django_db
NOVEMBER = dt.date(2024, 11, 1)


def run(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def role() -> object:
    return run("SELECT current_setting('role')")[0][0]


def assert_refused(do: Callable[[], object]) -> None:
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        do()
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    assert role() == "none"  # and is given back


@pytest.fixture
def pair(sunita: User, hire: Callable[..., User]) -> tuple[Member, Member]:
    return unlocked(sunita), unlocked(hire("oliver", role=StaffRole.OPERATOR))


@pytest.mark.parametrize(
    ("taken", "statement"),
    [
        (Role.PUBLISHING, "SELECT count(*) FROM records_contactrecord"),
        (Role.PUBLISHING, "SELECT count(*) FROM publishing_counted"),
        (Role.PUBLISHING, "INSERT INTO publishing_counted DEFAULT VALUES"),
        (Role.PUBLISHING, "SELECT password FROM accounts_user"),
        (Role.PUBLISHING, "SELECT count(*) FROM conversations_message"),
        (Role.COUNTING, "INSERT INTO publishing_release DEFAULT VALUES"),
        (Role.COUNTING, "UPDATE publishing_release SET is_sound = TRUE"),
        (Role.COUNTING, "DELETE FROM publishing_release"),
        (Role.COUNTING, "INSERT INTO publishing_note DEFAULT VALUES"),
        (Role.COUNTING, "UPDATE records_contactrecord SET role = 'survivor'"),
        (Role.COUNTING, "SELECT count(*) FROM conversations_message"),
    ],
)
def test_each_role_is_refused_what_is_not_its_own(taken: Role, statement: str, line: Line) -> None:
    def do() -> None:
        with as_role(taken):
            run(statement)

    assert_refused(do)


def test_the_control_each_role_may_do_its_own_part(line: Line) -> None:
    with as_role(Role.COUNTING):
        assert ContactRecord.objects.count() == Counted.objects.count() == 0
        assert role() == "helpline_counting"
    with as_role(Role.PUBLISHING):
        assert run("SELECT count(*) FROM publishing_release") == [(0,)]
        assert role() == "helpline_publishing"
    assert role() == "none"
    assert ContactRecord.objects.count() == 0


# That the actions do take the roles up: without what theirs may, they cannot do it.


def test_counting_runs_as_the_counting_role(line: Line, settings: Settings, tmp_path: Path) -> None:
    settings.FIGURES_DIR = str(tmp_path)
    close_month(line, NOVEMBER)
    for table in ("records_contactrecord", "publishing_counted"):
        with transaction.atomic():
            run(f"REVOKE ALL ON {table} FROM {Role.COUNTING}")
            assert_refused(lambda: counted.count_month(line, NOVEMBER))
            transaction.set_rollback(True)
    assert not Counted.objects.exists()
    assert counted.count_month(line, NOVEMBER)  # the control
    run(f"REVOKE SELECT ON publishing_counted FROM {Role.COUNTING}")
    assert_refused(lambda: counted.true_counts(line, MONTHLY, NOVEMBER))


def test_releasing_runs_as_the_publishing_role(line: Line, pair: tuple[Member, Member]) -> None:
    first, second = pair
    with transaction.atomic():
        run(f"REVOKE INSERT ON publishing_release FROM {Role.PUBLISHING}")
        assert_refused(lambda: keep_proposal(line, sealed(line), {}, is_sound=True))
        transaction.set_rollback(True)
    proposed = sign(first, a_proposal(line))
    with transaction.atomic():
        run(f"REVOKE UPDATE ON publishing_release FROM {Role.PUBLISHING}")
        assert_refused(lambda: take_back(second.user, proposed))
        transaction.set_rollback(True)
    with transaction.atomic():
        run(f"REVOKE UPDATE ON publishing_release FROM {Role.PUBLISHING}")
        assert_refused(lambda: sign(second, proposed))
        transaction.set_rollback(True)
    assert not Release.objects.get().is_released
    assert sign(second, proposed).is_released  # the control
    note = write_note(first.user, Release.objects.get(), "The chat was closed on two days.")
    run(f"REVOKE INSERT, UPDATE, DELETE ON publishing_note FROM {Role.PUBLISHING}")
    assert_refused(lambda: throw_away(first.user, note))
    assert_refused(lambda: sign_note(first.user, note, signature_of(first, note.payload, NOTE_SIGNED)))
