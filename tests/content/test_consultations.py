"""Writing a draft that is consulted on, at the editors' door: its sections keep who they are, whatever is saved."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from helpline.accounts.models import User
from helpline.content.models import ConsultationPage, HomePage
from helpline.engagement.wagtail_hooks import keep_what_was_said, keep_what_was_said_to_any
from helpline.lines.models import Line
from tests.engagement.consulting import a_consultation, said

pytestmark = pytest.mark.django_db
ComeIn = Callable[[User], Client]


def written(**more: object) -> dict[str, str]:
    """As Wagtail's form sends it."""
    today = timezone.localdate()
    section = {
        "title": "First contact",
        "text": rich_text("<p>How people find a way in.</p>"),
        "proposals": streamfield([("item", "Nobody waits longer than two weeks.")]),
        "said": rich_text(""),
        "did": rich_text(""),
    }
    given = {
        "title": "A framework",
        "slug": "framework",
        "summary": "",
        "order": "100",
        "opens_on": f"{today}",
        "closes_on": f"{today + dt.timedelta(days=14)}",
        "sections": streamfield([("section", section)]),
        "outcome": rich_text(""),
    }
    sent: dict[str, str] = nested_form_data({**given, **more})
    return sent


def test_an_editor_writes_a_draft_and_its_sections_keep_their_keys(come_in: ComeIn, home: HomePage, mira: User) -> None:
    browser = come_in(mira)
    add = f"/pages/add/content/consultationpage/{home.pk}/"
    assert browser.get(add).status_code == 200
    assert browser.post(add, written()).status_code == 302
    page = ConsultationPage.objects.get()
    assert not page.live
    [section] = page.sections
    [proposal] = section.value["proposals"].bound_blocks
    assert section.value["title"] == "First contact"
    edited = browser.get(f"/pages/{page.pk}/edit/")
    assert edited.status_code == 200
    kept = page.save_revision().as_object()
    assert [block.id for block in kept.sections] == [section.id]
    assert kept.sections[0].value["proposals"].bound_blocks[0].id == proposal.id


def test_days_that_cannot_be_are_refused_in_a_sentence(come_in: ComeIn, home: HomePage, mira: User) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    answer = come_in(mira).post(f"/pages/add/content/consultationpage/{home.pk}/", written(closes_on=f"{yesterday}"))
    assert "It closes before it opens." in answer.content.decode()
    assert not ConsultationPage.objects.exists()


def test_a_preview_shows_it_as_it_will_be_read(line: Line) -> None:
    page = a_consultation(line)
    shown = page.serve_preview(RequestFactory().get("/"), "").content.decode()
    assert "How people find a way in." in shown
    assert "Nobody waits longer than two weeks." in shown
    assert "<form" not in shown


def test_by_its_name_alone_it_leads_to_where_consultations_are(client: Client, line: Line) -> None:
    a_consultation(line)
    for language in ("", "/mi"):
        answer = client.get(f"{language}/framework/", headers={"host": "localhost"})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{language}/consultations/framework/")


@pytest.mark.urls("helpline.workspace.editing_urls")
def test_what_people_have_answered_to_is_not_deleted(line: Line) -> None:
    page = a_consultation(line)
    asked = RequestFactory().post("/")
    asked.session = {}  # type: ignore[assignment]  # where messages may be kept
    asked._messages = FallbackStorage(asked)  # type: ignore[attr-defined]  # Django's own place for them
    assert keep_what_was_said(asked, page) is None
    said(page)
    for answer in (keep_what_was_said(asked, page), keep_what_was_said_to_any(asked, "delete", [page.home], None)):
        assert answer is not None
        assert answer.status_code == 302
    assert len(get_messages(asked)) == 2
    assert keep_what_was_said_to_any(asked, "publish", [page], None) is None
