"""A line that is closed, or has not come to somebody's region yet: told before the chat starts."""

import json

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from tests.people import HelpSeeker

from .conftest import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_canterbury_first(line: Line) -> Line:
    line.regions = ["canterbury"]
    line.save()
    return line


def test_a_line_without_web_chat_shows_none(client: Client, line: Line) -> None:
    assert 'href="/chat/"' in client.get("/").content.decode()
    line.channels = ["voice"]
    line.save()
    for path in ("/", "/about/", "/digital-safety/"):
        assert 'href="/chat/"' not in client.get(path).content.decode()
    assert client.get("/chat/").headers["Location"] == "/"


def test_a_closed_line_says_so_before_the_start_though_somebody_is_there(
    client: Client, closed: Line, on_shift: User
) -> None:
    page = client.get("/chat/").content.decode()
    for words in ("The chat is closed right now", "We open again at", "Leave a message", 'href="tel:111"', "1737"):
        assert words in page
    assert "you will be next" not in page


def test_one_may_write_to_a_closed_line(post: Post, closed: Line, help_seeker: HelpSeeker) -> None:
    assert post("start", help_seeker.start_json(closed)).status_code == 200


def test_where_one_is_is_asked_only_of_a_line_that_opens_in_regions(client: Client, line: Line) -> None:
    assert "Where are you?" not in client.get("/chat/").content.decode()
    line.regions = ["canterbury"]
    line.save()
    page = client.get("/chat/").content.decode()
    assert page.count('class="not-yet"') == 15
    assert "Waitaha · Canterbury" in page


@pytest.mark.parametrize(
    ("region", "in_danger", "status"),
    [("canterbury", None, 200), ("otago", None, 409), ("otago", False, 409), ("otago", True, 200), ("", None, 200)],
)
def test_who_is_elsewhere_is_told_so_unless_in_danger_or_not_saying(
    post: Post, in_canterbury_first: Line, help_seeker: HelpSeeker, region: str, in_danger: bool | None, status: int
) -> None:
    body = help_seeker.start_json(in_canterbury_first, in_danger=in_danger)
    answer = post("start", {**body, "region": region})
    assert answer.status_code == status
    assert Conversation.objects.exists() == (status == 200)
    if status == 409:
        assert json.loads(answer.content)["error"] == "elsewhere"


def test_a_region_that_does_not_exist_starts_nothing(post: Post, line: Line, help_seeker: HelpSeeker) -> None:
    for region in ("atlantis", "overseas", 3, ["otago"]):
        assert post("start", {**help_seeker.start_json(line), "region": region}).status_code == 400
    assert not Conversation.objects.exists()
