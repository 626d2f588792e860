"""Editors write what counsellors may take into a reply; what may go by text takes three texts at most."""

from collections.abc import Callable

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.channels.models import Template
from helpline.lines.models import Channel, Line
from tests.people import HelpSeeker
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
KIND = {"channel": "", "language": "en", "title": "Safe now", "text": "Are you safe right now?"}


@pytest.fixture
def written(line: Line) -> dict[str, str]:
    line.channels = [Channel.WEBCHAT, Channel.SMS]
    line.save()
    return KIND | {"line": line.slug}


def enter(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def test_an_editor_writes_changes_and_takes_away(mira: User, written: dict[str, str]) -> None:
    editor = enter(mira)
    assert editor.post("/ready-answers/add", written).status_code == 302
    one = Template.objects.get()
    assert one.edited_by == mira
    assert "Are you safe right now?" in editor.get("/ready-answers/").content.decode()
    changed = written | {"text": "Kei te haumaru koe?", "language": "mi"}
    assert editor.post(f"/ready-answers/{one.code}/change", changed).status_code == 302
    one.refresh_from_db()
    assert (one.language, one.text) == ("mi", "Kei te haumaru koe?")
    assert editor.post(f"/ready-answers/{one.code}/drop").status_code == 302
    assert not Template.objects.exists()
    assert editor.post(f"/ready-answers/{one.code}/drop").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"), [("a" * 460, "takes 4 messages"), ("ā" * 202, "A macron"), ("", "Write what is said.")]
)
def test_what_takes_too_many_texts_is_said_kindly_and_stays(
    mira: User, written: dict[str, str], text: str, said: str
) -> None:
    answer = enter(mira).post("/ready-answers/add", written | {"text": text})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert text in page
    assert 'value="Safe now"' in page
    assert not Template.objects.exists()


def test_for_a_page_or_a_mail_it_may_be_longer(mira: User, written: dict[str, str]) -> None:
    for channel in (Channel.WEBCHAT, Channel.EMAIL):
        answer = enter(mira).post("/ready-answers/add", written | {"text": "a" * 1000, "channel": channel.value})
        assert answer.status_code == 302


def test_two_of_one_title_are_told_apart_by_nobody(mira: User, written: dict[str, str]) -> None:
    editor = enter(mira)
    editor.post("/ready-answers/add", written)
    answer = editor.post("/ready-answers/add", written)
    assert answer.status_code == 400
    assert "Give it another." in answer.content.decode()


def test_a_supervisor_writes_for_their_own_line_only(sunita: User, mira: User, written: dict[str, str]) -> None:
    other = Line.objects.create(slug="quitline", name="Quitline", languages=["en"], channels=["webchat"])
    supervisor = enter(sunita)
    assert supervisor.post("/ready-answers/add", written | {"line": other.slug}).status_code == 400
    enter(mira).post("/ready-answers/add", written | {"line": other.slug})
    elsewhere = Template.objects.get()
    assert supervisor.post(f"/ready-answers/{elsewhere.code}/change", written).status_code == 404
    assert elsewhere.text not in supervisor.get("/ready-answers/").content.decode()


def test_the_desk_is_given_those_of_its_line_and_channel_the_persons_language_first(
    desk_of: Callable[[User], Desk], asha: User, mira: User, line: Line, written: dict[str, str]
) -> None:
    editor = enter(mira)
    for title, channel, language in (("B", "", "en"), ("C", "webchat", "mi"), ("A", "sms", "mi")):
        editor.post("/ready-answers/add", written | {"title": title, "channel": channel, "language": language})
    conversation = HelpSeeker().start(line)
    desk = desk_of(asha)
    desk.take(conversation, line)
    titles = [each["title"] for each in desk.get(f"/c/{conversation.code}/answers.json").json()["answers"]]
    assert titles == ["B", "C"]
    assert desk.post(f"/c/{conversation.code}/language", {"language": "mi"}).status_code == 200
    titles = [each["title"] for each in desk.get(f"/c/{conversation.code}/answers.json").json()["answers"]]
    assert titles == ["C", "B"]
