"""The vectors that both implementations are held to. New ones: `python -m tests.vault.vectors`.

A fact is a function with one answer. An envelope is sealed by one side and must open on both; `by` says who sealed it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from helpline.vault import contexts, passphrases, return_codes, sealing, signing, statements
from helpline.vault.codes import b64url_decode, b64url_encode, hash_capability
from helpline.vault.words import fingerprint, normalise
from tests.browser import ARGUMENTS, SHELL
from tests.vault.browser import vault_page

Vector = dict[str, Any]
# The first test vector of draft-connolly-cfrg-xwing-kem-08: the seed.
XWING_SEED = "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"
FILE = Path(__file__).with_name("vectors.json")

# Invented, harmless, and awkward: macrons, an emoji of several code points, a leading U+FEFF, exact paddings.
TEXTS = {
    "nothing": "",
    "te reo": "Kia ora, e mōhio ana koe ki te wāhi o te whare pukapuka? Āe, kei te taha o te awa.",
    "emoji": "The weather is fine 🌈👩🏽‍🚀",
    "byte order mark": "\ufeffIt starts with a mark that must not be lost",
    "last byte of a step": "a" * 252,
    "first byte of the next step": "a" * 253,
    "the longest": "ā" * 4096,
}


def known(name: str, length: int = 32) -> bytes:
    """Bytes that are the same in every run, for vectors; never a way to make a real key."""
    return hashlib.shake_256(name.encode()).digest(length)


def code(name: str) -> str:
    return b64url_encode(known(name, 16))


CONVERSATION, USER = code("a conversation"), code("asha")


def _return_keys(vector: Vector) -> dict[str, str]:
    keys = return_codes.return_keys(vector["typed"])
    return {
        "finder": b64url_encode(keys.finder),
        "capability": b64url_encode(keys.capability),
        "wrap_key": b64url_encode(keys.wrap_key),
    }


def _stretch(vector: Vector) -> dict[str, str]:
    stretched = passphrases.stretch(vector["typed"], b64url_decode(vector["salt"]))
    return {"stretched": b64url_encode(stretched), "sign_in_secret": passphrases.sign_in_secret(stretched)}


def _signature(vector: Vector) -> dict[str, str]:
    seed = signing.signing_seed(b64url_decode(vector["staff_seed"]))
    context, payload = contexts.signed(vector["what"]), vector["text"].encode()
    public, signature = signing.public_of(seed), signing.sign(seed, context, payload)
    return {"public": b64url_encode(public), "signature": b64url_encode(signature)}


def _statement(vector: Vector) -> statements.Statement:
    fields = {name: value for name, value in vector.items() if name not in {"kind", "answer"}}
    keys = {name: b64url_decode(fields[name]) for name in ("public_key", "signing_key", "root")}
    return statements.Statement(**{**fields, **keys})


def _line_key(vector: Vector) -> str:
    public_key, root = b64url_decode(vector["public_key"]), b64url_decode(vector["root"])
    place = (vector["line"], vector["purpose"], vector["epoch"])
    return statements.line_key_payload(*place, public_key, root).decode()


FACTS: dict[str, Callable[[Vector], Any]] = {
    "public_key": lambda v: b64url_encode(sealing.public_key_of(b64url_decode(v["seed"]))),
    "derive": lambda v: b64url_encode(sealing.derive(b64url_decode(v["secret"]), v["purpose"])),
    "hash_capability": lambda v: b64url_encode(hash_capability(b64url_decode(v["capability"]))),
    "pad": lambda v: b64url_encode(sealing.pad(v["text"])),
    "normalise": lambda v: normalise(v["typed"]),
    "stretch": _stretch,
    "return_keys": _return_keys,
    "message_context": lambda v: contexts.message(v["code"], v["author"], v["client_id"]),
    "sender_key_context": lambda v: contexts.sender_key(v["code"], v["author"], v["key_id"]),
    "grant_context": lambda v: contexts.grant(v["code"], v["reader"]),
    "line_key_context": lambda v: contexts.line_key(v["line_slug"], v["purpose"], v["epoch"], v["user_code"]),
    "whisper_context": lambda v: contexts.whisper(v["code"], v["client_id"]),
    "disclosure_context": lambda v: contexts.disclosure(v["code"], v["disclosure_code"]),
    "for_guest_context": lambda v: contexts.for_guest(v["code"], v["guest_code"], v["seq"]),
    "for_gateway_context": lambda v: contexts.for_gateway(v["code"], v["client_id"]),
    "return_address_context": lambda v: contexts.return_address(v["code"]),
    "staff_key_context": lambda v: contexts.staff_key(v["user_code"]),
    "signed_context": lambda v: contexts.signed(v["what"]),
    "roster_pin_context": lambda v: contexts.roster_pin(v["user_code"]),
    "signature": _signature,
    "statement": lambda v: _statement(v).payload.decode(),
    "head": lambda v: b64url_encode(statements.head_of(text.encode() for text in v["texts"])),
    "line_key_statement": _line_key,
    "figures_statement": lambda v: statements.figures_payload(
        v["line"], v["period"], v["start"], hashlib.sha256(v["sealed"].encode()).digest()
    ).decode(),
    "figures_note_statement": lambda v: statements.figures_note_payload(
        hashlib.sha256(v["sealed"].encode()).digest(), v["number"], v["texts"]
    ).decode(),
    "fingerprint": lambda v: fingerprint(b64url_decode(v["bytes"])),
    "staff_reader": lambda v: contexts.staff_reader(v["user_code"]),
}

SEAL: dict[str, Callable[..., bytes]] = {
    "message": sealing.seal_message,
    "sender_key": sealing.seal_sender_key,
    "grant": sealing.seal_grant,
    "wrapped_grant": sealing.wrap_grant,
    "line_key": sealing.seal_line_key,
    "whisper": sealing.seal_whisper,
    "disclosure": sealing.seal_disclosure,
    "for_guest": sealing.seal_for_guest,
    "for_gateway": sealing.seal_for_gateway,
    "return_address": sealing.seal_return_address,
    "staff_key": passphrases.wrap_staff_seed,
}

OPEN: dict[str, Callable[..., bytes | str]] = {
    "message": sealing.open_message,
    "sender_key": sealing.open_sender_key,
    "grant": sealing.open_grant,
    "wrapped_grant": sealing.unwrap_grant,
    "line_key": sealing.open_line_key,
    "whisper": sealing.open_whisper,
    "disclosure": sealing.open_disclosure,
    "for_guest": sealing.open_for_guest,
    "for_gateway": sealing.open_for_gateway,
    "return_address": sealing.open_return_address,
    "staff_key": passphrases.unwrap_staff_seed,
}
SEALED_TO_A_KEY_PAIR = {
    "sender_key",
    "grant",
    "line_key",
    "whisper",
    "disclosure",
    "for_guest",
    "for_gateway",
    "return_address",
}
TEXT_KINDS = {"message", "whisper", "disclosure", "for_guest", "for_gateway", "return_address"}


def seal(vector: Vector) -> str:
    secret, plain = b64url_decode(vector["secret"]), vector["plain"]
    if vector["kind"] in SEALED_TO_A_KEY_PAIR:
        secret = sealing.public_key_of(secret)
    content = plain if vector["kind"] in TEXT_KINDS else b64url_decode(plain)
    return b64url_encode(SEAL[vector["kind"]](secret, content, **vector["place"]))


def opened(vector: Vector) -> str:
    plain = OPEN[vector["kind"]](b64url_decode(vector["secret"]), b64url_decode(vector["sealed"]), **vector["place"])
    return plain if isinstance(plain, str) else b64url_encode(plain)


def questions() -> list[Vector]:
    places = [place for place in envelopes() if place["kind"] != "wrapped_grant"]
    return [
        {"kind": "public_key", "seed": b64url_encode(bytes.fromhex(XWING_SEED))},
        {"kind": "public_key", "seed": b64url_encode(known("a seed"))},
        *({"kind": "derive", "secret": b64url_encode(known("K")), "purpose": p} for p in sorted(contexts.PURPOSES)),
        {"kind": "hash_capability", "capability": b64url_encode(known("a capability"))},
        *({"kind": "pad", "text": text} for text in TEXTS.values()),
        {"kind": "normalise", "typed": " Acorn,\tabacus\u00a0T-SHIRT.  "},
        {"kind": "stretch", "typed": "acorn abacus acre aloe almanac", "salt": b64url_encode(known("salt", 16))},
        {"kind": "stretch", "typed": " Acorn abacus, acre aloe T-shirt ", "salt": b64url_encode(known("pepper", 16))},
        {"kind": "return_keys", "typed": "kite lemon lilac mango maple oak"},
        {"kind": "return_keys", "typed": "Kite Lemon Lilac,\nmango maple drop-down"},
        *({"kind": f"{place['kind']}_context", **place["place"]} for place in places),
        *({"kind": "signed_context", "what": what} for what in sorted(contexts.SIGNED)),
        {"kind": "staff_reader", "user_code": code("sunita")},
        {"kind": "roster_pin_context", "user_code": USER},
        *_signed(),
    ]


def _signed() -> Iterator[Vector]:
    public_key, root = b64url_encode(sealing.public_key_of(known("a seed"))), b64url_encode(known("a root"))
    for what, text in (("roster", "Kia ora, Māui"), ("line-key", "")):
        yield {"kind": "signature", "staff_seed": b64url_encode(known("asha")), "what": what, "text": text}
    for number, lines, its_root, is_withdrawn in ((1, [], "", False), (12, ["safe-to-talk", "1737"], root, True)):
        yield {
            "kind": "statement",
            "subject": USER,
            "number": number,
            "public_key": public_key,
            "signing_key": b64url_encode(known("signs")),
            "role": "counsellor",
            "lines": lines,
            "issued_at": 1_800_000_000,
            "is_withdrawn": is_withdrawn,
            "root": its_root,
        }
    yield {"kind": "head", "texts": ["one", "two"]}
    yield {
        "kind": "figures_statement",
        "line": "safe-to-talk",
        "period": "month",
        "start": "2026-10-01",
        "sealed": '{"values":[0,3,6]}\n',
    }
    yield {
        "kind": "figures_note_statement",
        "sealed": '{"values":[0,3,6]}\n',
        "number": 2,
        "texts": ["Two lines\nof a note", "Ngā tuhipoka"],
    }
    yield {
        "kind": "line_key_statement",
        "line": "safe-to-talk",
        "purpose": "queue",
        "epoch": 3,
        "public_key": public_key,
        "root": root,
    }
    yield {"kind": "fingerprint", "bytes": b64url_encode(known("two keys", 64))}


def envelopes() -> list[Vector]:
    """Everything that is ever sealed, without the sealed bytes."""
    secret, plain = b64url_encode(known("opens it")), b64url_encode(known("inside it"))
    messages = [
        *((text, contexts.HELP_SEEKER, name) for name, text in TEXTS.items()),
        *(("Kia ora", author, author) for author in sorted(contexts.AUTHORS)),
    ]
    return [
        *(
            {
                "kind": "message",
                "secret": secret,
                "plain": text,
                "place": {"code": CONVERSATION, "author": author, "client_id": code(name)},
            }
            for text, author, name in messages
        ),
        *(
            {"kind": kind, "secret": secret, "plain": text, "place": {"code": CONVERSATION, named: code(name)}}
            for kind, named in (
                ("whisper", "client_id"),
                ("for_gateway", "client_id"),
                ("disclosure", "disclosure_code"),
            )
            for name, text in TEXTS.items()
        ),
        *(
            {"kind": "return_address", "secret": secret, "plain": text, "place": {"code": code(text)}}
            for text in ("+64210000001", "sam@example.org")
        ),
        *(
            {
                "kind": "for_guest",
                "secret": secret,
                "plain": text,
                "place": {"code": CONVERSATION, "guest_code": code("a guest"), "seq": seq},
            }
            for seq, text in enumerate(TEXTS.values())
        ),
        *({"kind": kind, "secret": secret, "plain": plain, "place": place} for kind, place in _places_of_keys()),
    ]


def _places_of_keys() -> Iterator[tuple[str, dict[str, Any]]]:
    for author in sorted(contexts.AUTHORS):
        yield "sender_key", {"code": CONVERSATION, "author": author, "key_id": code("a key")}
    for reader in (contexts.QUEUE, contexts.SUPERVISOR, contexts.staff_reader(USER)):
        yield "grant", {"code": CONVERSATION, "reader": reader}
    for reader in (contexts.HELP_SEEKER, contexts.RETURN):
        yield "wrapped_grant", {"code": CONVERSATION, "reader": reader}
    for purpose in sorted(contexts.LINE_KEY_PURPOSES):
        yield "line_key", {"line_slug": "safe-to-talk", "purpose": purpose, "epoch": 3, "user_code": USER}
    yield "staff_key", {"user_code": USER}


def load() -> dict[str, list[Vector]]:
    loaded: dict[str, list[Vector]] = json.loads(FILE.read_text("utf-8"))
    return loaded


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
        with vault_page(browser) as page:
            sealed_there = page.call("sealAll", envelopes())
        browser.close()
    made = {
        "facts": [{**question, "answer": FACTS[question["kind"]](question)} for question in questions()],
        "envelopes": [
            *({**envelope, "by": "python", "sealed": seal(envelope)} for envelope in envelopes()),
            *({**e, "by": "browser", "sealed": s} for e, s in zip(envelopes(), sealed_there, strict=True)),
        ],
    }
    FILE.write_text(json.dumps(made, ensure_ascii=True, indent=1) + "\n", "ascii")


if __name__ == "__main__":
    main()
