"""A server that lies about the roster: every lie is refused by the browser, and the truth beside it is not."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from helpline.vault import contexts, sealing, signing, statements
from helpline.vault.codes import b64url_encode
from helpline.vault.statements import Statement
from tests.vault.browser import VaultPage
from tests.vault.vectors import code, known

SIGNED = contexts.signed("roster")
Entry = dict[str, Any]


@dataclass
class Person:
    """Somebody of staff with real keys."""

    name: str
    role: str = "counsellor"
    generation: str = ""
    code: str = field(init=False)

    def __post_init__(self) -> None:
        self.code = code(self.name)
        seed = known(f"{self.name}{self.generation}")
        self.public_key = sealing.public_key_of(seed)
        self.signing_seed = signing.signing_seed(seed)

    def statement(self, root: bytes, number: int = 1, **changes: Any) -> Statement:
        stated = Statement(
            subject=self.code,
            number=number,
            public_key=self.public_key,
            signing_key=signing.public_of(self.signing_seed),
            role=self.role,
            lines=["safe-to-talk"],
            issued_at=1_800_000_000 + number,
            is_withdrawn=False,
            root=root,
        )
        return replace(stated, **changes)


SUNITA, GRACE, KIRI = (Person(name, "supervisor") for name in ("sunita", "grace", "kiri"))
ASHA, BEN, GHOST = (Person(name) for name in ("asha", "ben", "ghost"))
FOUNDING = [each.statement(b"") for each in (SUNITA, GRACE)]
ROOT = statements.head_of(each.payload for each in FOUNDING)


def entry(statement: Statement, *signers: Person) -> Entry:
    return {
        "subject": statement.subject,
        "number": statement.number,
        "keyHash": statements.hash_of(statement.public_key),
        "signingKey": b64url_encode(statement.signing_key),
        "role": statement.role,
        "lines": list(statement.lines),
        "issuedAt": statement.issued_at,
        "isWithdrawn": statement.is_withdrawn,
        "root": b64url_encode(statement.root),
        "signatures": [
            {"by": each.code, "signature": b64url_encode(signing.sign(each.signing_seed, SIGNED, statement.payload))}
            for each in signers
        ],
    }


def both(statement: Statement) -> Entry:
    return entry(statement, SUNITA, GRACE)


def honest() -> list[Entry]:
    return [*map(both, FOUNDING), *(both(each.statement(ROOT)) for each in (ASHA, BEN))]


def head_of(*stated: Statement) -> str:
    return b64url_encode(statements.head_of(each.payload for each in stated))


def told(page: VaultPage, entries: list[Entry], who: Person, pin: dict[str, Any] | None = None) -> Any:
    """What the browser makes of it: whether it would seal to this person's key, or the word for why it refuses all."""
    return page.call("vouchesFor", entries, pin, who.code, b64url_encode(who.public_key))


def test_the_truth_is_believed(page: VaultPage) -> None:
    assert told(page, honest(), ASHA) is True
    assert told(page, honest(), GRACE) is True
    assert told(page, honest(), GHOST) is False
    assert told(page, [], ASHA) is False


def test_a_swapped_key_is_not_sealed_to(page: VaultPage) -> None:
    swapped = Person("asha", generation=" of the server")
    assert swapped.code == ASHA.code
    assert told(page, honest(), swapped) is False


def test_who_has_left_is_not_sealed_to(page: VaultPage) -> None:
    gone = both(ASHA.statement(ROOT, 2, is_withdrawn=True))
    assert told(page, [*honest(), gone], ASHA) is False
    assert told(page, [*honest(), gone], BEN) is True
    back = both(ASHA.statement(ROOT, 3))
    assert told(page, [*honest(), gone, back], ASHA) is True


def test_new_keys_replace_the_old_ones(page: VaultPage) -> None:
    new = Person("asha", generation=" after a lost passphrase")
    entries = [*honest(), both(new.statement(ROOT, 2))]
    assert (told(page, entries, new), told(page, entries, ASHA)) == (True, False)


def forged_signature() -> list[Entry]:
    stated = both(GHOST.statement(ROOT))
    stated["signatures"][1]["signature"] = b64url_encode(bytes(64))
    return [*honest(), stated]


def replayed() -> list[Entry]:
    """Withdrawn, and then her first statement once more."""
    gone = both(ASHA.statement(ROOT, 2, is_withdrawn=True))
    return [*honest(), gone, both(ASHA.statement(ROOT))]


def altered(**changes: Any) -> list[Entry]:
    entries = honest()
    entries[2] |= changes
    return entries


def by_a_withdrawn_supervisor() -> list[Entry]:
    kiri = [both(KIRI.statement(ROOT)), both(KIRI.statement(ROOT, 2, is_withdrawn=True))]
    return [*honest(), *kiri, entry(GHOST.statement(ROOT), SUNITA, KIRI)]


def with_old_keys() -> list[Entry]:
    """A supervisor's keys were renewed: what the thief of the old ones signs is worth nothing."""
    renewed = Person("grace", "supervisor", " after a lost passphrase")
    return [
        *honest(),
        both(KIRI.statement(ROOT)),
        entry(renewed.statement(ROOT, 2), SUNITA, KIRI),
        entry(GHOST.statement(ROOT), SUNITA, GRACE),
    ]


