"""A closed month is counted: by two engines alike, nobody as a crowd, once, and behind a role of its own."""

import datetime as dt
import itertools
import stat
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from helpline.lines.models import Line
from helpline.publishing import counted, counting, demonstration, parquet
from helpline.publishing.contacts_sql import COLUMNS, COUNTS, of_month
from helpline.publishing.counting import DuckDB, count
from helpline.publishing.models import Counted
from helpline.publishing.programme import MONTHLY, QUARTERLY, Cell, Table
from helpline.publishing.roles import Role, as_role
from helpline.publishing.synthetic import Month, contacts
from helpline.publishing.synthetic_months import add_records, write_month
from helpline.publishing.tally import tally
from helpline.records.actions import close_month
from helpline.records.models import ClosedMonth, ContactRecord
from helpline.records.months import month_after

pytestmark = pytest.mark.django_db
NOVEMBER = dt.date(2024, 11, 1)


@pytest.fixture(autouse=True)
def figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "FIGURES_DIR", str(tmp_path / "figures"))
    return tmp_path / "figures"


@pytest.fixture
def add(line: Line, tmp_path: Path) -> Callable[[Month], Line]:
    """An invented month as records of the line."""

    def added(month: Month) -> Line:
        add_records(line, month, tmp_path)
        return line

    return added


def drawn(number: int = 300, clustering: float = 1.0, months: int = 1) -> list[Month]:
    return list(contacts(months, number, clustering))


def counted_of(path: Path) -> counting.Count:
    engine = DuckDB(path)
    try:
        return count(engine)
    finally:
        engine.close()


def test_both_engines_count_alike_and_as_numpy_does(add: Callable[[Month], Line], tmp_path: Path) -> None:
    (month,) = drawn()
    line = add(month)
    records = counting.PostgreSQL(of_month(line.pk, NOVEMBER))
    by_postgresql = count(records)
    engine = DuckDB(write_month(month, tmp_path / "month.parquet"))
    by_duckdb = count(engine)
    for programme in counting.ALL:
        assert (by_postgresql.vectors[programme.digest] == by_duckdb.vectors[programme.digest]).all(), programme.period
    assert by_postgresql.waits == by_duckdb.waits
    assert by_postgresql.digest == by_duckdb.digest
    # The file has the contacts in the order in which they were drawn.
    keep = np.array([turn == COUNTS for (turn,) in engine.run("SELECT turn FROM contacts ORDER BY rowid")])
    assert 0 < by_duckdb.left_out == (~keep).sum()
    for programme in counting.ALL:
        assert (by_duckdb.vectors[programme.digest] == tally(programme, month, keep)).all()


# Attack 6: people who are in touch often


def crowds(engine: DuckDB, which: str) -> list[Cell]:
    """Cells of three contacts or more in which one person makes over half, or that is two people's."""
    names = [name for name in COLUMNS if name not in {"wait_seconds", "nth", "turn"}]
    quoted = ", ".join(f'"{name}"' for name in names)
    rows: list[dict[str, Any]] = [
        dict(zip(names, row, strict=True)) for row in engine.run(f"SELECT {quoted} FROM contacts WHERE {which}")
    ]
    of_cells: dict[Cell, list[object]] = {}
    for row in rows:
        who = object() if row["person"] is None else row["person"]
        for table in MONTHLY.closed:
            for cell in _cells_of(table, row):
                of_cells.setdefault(cell, []).append(who)
    return [
        cell
        for cell, people in of_cells.items()
        if len(people) >= 3 and (2 * max(Counter(people).values()) > len(people) or len(set(people)) < 3)
    ]


def _cells_of(table: Table, row: dict[str, Any]) -> list[Cell]:
    is_answered, is_other = row["fate"] == "answered", row["not_counselling"] is not None
    is_in = {
        "offered": True,
        "answered": is_answered,
        "contacts": is_answered and not is_other,
        "not_counselling": is_answered and is_other,
    }
    if not is_in[table.population]:
        return []
    said = [row[one.name] if one.several else [row[one.name]] for one in table.dimensions]
    return [Cell(table.name, codes) for codes in itertools.product(*said)]


def test_attack_6_nobody_who_is_in_touch_often_is_a_cell(tmp_path: Path) -> None:
    (month,) = drawn(400)
    engine = DuckDB(write_month(month, tmp_path / "month.parquet"))
    count(engine)
    assert crowds(engine, "turn = 0") == []
    ((most,),) = engine.run(
        "SELECT max(times) FROM (SELECT count(person) AS times FROM contacts WHERE turn = 0 GROUP BY person)"
    )
    assert most == counting.MOST_TIMES
    # The controls: at most three times alone is not enough, and everybody as often as they came even less.
    capped, all_of_them = crowds(engine, "turn = 0 OR nth <= 3"), crowds(engine, "TRUE")
    assert 0 < len(capped) < len(all_of_them)


