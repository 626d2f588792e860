"""Everything that can be opened with what somebody has: each key is tried on each sealed thing until nothing new opens.

The thief knows this system by heart: every context, every way of deriving, every kind of row. What they lack is keys.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.db import connection

from helpline.accounts.models import StaffKeyWrap
from helpline.conversations.models import Disclosure, Grant, Handover, Message, SenderKey, Whisper
from helpline.lines.models import LineKeyWrap
from helpline.referrals.models import Referral
from helpline.vault import contexts, keystore, sealing
from helpline.vault.codes import Malformed, b64url_decode
from helpline.vault.sealing import CannotOpen

KEY, TEXT, BOX, LINK = "key", "text", "box", "link"
WHISPER, DISCLOSURE, BY_LINK = (
    "whisper",
    "disclosure",
    "by a link",
)  # beside the words, which stand under the code alone
LOOKS_LIKE_A_KEY = sealing.KEY_BYTES


@dataclass(frozen=True)
class Box:
    """Something sealed: what is in it, and whose conversation it belongs to, with what it is beside the words."""

    sealed: bytes
    context: str
    holds: str
    code: str = ""
    inner: "Box | None" = None
    """What a day key's wrap holds, without its bytes."""


@dataclass(frozen=True)
class Copy:
    """The database at one moment, as a backup or the write-ahead log has it: what is sealed, and what may be a key."""

    boxes: frozenset[Box]
    candidates: frozenset[bytes]


@dataclass
class Opened:
    texts: set[tuple[str, str]] = field(default_factory=set)

    @property
    def codes(self) -> set[str]:
        return {code for code, _ in self.texts}


def copy_now(*, with_candidates: bool = False) -> Copy:
    return Copy(frozenset(_boxes()), frozenset(_candidates()) if with_candidates else frozenset())


def day_keys_now() -> set[bytes]:
    """What a thief of the key folder has, or the server itself."""
    store = keystore.store()
    return {key for key in map(store.read, store.names()) if key}


def opened_by(copies: Iterable[Copy], secrets: Iterable[bytes]) -> Opened:
    copies = list(copies)
    boxes = {box for each in copies for box in each.boxes}
    keys = {*secrets, *(key for each in copies for key in each.candidates), bytes(LOOKS_LIKE_A_KEY)}
    found, new_boxes, new_keys = Opened(), set(boxes), set(keys)
    while new_boxes or new_keys:
        pairs = [*((b, k) for b in boxes for k in new_keys), *((b, k) for b in new_boxes for k in keys - new_keys)]
        next_boxes, next_keys = set[Box](), set[bytes]()
        for box, key in pairs:
            for inside in attempt(box, key):
                if isinstance(inside, Box):
                    next_boxes.add(inside)
                elif box.holds == KEY:
                    next_keys.add(inside)
                elif box.holds == LINK:
                    next_keys |= set(_keys_in(sealing.unpad(inside).rpartition(".")[2]))
                else:
                    found.texts.add((box.code, sealing.unpad(inside)))
        new_boxes, new_keys = next_boxes - boxes, next_keys - keys
        boxes |= new_boxes
        keys |= new_keys
    return found


@cache
def attempt(box: Box, key: bytes) -> tuple["bytes | Box", ...]:
    """By every way that there is to open something with 32 bytes."""
    found: list[bytes | Box] = []
    for derived in _ways(key):
        try:
            found.append(sealing.unwrap(derived, box.sealed, box.context))
        except CannotOpen:
            continue
    if box.holds != BOX and len(box.sealed) > sealing.SEALED_KEY_BYTES - LOOKS_LIKE_A_KEY:
        with suppress(CannotOpen):
            found.append(sealing.open_sealed(key, box.sealed, box.context))
    if box.inner is None:
        return tuple(found)
    inner = box.inner
    return tuple(Box(inside, inner.context, inner.holds, inner.code) for inside in found if isinstance(inside, bytes))


@cache
def _ways(key: bytes) -> tuple[bytes, ...]:
    """The key itself, and every other that is derived from it."""
    return (key, *(sealing.derive(key, purpose) for purpose in sorted(contexts.PURPOSES)))


