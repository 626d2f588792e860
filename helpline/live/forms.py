"""Whether what was sent has the right shape; nothing here asks the database."""

from typing import Any, Final, NamedTuple, TypeGuard

from helpline.live.requests import Refusal
from helpline.vault.codes import Malformed, b64url_decode, is_code
from helpline.vault.sealing import KEY_BYTES, MAX_MESSAGE_BYTES, SEALED_KEY_BYTES, is_well_formed_message

MAX_SEQ: Final = 2**31 - 1  # PostgreSQL's integer
MAX_DESK: Final = 64  # conversations that a desk may say it knows; a counsellor holds at most four


class Sealed(NamedTuple):
    """A message as it came; the key is None once the sender has had its first acknowledgement."""

    client_id: str
    key_id: str
    sealed_key: bytes | None
    sealed: bytes


def message(content: dict[str, Any]) -> Sealed:
    """Raises Refusal: malformed, or too_large for more than the longest message."""
    client_id, key_id = content.get("client_id"), content.get("key_id")
    if not (content.keys() <= {"client_id", "key_id", "sealed", "key"} and _is_code(client_id) and _is_code(key_id)):
        raise Refusal(400, "malformed")
    sealed = _bytes(content.get("sealed"))
    sealed_key = _bytes(content["key"]) if "key" in content else None
    if len(sealed) > MAX_MESSAGE_BYTES:
        raise Refusal(413, "too_large")
    if not is_well_formed_message(sealed) or (sealed_key is not None and len(sealed_key) != SEALED_KEY_BYTES):
        raise Refusal(400, "malformed")
    return Sealed(client_id, key_id, sealed_key, sealed)


def typing(content: dict[str, Any]) -> bool:
    if content.keys() != {"on"} or not isinstance(content["on"], bool):
        raise Refusal(400, "malformed")
    return content["on"]


def receipt(content: dict[str, Any]) -> int:
    seq = content.get("seq")
    if content.keys() != {"seq"} or type(seq) is not int or not 0 <= seq <= MAX_SEQ:
        raise Refusal(400, "malformed")
    return seq


def capability(authorization: str) -> bytes:
    """The bytes of a bearer. A misspelled one is unknown, like a wrong one."""
    scheme, _, value = authorization.partition(" ")
    try:
        found = b64url_decode(value)
    except Malformed:
        found = b""
    if scheme.lower() != "bearer" or len(found) != KEY_BYTES:
        raise Refusal(404, "unknown")
    return found


def last_event(text: str | None) -> int:
    """The seq after which a help-seeker's stream goes on."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_SEQ):
        raise Refusal(400, "malformed")
    return int(text)


def last_events(text: str | None) -> dict[str, int]:
    """The same for a desk: `code=seq,code=seq`."""
    pairs = [pair.partition("=") for pair in text.split(",")] if text else []
    if len(pairs) > MAX_DESK or not all(is_code(code) and seq for code, _, seq in pairs):
        raise Refusal(400, "malformed")
    return {code: last_event(seq) for code, _, seq in pairs}


def _is_code(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and is_code(value)


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise Refusal(400, "malformed")
    try:
        return b64url_decode(value)
    except Malformed:
        raise Refusal(400, "malformed") from None