def test_two_people_who_come_equally_often_are_not_a_cell(tmp_path: Path) -> None:
    (month,) = drawn(40, 0.0)
    for column in month.coded.values():
        column[:] = column[0]
    month.coded["fate"][:], month.coded["not_counselling"][:] = 0, 255
    month.person[:] = -1
    month.coded["gender"][:] = 0
    month.coded["gender"][:4] = 2  # two people, twice each
    month.person[:4] = [5, 5, 6, 6]
    found = counted_of(write_month(month, tmp_path / "month.parquet"))
    gender = found.vectors[MONTHLY.digest][
        [MONTHLY.position[Cell("contacts.gender", (code,))] for code in ("another", "female")]
    ]
    assert gender.tolist() == [2, len(month) - 4]


# Waits


def test_attack_12_waits_only_of_enough_contacts_and_to_five_seconds(tmp_path: Path) -> None:
    (month,) = drawn(600, 0.0)
    found = counted_of(write_month(month, tmp_path / "month.parquet"))
    answered = {
        code: found.vectors[MONTHLY.digest][MONTHLY.position[Cell("answered.channel", (code,))]]
        for code in ("webchat", "sms", "email", "voice")
    }
    assert set(found.waits) == {code for code, number in answered.items() if number >= 30} != set(answered)
    for wait in found.waits.values():
        assert set(wait) == {"median", "p90"}
        assert [seconds % 5 for seconds in wait.values()] == [0, 0]


# The whole of it


def test_a_month_is_counted_once_and_then_nothing_says_who_was_the_same(
    add: Callable[[Month], Line], figures: Path
) -> None:
    (month,) = drawn()
    line = add(month)
    with pytest.raises(counted.NotClosed):
        counted.count_month(line, NOVEMBER)
    close_month(line, NOVEMBER)
    assert ContactRecord.objects.exclude(person=None).exists()
    assert counted.count_month(line, NOVEMBER) is True
    assert not ContactRecord.objects.exclude(person=None).exists()
    true = counted.true_counts(line, MONTHLY, NOVEMBER)
    assert true is not None
    path = parquet.path_of(line, NOVEMBER)
    assert [each.name for each in path.parent.iterdir()] == ["2024-11.parquet"]  # nothing is left beside it
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    # The file counts to the same, and knows nobody.
    engine = DuckDB(path)
    assert engine.run("SELECT count(person), count(nth) FROM contacts") == [(0, 0)]
    assert (count(engine).vectors[MONTHLY.digest] == true).all()
    before = path.read_bytes()
    assert counted.count_month(line, NOVEMBER) is False
    assert path.read_bytes() == before


def test_a_quarter_is_the_sum_of_its_months_and_counts_are_forgotten(add: Callable[[Month], Line]) -> None:
    months = drawn(120, months=3)
    for month in months:
        line = add(month)
        close_month(line, month.start)
    totals = np.zeros(len(QUARTERLY.cells), np.int64)
    for month in months:
        assert counted.true_counts(line, QUARTERLY, NOVEMBER) is None
        counted.count_month(line, month.start)
        kept = Counted.objects.get(month=month.start, programme=QUARTERLY.digest)
        totals += np.frombuffer(bytes(kept.counts or b""), "<i8")
    quarter = counted.true_counts(line, QUARTERLY, NOVEMBER)
    assert quarter is not None
    assert (quarter == totals).all()
    monthly = [counted.true_counts(line, MONTHLY, month.start) for month in months]
    whole = MONTHLY.position[Cell("contacts", ())]
    assert quarter[QUARTERLY.position[Cell("contacts", ())]] == sum(each[whole] for each in monthly if each is not None)
    assert counted.forget_counts(line, QUARTERLY, NOVEMBER) == 3
    assert counted.true_counts(line, QUARTERLY, NOVEMBER) is None
    assert counted.count_month(line, NOVEMBER) is False


def test_what_is_the_matter_with_records_is_said_and_no_contact_is_lost(add: Callable[[Month], Line]) -> None:
    (month,) = drawn(120, 0.0)
    line = add(month)
    answered = ContactRecord.objects.filter(fate="answered", not_counselling="", person=None).order_by("pk")
    first, second, third, fourth, fifth = answered[:5]
    ContactRecord.objects.filter(pk=first.pk).update(is_late=True)
    ContactRecord.objects.filter(pk=second.pk).update(fate="")
    ContactRecord.objects.filter(pk=third.pk).update(is_complete=False)
    ContactRecord.objects.filter(pk=fourth.pk).update(age="very old", needs=["tea", "police"])
    ContactRecord.objects.filter(pk=fifth.pk).update(not_counselling="a parrot")
    close_month(line, NOVEMBER)
    counted.count_month(line, NOVEMBER)
    said = counted.reports_of(line, NOVEMBER)
    assert said.pop("left_out") > 0
    assert said == {
        "late": 1, "going_on": 1, "uncoded": 1, "unknown_age": 1, "unknown_needs": 1, "unknown_not_counselling": 1,
    }  # fmt: skip
    true = counted.true_counts(line, MONTHLY, NOVEMBER)
    assert true is not None
    for each in MONTHLY.sums:
        assert true[each.whole] == true[list(each.parts)].sum()


