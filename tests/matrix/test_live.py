"""Every address of the live process × every role, nobody, the help-seeker and another one."""

import ast
import inspect
import textwrap
from collections.abc import Callable

import pytest

from helpline.accounts.models import User
from helpline.live import application
from tests.live.conftest import live, sign_in, start_live
from tests.live.running import Running
from tests.matrix.scene import ANONYMOUS, OWNER, WORDLESS, WORDS, Scene, State
from tests.people import HelpSeeker, Member

__all__ = ["live", "sign_in", "start_live"]

pytestmark = pytest.mark.timeout(900)

PERSON, ANOTHER = "help-seeker of the conversation", "help-seeker of another conversation"
STRANGERS = {ANONYMOUS: 401, ANOTHER: 404, **dict.fromkeys(WORDS, 404), **dict.fromkeys(WORDLESS, 403)}
NOT_SIGNED_IN = {ANONYMOUS: 401, PERSON: 401, ANOTHER: 401}
EVERYBODY = [ANONYMOUS, PERSON, ANOTHER, *WORDS, *WORDLESS]
ENTRIES: dict[str, dict[str, int]] = {
    "messages": {**STRANGERS, PERSON: 202, OWNER: 202},
    "receipts": {**STRANGERS, PERSON: 204, OWNER: 204},
    "typing": {**STRANGERS, PERSON: 204, OWNER: 204},
    "stream": {**dict.fromkeys(EVERYBODY, 404), PERSON: 200},  # for a capability only; staff have their desk
    "desk": {**NOT_SIGNED_IN, **dict.fromkeys(WORDS, 200), **dict.fromkeys(WORDLESS, 403)},
    "wall": {**NOT_SIGNED_IN, **dict.fromkeys(WORDS, 200), **dict.fromkeys(WORDLESS, 403)},
    "plain": dict.fromkeys(EVERYBODY, 404),  # the tests' live process has no page; tests/channels/webchat has it
    "health": dict.fromkeys(EVERYBODY, 200),
}


def addresses() -> set[str]:
    """What the live process routes, read from the code that does it."""
    source = textwrap.dedent(inspect.getsource(application.Live._route))
    [match] = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Match)]
    found = set(application._POSTS)
    patterns = [case.pattern for case in match.cases]
    for each in (one for all_ in patterns for one in (all_.patterns if isinstance(all_, ast.MatchOr) else [all_])):
        last = each.patterns[-1] if isinstance(each, ast.MatchSequence) else None
        if isinstance(last, ast.MatchValue) and isinstance(last.value, ast.Constant):
            found.add(str(last.value.value))
    return found


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    assert addresses() == ENTRIES.keys()


def test_who_is_answered_what(
    live: Running,
    set_scene: Callable[[State], Scene],
    help_seeker: HelpSeeker,
    sign_in: Callable[[User], dict[str, str]],
    unlock: Callable[[User], Member],
) -> None:
    scene, another = set_scene(State.OPEN), HelpSeeker()
    another.start(scene.conversation.line)
    claims = {ANONYMOUS: {"X-Helpline": "desk"}, PERSON: help_seeker.authorization, ANOTHER: another.authorization}
    claims |= {who: sign_in(user) for who, user in scene.staff.items()}
    writers = {who: unlock(user).writer(scene.conversation) for who, user in scene.staff.items()}
    found = {}
    for name, expected in ENTRIES.items():
        for who, status in expected.items():
            writer = writers.get(who, help_seeker.writer)
            body = {"messages": writer.seal_json("Kia ora"), "receipts": {"seq": 1}, "typing": {"on": True}}.get(name)
            found[name, who] = (status, ask(live, name, scene.conversation.code, claims[who], body))
    assert {cell: answers for cell, answers in found.items() if answers[0] != answers[1]} == {}


def ask(live: Running, name: str, code: str, headers: dict[str, str], body: object) -> int:
    if body is not None:
        return live.post(f"/live/c/{code}/{name}", headers, body).status
    path = f"/live/c/{code}/{name}" if name == "stream" else f"/live/{name}"
    stream = live.stream(path, {**headers, "X-Helpline": "desk"})
    stream.close()
    return stream.status


@pytest.mark.parametrize("name", ["messages", "receipts", "typing"])
def test_a_link_writes_nothing(live: Running, name: str) -> None:
    assert live.request("GET", f"/live/c/{'A' * 22}/{name}", {}).status == 404
