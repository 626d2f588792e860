"""What a line of the matrix says, and who stands at the staff door."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation

Body = dict[str, Any]
Who = str
Answers = Mapping[Who, int]

# The columns. A role that holds no words is its own column; a new one is here by being a role.
ANONYMOUS = "anonymous"
OWNER = "counsellor of the conversation"
COLLEAGUE = "counsellor of the line"
STRANGER = "counsellor of another line"
SUPERVISOR = "supervisor of the line"
ELSEWHERE = "supervisor of another line"
WORDS: dict[Who, Role] = {
    OWNER: Role.COUNSELLOR,
    COLLEAGUE: Role.COUNSELLOR,
    STRANGER: Role.COUNSELLOR,
    SUPERVISOR: Role.SUPERVISOR,
    ELSEWHERE: Role.SUPERVISOR,
}
WORDLESS: dict[Who, Role] = {role.value: role for role in Role if role not in WORDS.values()}
STAFF = WORDS | WORDLESS
EVERYONE = [ANONYMOUS, *STAFF]
DOOR, OTHER_DOOR = {"host": "127.0.0.1"}, {"host": "localhost"}
# A first page, one of figures (published at the one, to be signed at the other), one of updates (to sign up, to write),
# one of consultations (to say something, to read it first).
BOTH_DOORS = {"", "consultations/", "contract/", "events/", "figures/", "posters/", "updates/"}


class State(StrEnum):
    """How the conversation stands that an address is asked about."""

    WAITING = "waiting in the queue"
    OPEN = "open, its counsellor calls for help and asks for a disclosure"
    CLOSED = "closed by its counsellor"


@dataclass
class Scene:
    conversation: Conversation
    clients: dict[Who, Client]
    staff: dict[Who, User]
    disclosure: str = ""


def nothing(scene: Scene) -> Body:
    return {}


def the_conversation(scene: Scene) -> dict[str, str]:
    return {"code": scene.conversation.code}


def the_line(scene: Scene) -> dict[str, str]:
    return {"slug": scene.conversation.line.slug}


def the_colleague(scene: Scene) -> dict[str, str]:
    """For an address that names a member of staff."""
    return {"code": scene.staff[COLLEAGUE].code}


@dataclass(frozen=True)
class Entry:
    """One address: how it is asked, and the status that each column is answered in each state."""

    method: str
    answers: Mapping[State, Answers]
    body: Callable[[Scene], Body] = nothing
    about: Callable[[Scene], dict[str, str]] = the_conversation
    """The values of the address's own parts."""


def refusals(words: int = 404, wordless: int = 403) -> dict[Who, int]:
    """What those hear who are not meant: sign in; not for your role; there is no such thing."""
    return {ANONYMOUS: 401, **dict.fromkeys(WORDS, words), **dict.fromkeys(WORDLESS, wordless)}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Every address of a urlconf, as it is written there."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern)
