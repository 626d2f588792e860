"""The editors' page: written, looked at in both forms, sent by somebody else in the wording that they read."""

from collections.abc import Callable

import pytest
from django.test import Client

from helpline.accounts.models import AuditEvent, User
from helpline.engagement import writing
from helpline.engagement.models import Update
from helpline.lines.models import Line
from tests.engagement.making import fields, sent_update, subscribe

pytestmark = pytest.mark.django_db
At = Callable[..., str]


@pytest.fixture
def at(client: Client) -> At:
    """A page as somebody sees it."""

    def at(user: User, path: str, form: dict[str, object] | None = None, status: int = 200) -> str:
        client.force_login(user)
        headers = {"host": "127.0.0.1"}
        address = f"/updates/{path}"
        answer = client.get(address, headers=headers) if form is None else client.post(address, form, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return str(answer.headers.get("Location", "")) or answer.content.decode()

    return at


def form(line: Line, **other: object) -> dict[str, object]:
    return {**fields(line, **other), "line": line.pk}


def test_one_writes_another_reads_it_in_both_forms_and_sends_it(at: At, line: Line, mira: User, sunita: User) -> None:
    subscribe(line, "heni@example.org")
    written = form(line, text="Kia ora <all>.\n\n- one", title_mi="He rūma", text_mi="Kia ora.")
    path = at(mira, "add", written, 302).removeprefix("/updates/")
    page = at(mira, path)
    assert "1 person asked for this." in page
    assert "<p>Kia ora &lt;all&gt;.</p>" in page
    assert "<ul><li>one</li></ul>" in page
    assert "- one</pre>" in page
    assert "He rūma" in page
    at(mira, f"{path}ask", {}, 302)
    assert "I have read it" not in at(mira, path)
    assert "You wrote it yourself" in at(mira, f"{path}send", {"revision": 1}, 409)
    assert "I have read it" in at(sunita, path)
    at(sunita, f"{path}send", {"revision": 1}, 302)
    assert "Written by" in at(sunita, path)
    update = Update.objects.get()
    assert (update.state, update.written_by, update.sent_by) == (Update.State.READY, mira, sunita)
    event = AuditEvent.objects.get(kind="update_sent")
    assert (event.actor, event.line, event.detail) == (sunita, line.slug, update.code)


def test_what_was_changed_since_it_was_read_is_not_sent(at: At, line: Line, mira: User, sunita: User) -> None:
    update = writing.write(mira, fields(line))
    writing.ask_for_a_look(mira, update)
    at(mira, f"{update.code}/save", form(line, text="Something else."), 302)
    assert Update.objects.get().state == Update.State.DRAFT
    at(mira, f"{update.code}/ask", {}, 302)
    assert "changed meanwhile" in at(sunita, f"{update.code}/send", {"revision": 1}, 409)
    assert "read it again" in at(sunita, f"{update.code}/send", {}, 400)
    at(sunita, f"{update.code}/send", {"revision": 2}, 302)


def test_whoever_changes_it_last_is_its_author(at: At, line: Line, mira: User, sunita: User) -> None:
    update = writing.write(mira, fields(line))
    at(sunita, f"{update.code}/save", form(line), 302)
    at(sunita, f"{update.code}/ask", {}, 302)
    assert "You wrote it yourself" in at(sunita, f"{update.code}/send", {"revision": 2}, 409)
    at(mira, f"{update.code}/back", {}, 302)
    assert Update.objects.get().state == Update.State.DRAFT


def test_what_is_sent_stays(at: At, line: Line, mira: User, sunita: User) -> None:
    update = sent_update(line, mira, sunita)
    assert "stays as it is" in at(mira, f"{update.code}/edit/", status=409)
    page = at(mira, f"{update.code}/save", form(line, text="Other words of mine."), 409)
    assert "Other words of mine." in page
    for what in ("ask", "back", "discard"):
        assert "changed meanwhile" in at(mira, f"{update.code}/{what}", {}, 409)
    assert "changed meanwhile" in at(sunita, f"{update.code}/send", {"revision": 1}, 409)
    assert Update.objects.get().text == fields(line)["text"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Give it a title."),
        ({"text": "  "}, "Write what there is to say."),
        ({"topic": "gossip"}, "gossip is not one of the available choices"),
        ({"title_mi": "He rūma"}, "go together"),
        ({"text_mi": "Kia ora."}, "go together"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(
    at: At, line: Line, mira: User, change: dict[str, object], said: str
) -> None:
    page = at(mira, "add", form(line, **{"text": "Words that stay.", **change}), 400)
    assert said in page
    assert "Words that stay." in page or "text" in change
    assert not Update.objects.exists()


def test_a_draft_is_thrown_away(at: At, line: Line, mira: User) -> None:
    update = writing.write(mira, fields(line))
    assert update.title in at(mira, "")
    assert at(mira, f"{update.code}/discard", {}, 302) == "/updates/"
    assert "This update is not here" in at(mira, f"{update.code}/", status=404)


def test_it_is_for_editors_and_supervisors(at: At, line: Line, asha: User, mira: User) -> None:
    at(asha, "", status=403)
    with pytest.raises(writing.NotAWriter):
        writing.write(asha, fields(line))
    assert 'href="/updates/"' in at(mira, "")
