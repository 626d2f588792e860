"""The browser's half, in a real browser under our content security policy."""

import random

from helpline.vault import contexts, sealing, signing, words
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, is_code
from helpline.web.headers import HEADERS
from tests.vault import vectors
from tests.vault.browser import CONTENT_SECURITY_POLICY, VaultPage
from tests.vault.vectors import Vector, known

# Not for keys: the same unlucky strings in every run.
CHANCE = random.Random(20)


def test_the_policy_tested_under_is_the_policy_of_every_page(page: VaultPage) -> None:
    assert HEADERS["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert page.call("canEval") is False
    page.complaints.clear()  # the policy's own word about that attempt


def test_the_browser_refuses_what_was_moved_or_changed(page: VaultPage) -> None:
    changed = [
        other for envelope in vectors.envelopes() for other in _changed({**envelope, "sealed": vectors.seal(envelope)})
    ]
    assert len(changed) > 60
    assert page.call("openAll", changed) == [None] * len(changed)


def _changed(envelope: Vector) -> list[Vector]:
    sealed = b64url_decode(envelope["sealed"])
    positions = {0, 11, 12, len(sealed) // 2, len(sealed) - 17, len(sealed) - 1}
    flips = [sealed[:p] + bytes([sealed[p] ^ 1]) + sealed[p + 1 :] for p in positions]
    moved = [{**envelope, "place": {**envelope["place"], part: other}} for part, other in _other_parts(envelope)]
    return [
        *moved,
        {**envelope, "secret": b64url_encode(known("another secret"))},
        *({**envelope, "sealed": b64url_encode(data)} for data in [*flips, sealed[:-1], sealed[:20], b""]),
    ]


def _other_parts(envelope: Vector) -> list[tuple[str, object]]:
    others = {"author": "system", "reader": "staff:someone", "purpose": "queue", "epoch": 4}
    parts = [(part, others.get(part, "another")) for part in envelope["place"]]
    return [(part, other) for part, other in parts if envelope["place"][part] != other]


def test_the_browser_takes_nothing_but_a_key_out_of_a_grant(page: VaultPage) -> None:
    grant = next(e for e in vectors.envelopes() if e["kind"] == "grant")
    public_key = sealing.public_key_of(b64url_decode(grant["secret"]))
    for inside in (b"", known("too short", 31), known("too long", 33)):
        sealed = sealing.seal(public_key, inside, contexts.grant(**grant["place"]))
        assert page.call("openAll", [{**grant, "sealed": b64url_encode(sealed)}]) == [None]


def test_the_browser_unpads_exactly_what_python_does(page: VaultPage) -> None:
    bodies = [sealing.pad(text) for text in vectors.TEXTS.values()]
    bodies += [CHANCE.randbytes(CHANCE.choice([0, 3, 4, 255, 256, 512])) for _ in range(50)]
    bodies += [length.to_bytes(4, "big").ljust(256, b"\0") for length in (0, 251, 252, 253, 2**31, 2**32 - 1)]
    bodies += [(2).to_bytes(4, "big") + b"\xc3\x28" + bytes(250), bodies[1][:-1] + b"\1", bodies[1] + bytes(256)]
    bodies += [((8193).to_bytes(4, "big") + b"x" * 8193).ljust(8448, b"\0")]
    assert page.call("unpadAll", [b64url_encode(body) for body in bodies]) == [_unpadded(body) for body in bodies]


def _unpadded(body: bytes) -> str | None:
    try:
        return sealing.unpad(body)
    except sealing.CannotOpen:
        return None


def test_the_browser_decodes_exactly_what_python_does(page: VaultPage) -> None:
    texts = ["".join(CHANCE.choices("AQgwa9-_=+/ \n", k=CHANCE.randrange(26))) for _ in range(500)]
    texts += ["A" * 22, "A" * 21 + "B", "A" * 22 + "\n", "ÄA"]
    assert page.call("decodeAll", texts) == [[_decoded(text), is_code(text)] for text in texts]


def _decoded(text: str) -> list[int] | None:
    try:
        return list(b64url_decode(text))
    except Malformed:
        return None


def test_codes_and_words_drawn_in_the_browser_are_sound(page: VaultPage) -> None:
    drawn = page.call("drawAll", 40)
    assert len(set(drawn["codes"])) == 40
    assert all(is_code(code) for code in drawn["codes"])
    for kind, count in (("passphrases", 5), ("return_codes", 6)):
        assert len(set(drawn[kind])) == 40
        for phrase in drawn[kind]:
            assert len(phrase.split(" ")) == count
            assert set(phrase.split(" ")) <= set(words._drawn())


def test_the_word_lists_are_fetched_only_when_words_are_drawn(page: VaultPage) -> None:
    page.call("answerAll", [{"kind": "normalise", "typed": "kite"}])
    assert not [path for path in page.requested if path.endswith(".txt")]
    page.call("drawAll", 1)
    assert {path.rsplit("/")[-1] for path in page.requested if path.endswith(".txt")} == {
        "words.txt",
        "words-avoided.txt",
    }


def test_slow_work_is_done_beside_the_page_so_that_quick_exit_answers(page: VaultPage) -> None:
    assert page.call("isReturnCode", "kite lemon lilac mango maple oak") is True
    assert [worker.rsplit("/")[-1] for worker in page.workers] == ["argon2.worker.js"]
    while page.page.workers:  # it ends with the work, and its memory with it; if not, the test's own limit fails it
        page.page.wait_for_timeout(20)


def test_what_is_not_six_words_is_not_a_return_code(page: VaultPage) -> None:
    assert page.call("isReturnCode", "kite lemon lilac mango maple") is False
    assert page.workers == []


def test_the_browser_refuses_a_text_that_is_too_long(page: VaultPage) -> None:
    assert page.call("sealedTextLength", "ā" * 4096) == sealing.MAX_MESSAGE_BYTES
    assert page.call("sealedTextLength", "ā" * 4096 + "a") == "too long"


def test_the_browser_refuses_every_signature_that_python_refuses(page: VaultPage) -> None:
    seed, other = known("signs"), known("somebody else")
    payload, context = b"a statement", contexts.signed("roster")
    public, signature = signing.public_of(seed), signing.sign(seed, context, payload)
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    asked = {
        (public, signature, "roster", payload): True,
        (public, signature, "line-key", payload): False,
        (public, signature, "roster", payload + b"\0"): False,
        (public, flipped, "roster", payload): False,
        (public, signature[:-1], "roster", payload): False,
        (public, b"", "roster", payload): False,
        (signing.public_of(other), signature, "roster", payload): False,
        (public[:-1], signature, "roster", payload): False,
        (bytes(32), bytes(64), "roster", payload): False,  # a key of small order, under which much verifies
    }
    for (key, signed, what, bytes_), answer in asked.items():
        assert page.call("isSigned", b64url_encode(key), b64url_encode(signed), what, b64url_encode(bytes_)) is answer