def _boxes() -> Iterator[Box]:
    for wrap in StaffKeyWrap.objects.select_related("user"):
        yield Box(bytes(wrap.wrapped), contexts.staff_key(wrap.user.code), KEY)
    for line_wrap in LineKeyWrap.objects.select_related("user", "line_key__line"):
        key = line_wrap.line_key
        context = contexts.line_key(key.line.slug, key.purpose, key.epoch, line_wrap.user.code)
        yield Box(bytes(line_wrap.sealed), context, KEY)
    for grant in Grant.objects.select_related("conversation", "user"):
        code = grant.conversation.code
        reader = contexts.staff_reader(grant.user.code) if grant.user else grant.reader
        yield from _locked(bytes(grant.sealed), contexts.day("grant", code, reader), contexts.grant(code, reader), KEY)
    yield from _letters()
    yield from _for_services()
    for sender in SenderKey.objects.select_related("conversation"):
        code = sender.conversation.code
        yield Box(bytes(sender.sealed), contexts.sender_key(code, sender.author, sender.key_id), KEY)
    for message in Message.objects.select_related("conversation"):
        code = message.conversation.code
        yield Box(bytes(message.sealed), contexts.message(code, message.author, message.client_id), TEXT, code)


def _letters() -> Iterator[Box]:
    for whispered in Whisper.objects.select_related("conversation"):
        code, own = whispered.conversation.code, whispered.client_id
        for column in ("sealed_to", "sealed_own"):
            day = contexts.day("whisper", code, own, column)
            yield from _locked(
                bytes(getattr(whispered, column)), day, contexts.whisper(code, own), TEXT, f"{code}/{WHISPER}"
            )
    for told in Disclosure.objects.select_related("conversation"):
        code, own = told.conversation.code, told.code
        for column in ("sealed_to_supervisors", "sealed_own"):
            day = contexts.day("disclosure", code, own, column)
            yield from _locked(
                bytes(getattr(told, column)), day, contexts.disclosure(code, own), TEXT, f"{code}/{DISCLOSURE}"
            )
    for note in Handover.objects.exclude(sealed=None).select_related("conversation"):
        code = note.conversation.code
        yield Box(bytes(note.sealed_key or b""), contexts.sender_key(code, "counsellor", note.key_id), KEY)
        yield Box(bytes(note.sealed or b""), contexts.message(code, "counsellor", note.client_id), TEXT, code)


def _for_services() -> Iterator[Box]:
    """What services may be told: as the person reads it, and as whoever has the link does."""
    for referral in Referral.objects.exclude(sealed_key=None).select_related("conversation"):
        code = referral.conversation.code
        yield Box(bytes(referral.sealed_key or b""), contexts.sender_key(code, "counsellor", referral.key_id), KEY)
        yield Box(bytes(referral.sealed_link or b""), contexts.message(code, "counsellor", referral.code), LINK, code)
        for item in referral.items.exclude(sealed=None):
            yield Box(bytes(item.sealed or b""), contexts.message(code, "counsellor", item.code), TEXT, code)
            context = contexts.message(referral.code, "counsellor", item.code)
            yield Box(bytes(item.sealed_for_service or b""), context, TEXT, code)


def _locked(sealed: bytes, day: str, context: str, holds: str, code: str = "") -> Iterator[Box]:
    """Under a day key; and tried as it is, in case it was not."""
    inner = Box(b"", context, holds, code)
    yield Box(sealed, day, BOX, code, inner)
    yield Box(sealed, context, holds, code)


def _candidates() -> Iterator[bytes]:
    """Every value of every table that could be a key: 32 bytes, or text that spells them."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            for row in cursor.fetchall():
                for value in row:
                    yield from _keys_in(value)


def _keys_in(value: object) -> Iterator[bytes]:
    if isinstance(value, memoryview | bytes) and len(value) == LOOKS_LIKE_A_KEY:
        yield bytes(value)
    if isinstance(value, str) and len(value) in {43, 64}:
        try:
            decoded = b64url_decode(value) if len(value) == 43 else bytes.fromhex(value)
        except (Malformed, ValueError):
            return
        yield decoded
