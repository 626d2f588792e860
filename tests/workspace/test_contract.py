"""The contract report's pages: for whoever may release on the line, taken away accountably; complaints as numbers."""

import csv
import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.utils import timezone

from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.publishing.complaints import complaints_of
from helpline.records.models import ClosedMonth
from helpline.records.months import month_of
from tests.publishing.contracts import a_report
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]


def test_a_report_is_read_and_taken_away(
    line: Line, asha: User, ben: User, sunita: User, hire: Callable[..., User], desk_of: DeskOf
) -> None:
    kept = a_report(line, (asha, ben))
    address = f"/contract/{kept.release.code}/"
    analyst, elsewhere = hire("aroha", Role.ANALYST), hire("kiri", Role.SUPERVISOR)
    staff_line(line, [analyst])
    for user in (analyst, sunita):
        assert address in desk_of(user).get("/contract/").content.decode()
        page = desk_of(user).get(address).content.decode()
        assert "Channels by hour" in page
        assert "13:00" in page
    assert not AuditEvent.objects.filter(kind="exported").exists()
    taken = desk_of(analyst).get(f"{address}figures.csv")
    assert taken["Content-Type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(StringIO(taken.content.decode())))
    counts = [int(row["value"]) for row in table if row["measure"] in ("offered", "answered") and row["value"]]
    assert len(counts) > 50
    assert not any(count % 3 for count in counts)
    event = AuditEvent.objects.get(kind="exported")
    assert (event.actor, event.line, event.detail) == (analyst, line.slug, "contract.2026-09")
    assert address not in desk_of(elsewhere).get("/contract/").content.decode()
    for what in ("", "figures.csv"):
        assert desk_of(elsewhere).get(address + what).status_code == 404
        assert desk_of(asha).get(address + what).status_code == 403


def test_complaints_are_numbers_until_the_month_is_closed(line: Line, sunita: User, desk_of: DeskOf) -> None:
    month, page = month_of(timezone.now()), desk_of(sunita).client
    said = {"line": line.slug, "month": month.isoformat(), "kind": "wait", "number": "2"}
    assert page.post("/contract/complaints", said).status_code == 302
    assert page.post("/contract/complaints", {**said, "number": "3"}).status_code == 302
    assert complaints_of(line, month) == {"wait": 3}
    assert AuditEvent.objects.filter(kind="complaints_counted").count() == 2
    wrong = page.post("/contract/complaints", {**said, "number": "a few", "kind": "staff"})
    assert wrong.status_code == 400
    assert "Write a number, such as 2." in wrong.content.decode()
    assert 'value="a few"' in wrong.content.decode()
    assert '<option value="staff" selected>' in wrong.content.decode()
    ClosedMonth.objects.create(line=line, month=month, closed_at=timezone.now())
    closed = page.post("/contract/complaints", {**said, "number": "9"})
    assert closed.status_code == 409
    assert "counted as they are" in closed.content.decode()
    assert complaints_of(line, month) == {"wait": 3}


def test_nobody_counts_for_a_line_of_others_or_for_a_month_to_come(line: Line, sunita: User, desk_of: DeskOf) -> None:
    Line.objects.create(slug="elsewhere", name="Elsewhere", position=1)
    page, month = desk_of(sunita).client, month_of(timezone.now())
    later = (month + dt.timedelta(days=40)).replace(day=1)
    for wrong in ({"line": "elsewhere"}, {"month": later.isoformat()}):
        said = {"line": line.slug, "month": month.isoformat(), "kind": "wait", "number": "2", **wrong}
        assert page.post("/contract/complaints", said).status_code == 400