def test_an_hour_is_counted_where_the_clock_of_the_service_stood(line: Line) -> None:
    # Half past eleven in the night of Saturday the 30th, in New Zealand; in London it is still morning.
    late = dt.datetime(2024, 11, 30, 10, 0, tzinfo=dt.UTC)
    ContactRecord.objects.create(line=line, channel="webchat", fate="answered", started_hour=late, is_complete=True)
    ContactRecord.objects.create(
        line=line, channel="webchat", fate="answered", started_hour=late + dt.timedelta(hours=1), is_complete=True
    )  # December there
    close_month(line, NOVEMBER)
    counted.count_month(line, NOVEMBER)
    kept = Counted.objects.get(programme=QUARTERLY.digest)
    counts = np.frombuffer(bytes(kept.counts or b""), "<i8")
    assert counts[QUARTERLY.position[Cell("contacts.weekday.hour", ("sat", "23"))]] == 1
    assert counts[QUARTERLY.position[Cell("contacts", ())]] == 1
    assert timezone.localtime(late).hour == 23


def test_the_command_closes_what_is_due_counts_it_once_and_says_so(add: Callable[[Month], Line]) -> None:
    line = add(drawn(60)[0])
    ContactRecord.objects.create(line=line, channel="webchat", fate="answered", started_hour=timezone.now())
    said, again, elsewhere = StringIO(), StringIO(), StringIO()
    call_command("count_months", "--keep-open", stdout=elsewhere)
    call_command("count_months", "--line", line.slug, stdout=said)
    call_command("count_months", stdout=again)
    assert "safe-to-talk 2024-11 (1 of 1): counted in" in said.getvalue()
    assert "left out: " in said.getvalue()
    assert (again.getvalue(), elsewhere.getvalue()) == ("", "")
    assert [each.month for each in ClosedMonth.objects.all()] == [NOVEMBER]
    with pytest.raises(CommandError, match="no such line"):
        call_command("count_months", "--line", "nobody's")


def test_without_a_folder_for_closed_months_nothing_is_counted(
    add: Callable[[Month], Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(drawn(20)[0])
    monkeypatch.setattr(settings, "FIGURES_DIR", "")
    with pytest.raises(CommandError, match="HELPLINE_FIGURES"):
        call_command("count_months")
    assert not Counted.objects.exists()


@pytest.mark.parametrize(("today", "last"), [("2026-11-26", "2026-10-01"), ("2026-11-14", "2026-09-01")])
def test_the_demonstration_has_two_years_of_months_that_can_be_closed(today: str, last: str) -> None:
    starts = demonstration.starts(dt.date.fromisoformat(today))
    assert (len(starts), starts[-1]) == (demonstration.MONTHS, dt.date.fromisoformat(last))
    assert all(month_after(one) == other for one, other in itertools.pairwise(starts))


def test_the_demonstrations_records_can_be_counted(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration, "A_MONTH", 20)
    added = demonstration.load(line)
    assert added == ContactRecord.objects.filter(line=line).count() > 15 * demonstration.MONTHS
    assert ContactRecord.objects.exclude(role="not_stated").exists()
    closed = ClosedMonth.objects.filter(line=line)
    assert closed.count() == demonstration.MONTHS
    newest = closed.latest("month").month
    counted.count_month(line, newest)
    assert not counted.reports_of(line, newest).keys() - {"left_out"}


# Attack 13: roles


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (Role.PUBLISHING, "SELECT count(*) FROM records_contactrecord"),
        (Role.PUBLISHING, "SELECT count(*) FROM publishing_counted"),
        (Role.PUBLISHING, "SELECT password FROM accounts_user"),
        (Role.COUNTING, "INSERT INTO publishing_release DEFAULT VALUES"),
        (Role.COUNTING, "UPDATE publishing_release SET is_sound = TRUE"),
        (Role.COUNTING, "UPDATE records_contactrecord SET role = 'survivor'"),
        (Role.COUNTING, "SELECT count(*) FROM conversations_message"),
    ],
)
def test_attack_13_each_role_is_refused_what_is_not_its_own(role: Role, statement: str, line: Line) -> None:
    with pytest.raises(ProgrammingError) as refused, transaction.atomic(), as_role(role), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    assert _role() == "none"  # and is given back


def test_attack_13_the_control_each_role_may_do_its_own_part(line: Line) -> None:
    with as_role(Role.COUNTING):
        assert ContactRecord.objects.count() == Counted.objects.count() == 0
        assert _role() == "helpline_counting"
    with as_role(Role.PUBLISHING), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publishing_release")
        assert cursor.fetchall() == [(0,)]
    assert _role() == "none"
    assert ContactRecord.objects.count() == 0


def test_attack_13_whoever_publishes_cannot_have_true_counts_counted_either(add: Callable[[Month], Line]) -> None:
    line = add(drawn(50)[0])
    close_month(line, NOVEMBER)
    with pytest.raises(ProgrammingError), as_role(Role.PUBLISHING):
        Counted.objects.count()


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        return str(cursor.fetchall()[0][0])
