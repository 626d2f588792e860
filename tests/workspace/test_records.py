"""Coding contacts: kept as it is coded, late until the month closes, and what is left shown to whoever can do it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.conversations.companions import begin_companion
from helpline.conversations.models import Companion, Conversation
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.records import agreement
from helpline.records.actions import close_month, record_ended
from helpline.records.models import Agreement, ContactRecord
from helpline.records.months import month_of
from helpline.routing.actions import end, erase
from tests.people import take
from tests.workspace.conftest import Desk
from tests.workspace.test_desk import blank

pytestmark = pytest.mark.django_db
DeskOf = Callable[[User], Desk]


@pytest.fixture
def ended(waiting: Conversation, asha: User) -> Conversation:
    """A contact of asha's that nobody has coded."""
    take(asha, waiting)
    end(waiting, "counsellor")
    waiting.refresh_from_db()
    return waiting


def was(conversation: Conversation, days: int) -> Conversation:
    """It took place so many days ago."""
    then = timezone.now() - dt.timedelta(days=days)
    Conversation.objects.filter(pk=conversation.pk).update(started_at=then, answered_at=then, closed_at=then)
    conversation.refresh_from_db()
    record_ended(conversation)
    return conversation


def test_what_is_chosen_is_kept_until_it_is_finished(ended: Conversation, asha: User, desk_of: DeskOf) -> None:
    desk = desk_of(asha)
    assert desk.post(f"/c/{ended.code}/record/draft", blank(age="25-34", needs=["medical"])).status_code == 200
    record = ContactRecord.objects.get()
    assert (record.age, record.needs, record.is_complete) == ("25-34", ["medical"], False)
    assert [each["is_recorded"] for each in desk.get("/desk.json").json()["own"]] == [False]
    assert desk.get(f"/c/{ended.code}/record.json").json()["age"] == "25-34"
    assert desk.post(f"/c/{ended.code}/record", blank(age="20-24")).status_code == 200
    assert desk.post(f"/c/{ended.code}/record/draft", blank(age="65+")).status_code == 200  # came late
    assert ContactRecord.objects.get().age == "20-24"


def test_a_draft_of_what_is_no_code_is_refused(ended: Conversation, asha: User, desk_of: DeskOf) -> None:
    refused = desk_of(asha).post(f"/c/{ended.code}/record/draft", blank(role="customer"))
    assert (refused.status_code, refused.json()["fields"]) == (400, ["role"])


def test_late_coding_by_whoever_had_the_contact(ended: Conversation, asha: User, ben: User, desk_of: DeskOf) -> None:
    was(ended, 20)
    page, address = desk_of(asha).client, f"/records/{ended.code}/"
    assert address in page.get("/records/").content.decode()
    assert "Nothing is left to code" in desk_of(ben).get("/records/").content.decode()
    assert desk_of(ben).get(address).status_code == 404
    assert page.post(f"{address}save", blank(region="otago", what="later")).status_code == 302
    shown = page.get(address).content.decode()
    assert '<option value="otago" selected>' in shown
    assert address in page.get("/records/").content.decode()
    wrong = page.post(f"{address}save", blank(region="atlantis", age="13-19"))
    assert wrong.status_code == 400
    assert '<option value="13-19" selected>' in wrong.content.decode()
    assert page.post(f"{address}save", blank(region="otago", needs=["acc"])).status_code == 302
    record = ContactRecord.objects.get()
    assert (record.region, record.needs, record.is_complete) == ("otago", ["acc"], True)
    assert "Nothing is left to code" in page.get("/records/").content.decode()


def test_a_closed_month_refuses_kindly_and_keeps_what_was_chosen(
    ended: Conversation, line: Line, asha: User, desk_of: DeskOf
) -> None:
    close_month(line, month_of(was(ended, 80).started_at))
    desk = desk_of(asha)
    assert "Nothing is left to code" in desk.get("/records/").content.decode()
    late = desk.client.post(f"/records/{ended.code}/save", blank(region="otago"))
    assert late.status_code == 409
    assert "it is counted as it is" in late.content.decode()
    assert '<option value="otago" selected>' in late.content.decode()
    refused = desk.post(f"/c/{ended.code}/record/draft", blank())
    assert (refused.status_code, refused.json()["error"]) == (409, "month_closed")
    assert not ContactRecord.objects.get().is_complete


def test_supervisors_see_who_has_how_much_left_on_their_lines(
    ended: Conversation, line: Line, asha: User, sunita: User, hire: Callable[..., User], desk_of: DeskOf
) -> None:
    grace = hire("grace", Role.SUPERVISOR)  # of no line
    for supervisor, is_told in ((sunita, True), (grace, False)):
        page = desk_of(supervisor).get("/records/").content.decode()
        assert (f"{asha.name} · {line.name}" in page) == is_told
        assert ended.code not in page
        assert desk_of(supervisor).get(f"/records/{ended.code}/").status_code == 404
    assert "On your lines" not in desk_of(asha).get("/records/").content.decode()
    staff_line(line, [grace])
    erase(ended)  # nobody knows any more what it was about
    assert f"{asha.name} · {line.name}" not in desk_of(grace).get("/records/").content.decode()


def test_a_second_person_codes_blind_and_supervisors_see_how_alike(
    waiting: Conversation,
    line: Line,
    asha: User,
    sunita: User,
    desk_of: DeskOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agreement, "ONE_IN", 1)
    take(asha, waiting)
    begin_companion(waiting, sunita, Companion.Kind.READING)
    end(waiting, "counsellor")
    assert desk_of(asha).post(f"/c/{waiting.code}/record", blank(role="friend")).status_code == 200
    page, address = desk_of(sunita).client, f"/records/{waiting.code}/again/"
    assert address in page.get("/records/").content.decode()
    assert desk_of(asha).get(address).status_code == 404
    shown = page.get(address).content.decode()
    assert '<option value="not_stated" selected>' in shown
    assert '<option value="friend" selected>' not in shown
    wrong = page.post(f"{address}save", blank(role="customer", age="65+"))
    assert wrong.status_code == 400
    assert '<option value="65+" selected>' in wrong.content.decode()
    assert page.post(f"{address}save", blank(role="survivor")).status_code == 302
    assert page.get(address).status_code == 404
    assert Agreement.objects.filter(field="role", first="friend", second="survivor", count=1).exists()
    quality = page.get("/records/quality/").content.decode()
    assert "1 of 20" in quality
    Agreement.objects.update(count=25)
    Agreement.objects.filter(field="role").update(second="friend")
    Agreement.objects.create(line=line, month=month_of(timezone.now()), field="role", first="b", second="b", count=5)
    assert "1.00" in page.get("/records/quality/").content.decode()
    assert desk_of(asha).get("/records/quality/").status_code == 403
