"""What the desk posts about colleagues, hand-overs, disclosures and calls for help, and what two at once come to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from helpline.accounts.models import Role, User
from helpline.conversations.handovers import answer_handover
from helpline.conversations.models import Companion, Conversation, HelpCall
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from helpline.vault import sealing
from helpline.vault.codes import b64url_decode, b64url_encode, new_code
from tests.people import HelpSeeker
from tests.workspace.conftest import Desk

DeskOf = Callable[[User], Desk]


@pytest.fixture
def taken(line: Line, asha: User, desk_of: DeskOf, waiting: Conversation) -> Desk:
    """Asha's desk; she talks with `waiting`."""
    desk = desk_of(asha)
    desk.take(waiting, line)
    return desk


@pytest.mark.django_db
def test_a_supervisor_reads_along_with_the_lines_key_and_only_while_there(
    line: Line, taken: Desk, sunita: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    desk, path = desk_of(sunita), f"/c/{waiting.code}"
    assert desk.get(f"{path}/words.json").status_code == 404
    words = desk.post(f"{path}/read-along").json()
    assert (words["kind"], words["grant"], words["queue_grant"]) == ("reading", None, None)
    key = desk.member.line_seed(line, "supervisor")
    grant = b64url_decode(words["supervisor_grant"])
    assert sealing.open_grant(key, grant, code=waiting.code, reader="supervisor") == help_seeker.seed
    assert [each["kind"] for each in desk.get("/desk.json").json()["companions"]] == ["reading"]
    seen = taken.get(f"{path}/words.json").json()
    assert (seen["kind"], seen["supervisor_grant"]) == ("own", None)
    assert [each["pseudonym"] for each in seen["companions"]] == ["Rātā"]
    assert desk.post(f"{path}/close").status_code == 404  # who only reads ends nothing
    assert desk.post(f"{path}/leave").status_code == 200
    assert desk.get(f"{path}/words.json").status_code == 404


@pytest.mark.django_db
def test_whispers_are_read_by_these_two_each_in_their_own_form(
    taken: Desk, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    desk, path, client_id = desk_of(sunita), f"/c/{waiting.code}", new_code()
    counsellor = desk.post(f"{path}/join").json()["counsellor"]
    sealed_to, sealed_own = (
        b64url_encode(sealing.seal_whisper(key, "Ask about tonight.", code=waiting.code, client_id=client_id))
        for key in (b64url_decode(counsellor["public_key"]), bytes(sunita.public_key))
    )
    letter = {"to": counsellor["code"], "client_id": client_id, "sealed_to": sealed_to, "sealed_own": sealed_own}
    assert [desk.post(f"{path}/whisper", {"letters": [letter]}).status_code for _ in range(2)] == [200, 200]
    elsewhere = {**letter, "client_id": new_code(), "to": new_code()}
    assert desk.post(f"{path}/whisper", {"letters": [letter, elsewhere]}).json() == {"error": "not_here"}
    wrong: list[object] = [[], [letter] * 11, [{**letter, "sealed_to": "AAAA"}], ["letter"], letter]
    assert {desk.post(f"{path}/whisper", {"letters": letters}).status_code for letters in wrong} == {400}
    for reader in (desk, taken):
        [shown] = reader.get(f"{path}/whispers.json").json()["whispers"]
        sealed = b64url_decode(shown["sealed"])
        opened = sealing.open_whisper(reader.member.seed, sealed, code=waiting.code, client_id=client_id)
        assert (shown["by"], opened) == ("Rātā", "Ask about tonight.")


@pytest.mark.django_db
def test_a_hand_over_with_a_note_is_asked_shown_answered_and_received(
    taken: Desk, ben: User, desk_of: DeskOf, waiting: Conversation, help_seeker: HelpSeeker
) -> None:
    set_presence(ben, Presence.State.AVAILABLE)
    path, public = f"/c/{waiting.code}", Client(headers={"host": "localhost"})
    sealed = taken.member.writer(waiting).seal_json("Wants to talk about school.")
    ask = {"kind": "colleague", "to": ben.code, "note": sealed}
    assert taken.post(f"{path}/handover", ask).json() == {"state": "asked"}
    assert taken.post(f"{path}/handover", {"kind": "supervisor"}).json() == {"error": "asked"}
    proof = {"code": waiting.code, "capability": b64url_encode(help_seeker.capability)}

    def post(name: str, body: dict[str, Any]) -> Any:
        return public.post(f"/chat/{name}", body, content_type="application/json").json()

    shown = post("state", proof)["handover"]
    assert shown == {"by": "Kōwhai", "kind": "colleague", "to": "Rimu", "state": "asked", "note": sealed}
    assert post("handover", {**proof, "answer": "perhaps"})["error"] == "malformed"
    assert [post("handover", {**proof, "answer": answer})["handover"]["state"] for answer in ("yes", "no")] == [
        "agreed",
        "agreed",
    ]
    grant = b64url_encode(desk_of(ben).member.own_grant(waiting.code, help_seeker.seed))
    assert taken.post(f"{path}/transfer", {"to": ben.code, "grant": grant}).status_code == 200
    note = desk_of(ben).get(f"{path}/words.json").json()["note"]
    assert note == {**sealed, "by": "Kōwhai"}
    assert post("state", proof)["handover"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "line"}, {"kind": "supervisor", "to": "x"}, {"kind": "line", "to": "nowhere"}, {"kind": "skill",
     "to": "voice", "note": {"sealed": "AAAA"}}],
)  # fmt: skip
def test_a_hand_over_to_nobody_is_refused(taken: Desk, waiting: Conversation, body: dict[str, Any]) -> None:
    assert taken.post(f"/c/{waiting.code}/handover", body).status_code == 400


