"""A closed month is counted: by two engines alike, and once (attacks 6, 12, 13: attacks/)."""

import datetime as dt
import itertools
import stat
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from helpline.lines.models import Line
from helpline.publishing import counted, counting, demonstration, parquet
from helpline.publishing.contacts_sql import COUNTS, of_month
from helpline.publishing.counting import DuckDB, count
from helpline.publishing.models import Counted
from helpline.publishing.programme import MONTHLY, QUARTERLY, Cell
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
