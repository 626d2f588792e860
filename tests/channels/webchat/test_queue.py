"""Waiting, seen from the person's page: leaving for a moment, coming back, and a key sealed anew."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Conversation, Grant
from helpline.lines.models import Line
from helpline.routing import actions as routing
from helpline.routing.models import QueueEntry
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_decode, b64url_encode
from tests.people import HelpSeeker, Member, take

from .plain_tab import Tab, the_conversation

pytestmark = pytest.mark.django_db
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(waiting: Conversation, help_seeker: HelpSeeker) -> Ask:
    """What the person's page posts about its own conversation."""
    client = Client(headers={"host": "localhost"})
    own = {"code": help_seeker.code, "capability": b64url_encode(help_seeker.capability)}

    def make(name: str, **more: Any) -> dict[str, Any]:
        answer = client.post(f"/chat/{name}", {**own, **more}, content_type="application/json")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = json.loads(answer.content)
        return found

    return make


def test_leaving_for_a_moment_and_coming_back_to_the_place(ask: Ask, line: Line) -> None:
    assert (ask("state")["place"], ask("state")["is_left"]) == (1, False)
    left = ask("pause")
    assert (left["place"], left["is_left"]) == (None, True)
    assert 595 <= left["left_until"] - left["now"] <= 600
    assert ask("pause")["left_until"] == left["left_until"]  # asked twice, it ends no later
    HelpSeeker().start(line)
    assert ask("resume")["place"] == 1
    assert ask("resume")["place"] == 1


def test_who_is_talking_cannot_leave_a_queue(ask: Ask, waiting: Conversation, asha: User) -> None:
    take(asha, waiting)
    assert (ask("pause")["state"], ask("pause")["is_left"]) == ("open", False)
    assert QueueEntry.objects.get().state == QueueEntry.State.HELD


def test_after_a_lost_counsellor_the_page_seals_its_key_anew(
    ask: Ask, waiting: Conversation, help_seeker: HelpSeeker, asha: User, line: Line, unlock: Callable[[User], Member]
) -> None:
    take(asha, waiting)
    assert ask("state")["needs_key"] is False
    Grant.objects.filter(conversation=waiting, reader=Grant.Reader.QUEUE).delete()  # as the owner's own grant does
    routing.return_lost(waiting, asha, "Lost.")
    told = ask("state")
    assert (told["needs_key"], told["place"]) == (True, 1)
    key = b64url_decode(told["keys"]["queue"])
    sealed = sealing.seal_grant(key, help_seeker.seed, code=help_seeker.code, reader=contexts.QUEUE)
    ask("regrant", grant=b64url_encode(sealed))
    assert (ask("state")["needs_key"], ask("state")["keys"]) == (False, None)
    take(asha, waiting)
    grant = grant_of(waiting, Grant.Reader.QUEUE)
    assert grant
    queue_seed = unlock(asha).line_seed(line, contexts.QUEUE)
    opened = sealing.open_grant(queue_seed, grant, code=waiting.code, reader=contexts.QUEUE)
    assert opened == help_seeker.seed


@pytest.mark.django_db(transaction=True)
def test_without_javascript_the_server_seals_it_anew(
    talking: Tab, asha: User, line: Line, unlock: Callable[[User], Member]
) -> None:
    conversation = the_conversation()
    Grant.objects.filter(conversation=conversation, reader=Grant.Reader.QUEUE).delete()
    routing.return_lost(conversation, asha, "The line was lost.")
    talking.hear()
    sunita = unlock(User.objects.get(username="sunita"))
    seeds = {
        sealing.open_grant(
            sunita.line_seed(line, reader),
            grant_of(conversation, reader) or b"",
            code=conversation.code,
            reader=reader,
        )
        for reader in (contexts.QUEUE, contexts.SUPERVISOR)
    }
    assert len(seeds) == 1