@pytest.mark.django_db
def test_a_disclosure_is_sealed_to_the_supervisors_and_answered_by_one(
    line: Line, taken: Desk, sunita: User, desk_of: DeskOf, waiting: Conversation
) -> None:
    path, code = f"/c/{waiting.code}", new_code()
    to = b64url_decode(taken.get(f"{path}/disclosures.json").json()["supervisor_key"]["public_key"])
    sealed = {
        name: b64url_encode(sealing.seal_disclosure(key, "A reason.", code=waiting.code, disclosure_code=code))
        for name, key in (("sealed_to_supervisors", to), ("sealed_own", bytes(taken.member.user.public_key)))
    }
    assert taken.post(f"{path}/disclosure", {"code": code, **sealed}).status_code == 400  # told or not: it must be said
    assert taken.post(f"{path}/disclosure", {"code": code, **sealed, "is_person_told": False}).status_code == 200
    desk = desk_of(sunita)
    [shown] = desk.get(f"{path}/disclosures.json").json()["disclosures"]
    assert (shown["state"], shown["asked_by"], shown["is_own"]) == ("asked", "Asha", False)
    key = desk.member.line_seed(line, "supervisor")
    opened = sealing.open_disclosure(
        key, b64url_decode(shown["sealed"]), code=waiting.code, disclosure_code=shown["code"]
    )
    assert opened == "A reason."
    answer = {"code": code, "is_approved": True}
    assert [desk.post(f"{path}/disclosure/answer", answer).status_code for _ in range(2)] == [200, 409]
    [own] = taken.get(f"{path}/disclosures.json").json()["disclosures"]
    assert (own["state"], own["answered_by"], own["is_own"]) == ("approved", "Sunita", True)


@pytest.mark.django_db
def test_help_is_called_once_and_answered(taken: Desk, sunita: User, desk_of: DeskOf, waiting: Conversation) -> None:
    path = f"/c/{waiting.code}"
    assert [taken.post(f"{path}/help").status_code for _ in range(2)] == [200, 200]
    assert taken.get(f"{path}/words.json").json()["has_called_for_help"] is True
    assert [desk_of(sunita).post(f"{path}/help/answer").status_code for _ in range(2)] == [200, 409]
    assert taken.get(f"{path}/words.json").json()["has_called_for_help"] is False


# Two at once, each request on a connection of its own


def status_of(desk: Desk, path: str) -> int:
    return int(desk.post(path).status_code)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    together = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_are_both_told_of_and_one_answers_the_call(
    line: Line, taken: Desk, sunita: User, hire: Callable[..., User], desk_of: DeskOf, waiting: Conversation
) -> None:
    second, path = hire("tane", Role.SUPERVISOR), f"/c/{waiting.code}"
    staff_line(line, [second])
    taken.post(f"{path}/help")
    desks = [desk_of(sunita), desk_of(second), desk_of(sunita)]
    joined = at_once(*(partial(status_of, desk, f"{path}/join") for desk in desks))
    assert joined == [200, 200, 200]
    seqs = Companion.objects.filter(ended_at=None).values_list("told_seq", flat=True)
    assert len(set(seqs)) == 2
    answers = at_once(*(partial(status_of, desk, f"{path}/help/answer") for desk in desks[:2]))
    assert sorted(answers) == [200, 409]
    assert HelpCall.objects.get().answered_by is not None


@pytest.mark.django_db(transaction=True)
def test_joining_while_it_ends_leaves_nobody_inside(
    line: Line, asha: User, sunita: User, desk_of: DeskOf, arrive: Callable[..., Conversation]
) -> None:
    for _ in range(3):
        conversation, owner, desk = arrive(), desk_of(asha), desk_of(sunita)
        owner.take(conversation, line)
        path = f"/c/{conversation.code}"
        closed, joined = at_once(partial(status_of, owner, f"{path}/close"), partial(status_of, desk, f"{path}/join"))
        assert closed == 200
        assert joined in {200, 404, 409}
        assert not Companion.objects.filter(ended_at=None).exists()
        assert desk.get(f"{path}/words.json").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_answer_while_it_is_withdrawn_keeps_no_note(taken: Desk, waiting: Conversation) -> None:
    path = f"/c/{waiting.code}"
    for _ in range(3):
        sealed = taken.member.writer(waiting).seal_json("A note.")
        assert taken.post(f"{path}/handover", {"kind": "supervisor", "note": sealed}).json() == {"state": "asked"}
        at_once(
            lambda: answer_handover(waiting, "yes"),
            lambda: taken.post(f"{path}/handover/withdraw").status_code,
        )
        assert taken.get(f"{path}/words.json").json()["handover"] is None
        assert set(waiting.handovers.values_list("state", "sealed")) == {("withdrawn", None)}
