"""A proof of work is for one conversation, and nothing else passes for it."""

import base64
import json
from typing import Any

import altcha
import pytest

from helpline.vault import proof_of_work
from helpline.vault.codes import new_code
from helpline.vault.proof_of_work import NotProved, challenge, check

SECRET, CODE = "a secret of the tests", new_code()


def solved(asked: dict[str, Any]) -> dict[str, Any]:
    found = altcha.solve_challenge(altcha.Challenge.from_dict(asked))
    assert found
    return {"challenge": asked, "solution": found.to_dict()}


def encoded(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.fixture(scope="module")
def payload() -> dict[str, Any]:
    return solved(challenge(SECRET, CODE))


def test_a_proof_of_its_own_is_taken_as_often_as_the_answer_is_lost(payload: dict[str, Any]) -> None:
    for _ in range(2):
        check(SECRET, CODE, encoded(payload))
    assert len(encoded(payload)) < proof_of_work.LONGEST / 2


def test_for_another_conversation_or_of_another_service_it_is_none(payload: dict[str, Any]) -> None:
    with pytest.raises(NotProved):
        check(SECRET, new_code(), encoded(payload))
    with pytest.raises(NotProved):
        check("another secret", CODE, encoded(payload))


@pytest.mark.parametrize(
    "proof", ["", "x", "é", "e30=", "bnVsbA==", "W10=", encoded({"challenge": {}, "solution": {}})]
)
def test_what_cannot_be_read_is_none(proof: str) -> None:
    with pytest.raises(NotProved):
        check(SECRET, CODE, proof)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("solution", "derivedKey", "00" * 32),
        ("parameters", "cost", 1),
        ("parameters", "keyPrefix", ""),
        ("parameters", "expiresAt", 4_000_000_000),
        ("parameters", "algorithm", "SHA-256"),
        ("challenge", "signature", ""),
    ],
)
def test_an_easier_challenge_or_a_guess_is_none(payload: dict[str, Any], part: str, name: str, value: object) -> None:
    changed = json.loads(json.dumps(payload))
    place = changed["challenge"]["parameters"] if part == "parameters" else changed[part]
    place[name] = value
    with pytest.raises(NotProved):
        check(SECRET, CODE, encoded(changed))


def test_the_counter_beside_the_right_one_is_none(payload: dict[str, Any]) -> None:
    payload["solution"]["counter"] += 1
    with pytest.raises(NotProved):
        check(SECRET, CODE, encoded(payload))


def test_it_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_of_work, "EXPIRES_SECONDS", -1)
    late = solved(challenge(SECRET, CODE))
    with pytest.raises(NotProved):
        check(SECRET, CODE, encoded(late))