LIES: dict[str, tuple[Callable[[], list[Entry]], str]] = {
    "a ghost that nobody signed": (lambda: [*honest(), entry(GHOST.statement(ROOT))], "signers"),
    "one signature": (lambda: [*honest(), entry(GHOST.statement(ROOT), SUNITA)], "signers"),
    "the same person twice": (lambda: [*honest(), entry(GHOST.statement(ROOT), SUNITA, SUNITA)], "signers"),
    "a forged signature": (forged_signature, "signature"),
    "signed by a counsellor": (lambda: [*honest(), entry(GHOST.statement(ROOT), SUNITA, BEN)], "signers"),
    "signed by the ghost itself": (
        lambda: [*honest(), entry(replace(GHOST.statement(ROOT), role="supervisor"), SUNITA, GHOST)],
        "signers",
    ),
    "signed by a withdrawn supervisor": (by_a_withdrawn_supervisor, "signers"),
    "signed with a supervisor's old keys": (with_old_keys, "signature"),
    "another key under an honest signature": (
        lambda: altered(keyHash=statements.hash_of(GHOST.public_key)),
        "signature",
    ),
    "another role under an honest signature": (lambda: altered(role="supervisor"), "signature"),
    "another line under an honest signature": (lambda: altered(lines=["quitline"]), "signature"),
    "no longer withdrawn": (replayed, "number"),
    "a number left out": (lambda: [*honest(), both(ASHA.statement(ROOT, 3))], "number"),
    "a statement of another roster": (lambda: [*honest(), both(GHOST.statement(known("another root")))], "root"),
    "founded by one": (lambda: [entry(FOUNDING[0], SUNITA, GRACE)], "founding"),
    "founded by one person twice": (lambda: [both(FOUNDING[0]), both(FOUNDING[0])], "founding"),
    "founded by a counsellor": (lambda: [both(FOUNDING[0]), both(BEN.statement(b""))], "founding"),
    "founders who did not sign for each other": (
        lambda: [entry(FOUNDING[0], SUNITA, SUNITA), entry(FOUNDING[1], GRACE, GRACE)],
        "signers",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_and_then_nothing_is_believed(page: VaultPage, lie: str) -> None:
    tell, why = LIES[lie]
    for who in (GHOST, ASHA, GRACE):
        assert told(page, tell(), who) == why


def test_less_than_was_seen_before_is_refused(page: VaultPage) -> None:
    """Asha was withdrawn, and the server would rather that nobody knew."""
    gone = ASHA.statement(ROOT, 2, is_withdrawn=True)
    seen = [*FOUNDING, ASHA.statement(ROOT), BEN.statement(ROOT), gone]
    pin = {"root": b64url_encode(ROOT), "count": 5, "head": head_of(*seen)}
    assert told(page, [*honest(), both(gone)], BEN, pin) is True
    assert told(page, honest(), BEN, pin) == "rolled_back"
    assert told(page, [], BEN, pin) == "rolled_back"
    assert told(page, [*honest(), both(KIRI.statement(ROOT))], BEN, pin) == "rolled_back"
    later = [*honest(), both(gone), both(KIRI.statement(ROOT))]
    assert told(page, later, KIRI, pin) is True


def test_another_founding_is_refused_by_whoever_has_seen_one(page: VaultPage) -> None:
    """The server founds a roster of its own, with two supervisors of its own making."""
    first, second = (Person(name, "supervisor", " of the server") for name in ("sunita", "grace"))
    stated = [each.statement(b"") for each in (first, second)]
    root = statements.head_of(each.payload for each in stated)
    own = [entry(each, first, second) for each in [*stated, GHOST.statement(root)]]
    pin = {"root": b64url_encode(ROOT), "count": 2, "head": b64url_encode(ROOT)}
    assert told(page, own, GHOST) is True  # nothing but the words that people compare tells it from an honest one
    assert told(page, own, GHOST, pin) == "other_root"


def test_a_pin_opens_for_its_owner_only(page: VaultPage) -> None:
    pin = {"root": b64url_encode(ROOT), "count": 70000, "head": b64url_encode(known("a head"))}
    seed, wrapped = b64url_encode(known("asha")), ""
    wrapped = page.call("wrapPin", seed, ASHA.code, pin)
    assert page.call("unwrapPin", seed, ASHA.code, wrapped) == pin
    assert page.call("unwrapPin", seed, BEN.code, wrapped) is None
    assert page.call("unwrapPin", b64url_encode(known("ben")), ASHA.code, wrapped) is None


LINE = {"line": "safe-to-talk", "purpose": "queue", "epoch": 3}


def line_key(signer: Person, **changes: Any) -> dict[str, Any]:
    public_key = sealing.public_key_of(known("a line"))
    payload = statements.line_key_payload("safe-to-talk", "queue", 3, public_key, ROOT)
    signature = signing.sign(signer.signing_seed, contexts.signed("line-key"), payload)
    signed = {"public_key": b64url_encode(public_key), "signed_by": signer.code, "signature": b64url_encode(signature)}
    return {**LINE, **signed, **changes}


def test_a_lines_key_is_one_that_a_supervisor_of_the_line_has_made(page: VaultPage) -> None:
    def believes(key: dict[str, Any], *more: Entry) -> Any:
        return page.call("vouchesForLine", [*honest(), *more], key)

    assert believes(line_key(GRACE)) is True
    ghost = b64url_encode(sealing.public_key_of(known("of the server")))
    for lie in (
        line_key(GRACE, public_key=ghost),
        line_key(GRACE, signed_by=SUNITA.code),
        line_key(GRACE, signed_by=None, signature=""),
        line_key(GRACE, purpose="supervisor"),
        line_key(GRACE, epoch=2),
        line_key(GRACE, line="quitline"),
        line_key(BEN),
        line_key(KIRI),
    ):
        assert believes(lie) is False
    elsewhere = both(GRACE.statement(ROOT, 2, lines=["quitline"]))
    assert believes(line_key(GRACE), elsewhere) is False
