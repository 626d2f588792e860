"""Companions on the live wire: who follows, who may write, whose name comes with a message, and what never travels."""

from collections.abc import Callable
from typing import Any

import pytest

from helpline.accounts.models import User
from helpline.conversations import actions
from helpline.conversations.companions import Letter, begin_companion, end_companion, whisper
from helpline.conversations.handovers import Target, ask_handover
from helpline.conversations.models import Author, Companion, Conversation
from helpline.vault import sealing
from helpline.vault.codes import b64url_encode, new_code
from tests.live.running import EventStream, Running
from tests.people import HelpSeeker, Member, words_of

SignIn = Callable[[User], dict[str, str]]
READING, JOINED = Companion.Kind.READING, Companion.Kind.JOINED


@pytest.fixture
def open_one(waiting: Conversation, asha: User) -> Conversation:
    actions.assign(waiting, asha)
    return waiting


def test_a_companion_follows_until_their_time_ends(
    live: Running, open_one: Conversation, sunita: User, sign_in: SignIn
) -> None:
    desk = live.stream("/live/desk", sign_in(sunita))
    desk.until("queue")
    begin_companion(open_one, sunita, READING)
    [told] = desk.messages(1)
    assert (told.data["code"], told.data["author"]) == (open_one.code, "system")
    end_companion(open_one, sunita)  # that they left is said when they have gone
    assert desk.until("state")[-1].data == {"code": open_one.code}
    actions.say(open_one, "Kia ora")
    begin_companion(open_one, sunita, READING)
    seqs = [message.data["seq"] for message in desk.messages(4)]
    assert seqs == [1, 2, 3, 4]  # nothing came meanwhile: this is all of it, from the beginning


@pytest.mark.parametrize("kind", [READING, JOINED])
def test_who_reads_along_neither_writes_nor_types_and_their_receipt_counts_for_nobody(
    live: Running,
    open_one: Conversation,
    sunita: User,
    sign_in: SignIn,
    unlock: Callable[[User], Member],
    kind: str,
) -> None:
    begin_companion(open_one, sunita, kind)
    message, staff = unlock(sunita).writer(open_one).seal_json("Kia ora"), sign_in(sunita)
    path = f"/live/c/{open_one.code}"
    posts: list[tuple[str, Any]] = [("messages", message), ("typing", {"on": True}), ("receipts", {"seq": 1})]
    answers = [live.post(f"{path}/{name}", staff, body).status for name, body in posts]
    assert answers == ([404, 404, 204] if kind == READING else [202, 204, 204])
    open_one.refresh_from_db()
    assert open_one.counsellor_seq == 0


def test_each_message_brings_its_own_authors_name_also_after_a_hand_over(
    live: Running,
    open_one: Conversation,
    asha: User,
    ben: User,
    sunita: User,
    unlock: Callable[[User], Member],
    open_stream: Callable[..., EventStream],
) -> None:
    begin_companion(open_one, sunita, JOINED)
    for user in (asha, sunita):
        actions.add_message(open_one, Author.COUNSELLOR, unlock(user).writer(open_one).seal("Kia ora"), user=user)
    actions.transfer(open_one, asha, ben, b"to ben")
    actions.add_message(open_one, Author.COUNSELLOR, unlock(ben).writer(open_one).seal("Kia ora"), user=ben)
    stream, keys = open_stream(), list[dict[str, Any]]()
    while len(keys) < 4:
        keys.append(stream.until("key")[-1].data)
    assert [(key["author"], key["by"]) for key in keys] == [
        ("system", None),
        ("counsellor", "Kōwhai"),
        ("counsellor", "Rātā"),
        ("counsellor", "Rimu"),
    ]


def test_a_pseudonym_cannot_break_the_wire(
    live: Running,
    open_one: Conversation,
    asha: User,
    unlock: Callable[[User], Member],
    open_stream: Callable[..., EventStream],
) -> None:
    name = 'Ta"ne\n\nevent: state\\'
    User.objects.filter(pk=asha.pk).update(pseudonym=name)
    actions.add_message(open_one, Author.COUNSELLOR, unlock(asha).writer(open_one).seal("Kia ora"), user=asha)
    assert open_stream().until("key")[-1].data["by"] == name


def test_whispers_and_notes_never_reach_the_help_seekers_stream_or_words(
    live: Running,
    open_one: Conversation,
    asha: User,
    sunita: User,
    help_seeker: HelpSeeker,
    unlock: Callable[[User], Member],
    open_stream: Callable[..., EventStream],
) -> None:
    stream = open_stream()
    begin_companion(open_one, sunita, READING)
    client_id, text = new_code(), "Ask about tonight."
    to, own = (
        sealing.seal_whisper(bytes(user.public_key), text, code=open_one.code, client_id=client_id)
        for user in (asha, sunita)
    )
    whisper(open_one, sunita, [Letter(asha, client_id, to, own)])
    note = unlock(asha).writer(open_one).seal("A note.")
    ask_handover(open_one, asha, Target(to_supervisor=True), note)
    last = unlock(asha).writer(open_one).seal("Kia ora")  # the control: what is said does arrive
    actions.add_message(open_one, Author.COUNSELLOR, last, user=asha)
    came: list[str] = []
    while last.client_id not in "".join(came):
        came.append(repr(stream.next()))
    heard = "".join(came)
    assert b64url_encode(last.sealed) in heard
    for secret in (client_id, b64url_encode(to), b64url_encode(own), note.client_id, b64url_encode(note.sealed)):
        assert secret not in heard
    assert words_of(open_one, help_seeker.seed) == [
        "Rātā, a supervisor, is reading along.",
        "Rātā and Kōwhai also write to each other about how to help you.",
        "Kia ora",
    ]
    with pytest.raises(sealing.CannotOpen):
        sealing.open_whisper(help_seeker.seed, to, code=open_one.code, client_id=client_id)
    assert sealing.open_whisper(unlock(asha).seed, to, code=open_one.code, client_id=client_id) == text
