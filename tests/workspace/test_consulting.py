"""The moderators' page: what people say is read before others can, by whoever may, in the wording that they read."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpline.accounts.models import AuditEvent, Role, User
from helpline.content.models import ConsultationPage
from helpline.engagement.consultations import Person
from helpline.engagement.models import Comment, HuiNote, Said, Submission
from helpline.lines.models import Line
from tests.engagement.consulting import FIRST, OTHERS, ROOM, SECOND, WAIT, a_consultation, said

pytestmark = pytest.mark.django_db
At = Callable[..., str]
HENI = Person("Heni Tamatea", "Kōwhai Trust", "heni@example.org")


@pytest.fixture
def page(line: Line) -> ConsultationPage:
    return a_consultation(line)


@pytest.fixture
def at(client: Client, page: ConsultationPage) -> At:
    """A page as somebody sees it."""

    def at(user: User, path: str, form: dict[str, Any] | None = None, status: int = 200) -> str:
        client.force_login(user)
        headers = {"host": "127.0.0.1"}
        address = f"/consultations/{page.translation_key}/{path}"
        answer = client.get(address, headers=headers) if form is None else client.post(address, form, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return str(answer.headers.get("Location", "")) or answer.content.decode()

    return at


def reading(comment: Any, **more: str) -> dict[str, Any]:
    return {"code": comment.code, "revision": comment.revision, "state": comment.state, "do": "show", **more}


def test_what_waits_is_shown_or_kept_back_for_a_reason(at: At, page: ConsultationPage, mira: User) -> None:
    comment = said(page, wait=("block", "It is too long.")).comments.get()
    waits = at(mira, "")
    assert "To read (2)" in waits.replace("</h2>", "")
    assert "The wait is what matters." in waits
    assert "Nobody waits longer than two weeks." in waits
    assert "Choose why it is not shown" in at(mira, "read", reading(comment, do="keep-back"), 400)
    at(mira, "read", reading(comment, do="keep-back", why="story"), 302)
    comment.refresh_from_db()
    assert (comment.state, comment.why, comment.read_by) == (Said.State.KEPT_BACK, "story", mira)
    at(mira, "read", reading(comment, back="all"), 302)  # on second thoughts
    comment.refresh_from_db()
    assert (comment.state, comment.why) == (Said.State.SHOWN, "")


def test_nobody_shows_what_was_changed_since_they_read_it(at: At, page: ConsultationPage, mira: User) -> None:
    old = said(page).comments.get()
    said(page, "Something else.")
    changed = at(mira, "read", reading(old), 409)
    assert "Please read it again." in changed
    assert "Something else." in changed
    new = Comment.objects.get()
    at(mira, "read", reading(new), 302)
    at(mira, "read", reading(new), 409)  # a colleague was quicker
    new.delete()
    at(mira, "read", reading(new), 409)


def test_private_words_are_read_by_moderators_and_cannot_be_shown(at: At, page: ConsultationPage, mira: User) -> None:
    comment = said(page, "Only for you.", is_private=True, person=HENI).comments.get()
    assert "Only for you." not in at(mira, "")
    everything = at(mira, "all/")
    assert "Only for you." in everything
    assert "heni@example.org" in everything
    assert "Show it" not in everything
    at(mira, "read", reading(comment), 409)


def test_a_flood_is_set_aside_and_counted_again(at: At, page: ConsultationPage, mira: User) -> None:
    submission = said(page)
    at(mira, "aside", {"submission": submission.code, "is_set_aside": "on"}, 302)
    assert Submission.objects.get().is_set_aside
    assert "Nothing waits." in at(mira, "")
    at(mira, "aside", {"submission": submission.code}, 302)
    assert not Submission.objects.get().is_set_aside
    at(mira, "aside", {"submission": "none"}, 404)
    at(mira, "aside", {}, 400)


def test_a_hui_is_written_down_changed_and_thrown_away(at: At, page: ConsultationPage, mira: User) -> None:
    path = f"hui/to/{FIRST}/"
    assert "Nobody waits longer than two weeks." in at(mira, path)
    held = {
        "held_on": "2026-11-20",
        "place": "Ōtepoti",
        "people": "14",
        "text": "Evenings, please.",
        f"agree-{WAIT}": "9",
    }
    typed = at(mira, f"{path}add", {**held, "held_on": "soon", f"block-{ROOM}": "-1"}, 400)
    assert "On which day was it?" in typed
    assert "Evenings, please." in typed
    at(mira, f"{path}add", {**held, f"block-{WAIT}": "3"}, 302)
    note = HuiNote.objects.get()
    [count] = note.counts.all()  # no hand was counted for the other
    assert (note.people, count.proposal, count.agree, count.block) == (14, WAIT, 9, 3)
    assert 'value="9"' in at(mira, f"hui/{note.code}/")
    at(mira, f"hui/{note.code}/save", {**held, "text": "In the evening, please.", "people": ""}, 302)
    note.refresh_from_db()
    assert (note.text, note.people, note.counts.get().block) == ("In the evening, please.", None, 0)
    at(mira, f"hui/{note.code}/save", {}, 400)
    at(mira, f"hui/{note.code}/drop", {}, 302)
    assert not HuiNote.objects.exists()
    at(mira, f"hui/{note.code}/", status=404)
    at(mira, f"hui/to/{WAIT}/", status=404)


def test_files_for_staff_have_private_words_and_names_no_address_and_are_accounted_for(
    at: At, page: ConsultationPage, mira: User
) -> None:
    said(page, "Only for you.", is_private=True, person=HENI)
    said(page, "+1 to that", OTHERS, section=SECOND)
    table = at(mira, "said.csv")
    assert "Only for you." in table
    assert "Heni Tamatea,Kōwhai Trust" in table
    assert "'+1 to that" in table
    told = json.loads(at(mira, "said.json"))
    assert [each["text"] for each in told["said"]] == ["+1 to that", "Only for you."]
    assert "example.org" not in table + json.dumps(told)
    events = AuditEvent.objects.filter(kind="submissions_taken")
    assert {(each.actor, each.line, each.detail) for each in events} == {(mira, page.home.line.slug, "framework")}


def test_it_is_for_editors_and_operators(
    at: At, client: Client, page: ConsultationPage, mira: User, asha: User, sunita: User, hire: Callable[..., User]
) -> None:
    comment = said(page).comments.get()
    for user in (asha, sunita):
        at(user, "", status=403)
        at(user, "all/", status=403)
        at(user, "said.csv", status=403)
        at(user, "read", reading(comment), 403)
    assert 'href="/consultations/"' in at(mira, "")
    at(hire("oliver", Role.OPERATOR), "all/")
    listed = client.get("/consultations/", headers={"host": "127.0.0.1"}).content.decode()
    assert "A framework for services" in listed
    assert "1 to read" in listed
    missing = client.get(f"/consultations/{FIRST}/", headers={"host": "127.0.0.1"})
    assert missing.status_code == 404
