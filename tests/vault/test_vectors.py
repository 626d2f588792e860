"""Both implementations give the recorded answers, and open what either has sealed."""

import pytest

from helpline.vault.codes import b64url_decode
from tests.vault import vectors
from tests.vault.browser import VaultPage
from tests.vault.vectors import Vector

RECORDED = vectors.load()
# How the public key of draft-connolly-cfrg-xwing-kem-08, appendix C, first vector, begins (ML-KEM) and ends (X25519).
XWING_BEGINS = "e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d"
XWING_ENDS = "06cc03de5b69859edb06eff389b27dce59844570216223593d4ba32d9abac8cd049040ef6534"


def test_the_recorded_vectors_cover_everything_that_is_asked_and_sealed() -> None:
    asked = [{**fact, "answer": None} for fact in RECORDED["facts"]]
    assert asked == [{**question, "answer": None} for question in vectors.questions()]
    for by in ("python", "browser"):
        recorded = [{**e, "sealed": None} for e in RECORDED["envelopes"] if e["by"] == by]
        assert recorded == [{**e, "by": by, "sealed": None} for e in vectors.envelopes()]


@pytest.mark.parametrize("fact", RECORDED["facts"], ids=lambda fact: str(fact["kind"]))
def test_python_gives_the_recorded_answer(fact: Vector) -> None:
    assert vectors.FACTS[fact["kind"]](fact) == fact["answer"]


@pytest.mark.parametrize("envelope", RECORDED["envelopes"], ids=lambda e: f"{e['kind']}-by-{e['by']}")
def test_python_opens_what_either_has_sealed(envelope: Vector) -> None:
    assert vectors.opened(envelope) == envelope["plain"]


def test_the_browser_gives_the_recorded_answers(page: VaultPage) -> None:
    assert page.call("answerAll", RECORDED["facts"]) == [fact["answer"] for fact in RECORDED["facts"]]


def test_the_browser_opens_what_either_has_sealed(page: VaultPage) -> None:
    assert page.call("openAll", RECORDED["envelopes"]) == [e["plain"] for e in RECORDED["envelopes"]]


def test_the_browser_opens_what_python_seals_now(page: VaultPage) -> None:
    sealed = [{**e, "sealed": vectors.seal(e)} for e in vectors.envelopes()]
    assert page.call("openAll", sealed) == [e["plain"] for e in sealed]


def test_python_opens_what_the_browser_seals_now(page: VaultPage) -> None:
    asked = vectors.envelopes()
    sealed = [{**e, "sealed": s} for e, s in zip(asked, page.call("sealAll", asked), strict=True)]
    assert [vectors.opened(e) for e in sealed] == [e["plain"] for e in sealed]


def test_a_seed_expands_as_the_published_draft_says() -> None:
    published = next(fact for fact in RECORDED["facts"] if fact["kind"] == "public_key")
    assert b64url_decode(published["seed"]).hex() == vectors.XWING_SEED
    public_key = b64url_decode(published["answer"]).hex()
    assert public_key.startswith(XWING_BEGINS)
    assert public_key.endswith(XWING_ENDS)
