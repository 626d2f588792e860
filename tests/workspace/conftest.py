"""A desk without a browser: what its script would post, with the keys that only its owner could use."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from helpline.accounts import identities, provider
from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_decode, b64url_encode
from tests.oidc_provider import Provider, running
from tests.people import HelpSeeker, Member, offer_to


@dataclass
class Desk:
    member: Member
    client: Client

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, body: object = None) -> Any:
        return self.client.post(path, json.dumps(body or {}), content_type="application/json")

    def take(self, conversation: Conversation, line: Line) -> bytes:
        """Be offered it, accept and keep one's own grant; returns the conversation's private key."""
        offer_to(self.member.user, conversation)
        answer = self.post(f"/c/{conversation.code}/accept")
        assert answer.status_code == 200, answer.content
        sealed = b64url_decode(answer.json()["queue_grant"])
        queue_seed = self.member.line_seed(line, contexts.QUEUE)
        seed = sealing.open_grant(queue_seed, sealed, code=conversation.code, reader=contexts.QUEUE)
        own = {"grant": b64url_encode(self.member.own_grant(conversation.code, seed))}
        assert self.post(f"/c/{conversation.code}/grant", own).status_code == 200
        return seed


@pytest.fixture
def visitor() -> Client:
    """A browser at the staff door, not signed in."""
    return Client(headers={"host": "127.0.0.1"})


@pytest.fixture
def desk_of(unlock: Callable[[User], Member]) -> Callable[[User], Desk]:
    def make(user: User) -> Desk:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        return Desk(unlock(user), client)

    return make


@pytest.fixture
def arrive(line: Line) -> Callable[..., Conversation]:
    """Somebody new waits on the line."""

    def start(**facts: bool) -> Conversation:
        return HelpSeeker().start(line, **facts)

    return start


@pytest.fixture
def kauri(settings: Any) -> Iterator[Provider]:
    """The organisation's own sign-in, named in the settings."""
    provider._known.clear()
    with running(Provider()) as own:
        for name, value in own.environment.items():
            setattr(settings, name.removeprefix("HELPLINE_"), value)
        yield own


@pytest.fixture
def linked(kauri: Provider, asha: User) -> User:
    identities.link_identity(asha, kauri.subject)
    return asha
