"""The gateway key: to it is sealed what a carrier must have in clear, and where it goes.

A key pair whose seed is in the key store, outside the database and its backups. Whoever has the database alone reads
nothing of it. It is turned each night: what was sealed to a key that is gone opens for nobody, wherever a copy of it
still lies (docs/adr/0017).
"""

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Final, TypeVar

from django.db import transaction
from django.utils import timezone

from helpline.channels.models import Address, Delivery
from helpline.conversations.daykeys import grant_of, put_grant
from helpline.conversations.models import Conversation, Grant
from helpline.vault import contexts, keystore, sealing
from helpline.vault.keystore import KeyStore, KeyStoreUnavailable, NameTaken
from helpline.vault.sealing import CannotOpen

PREFIX: Final = "gateway-"
ROWS_AT_ONCE: Final = 200
REMEMBERED: Final = 4
SEEDS_SECONDS: Final = 20.0  # a process must not hold for long what was destroyed elsewhere

_remembered: dict[KeyStore, tuple[list[bytes], float]] = {}
_public: dict[bytes, bytes] = {}

T = TypeVar("T")


def public_key() -> bytes:
    """To which the counsellor's browser seals, and the server what it says itself. Raises KeyStoreUnavailable."""
    return _public_of(current())


def current() -> str:
    """The name of the key in use. Raises KeyStoreUnavailable."""
    names = _names()
    return names[-1] if names else _make(1)


def seal_for_gateway(text: str, *, code: str, client_id: str) -> bytes:
    """One message. Raises sealing.TextTooLong, KeyStoreUnavailable."""
    return sealing.seal_for_gateway(public_key(), text, code=code, client_id=client_id)


def open_by_gateway(sealed: bytes, *, code: str, client_id: str) -> str:
    """Raises CannotOpen, KeyStoreUnavailable."""
    return _opened(lambda seed: sealing.open_for_gateway(seed, sealed, code=code, client_id=client_id))


def seal_address(address: str, *, code: str) -> bytes:
    return sealing.seal_return_address(public_key(), address, code=code)


def open_address(sealed: bytes, *, code: str) -> str:
    """Raises CannotOpen, KeyStoreUnavailable."""
    return _opened(lambda seed: sealing.open_return_address(seed, sealed, code=code))


def seal_seed(seed: bytes, *, code: str) -> bytes:
    """A conversation's key: the help-seeker's own grant, kept for somebody who has no page."""
    return sealing.seal_grant(public_key(), seed, code=code, reader=contexts.HELP_SEEKER)


def open_seed(conversation: Conversation) -> bytes:
    """Raises CannotOpen (also when it has ended), KeyStoreUnavailable."""
    sealed = grant_of(conversation, Grant.Reader.HELP_SEEKER)
    if sealed is None:
        raise CannotOpen
    code = conversation.code
    return _opened(lambda seed: sealing.open_grant(seed, sealed, code=code, reader=contexts.HELP_SEEKER))


def turn() -> int:
    """Let a fresh key take over; returns how many rows went over. After a crash the next turn does the rest.

    A key that was replaced before today is destroyed: until then a desk that was open may still seal to it.
    """
    _make(_number(current()) + 1)
    moved = _move(Address) + _move(Delivery) + _move_grants()
    names, today = _names(), timezone.localdate()
    for old, replaced_by in pairwise(names):
        if _made_on(replaced_by) < today:
            keystore.store().destroy(old)
    _remembered.clear()
    return moved


def turn_due() -> int:
    """Once a day, where there is one."""
    names = _names()
    return turn() if names and _made_on(names[-1]) < timezone.localdate() else 0


def is_overdue() -> bool:
    names = _names()
    return bool(names) and _made_on(names[-1]) < timezone.localdate() - dt.timedelta(days=1)


def is_lost() -> bool:
    """Somebody is to be answered, and no key says where."""
    return not _names() and Address.objects.exists()


def _names() -> list[str]:
    """Oldest first."""
    return keystore.store().names(PREFIX)


def _make(number: int) -> str:
    """`gateway-000012-2026-11-27`. Whoever is slower at the same number uses what the other has made."""
    name = f"{PREFIX}{number:06}-{timezone.localdate()}"
    with suppress(NameTaken):
        keystore.store().write_new(name, sealing.generate_seed())
    return name


def _number(name: str) -> int:
    return int(name.removeprefix(PREFIX)[:6])


def _made_on(name: str) -> dt.date:
    return dt.date.fromisoformat(name[-10:])


def _public_of(name: str) -> bytes:
    """Making it costs a millisecond, so the last ones are remembered; never a seed, which may be destroyed."""
    seed = _seed(name)
    digest = hashlib.blake2b(seed).digest()
    if digest not in _public:
        if len(_public) >= REMEMBERED:
            _public.clear()
        _public[digest] = sealing.public_key_of(seed)
    return _public[digest]


def _seed(name: str) -> bytes:
    seed = keystore.store().read(name)
    if seed is None or len(seed) != sealing.KEY_BYTES:
        raise KeyStoreUnavailable(f"The key {name} is not in the key store, or damaged.")
    return seed


def _opened(opening: Callable[[bytes], T]) -> T:
    """By the newest key that can; one that another process has just made is looked for, too."""
    for is_fresh in (False, True):
        for seed in _seeds(is_fresh=is_fresh):
            with suppress(CannotOpen):
                return opening(seed)
    raise CannotOpen


def _seeds(*, is_fresh: bool) -> list[bytes]:
    """Newest first. They are remembered for a moment: else each text that goes out would read them all again."""
    keys, now = keystore.store(), time.monotonic()
    found = _remembered.get(keys)
    if is_fresh or found is None or found[1] < now:
        _remembered.clear()
        found = [_seed(name) for name in reversed(_names())], now + SEEDS_SECONDS
        _remembered[keys] = found
    return found[0]


def _move(model: type[Address] | type[Delivery]) -> int:
    moved, ids = 0, list(model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), ROWS_AT_ONCE):
        with transaction.atomic():
            rows = model.objects.select_for_update(of=("self",)).filter(pk__in=ids[start : start + ROWS_AT_ONCE])
            moved += sum(_reseal(row) for row in rows.select_related("conversation").order_by("pk"))
    return moved


def _reseal(row: Address | Delivery) -> int:
    code = row.conversation.code if row.conversation else ""
    changed: dict[str, bytes] = {}
    with suppress(CannotOpen):  # from a restored backup: nobody can, and it fails when it is to be sent
        if isinstance(row, Address):
            changed["sealed"] = seal_address(open_address(bytes(row.sealed), code=code), code=code)
        elif row.sealed is not None:
            place = {"code": code or row.client_id, "client_id": row.client_id}
            changed["sealed"] = seal_for_gateway(open_by_gateway(bytes(row.sealed), **place), **place)
        if isinstance(row, Delivery) and row.sealed_to is not None:
            to = open_address(bytes(row.sealed_to), code=row.client_id)
            changed["sealed_to"] = seal_address(to, code=row.client_id)
    return type(row).objects.filter(pk=row.pk).update(**changed) if changed else 0


def _move_grants() -> int:
    moved = 0
    for address in Address.objects.select_related("conversation").order_by("pk"):
        with suppress(CannotOpen), transaction.atomic():
            if not Address.objects.select_for_update().filter(pk=address.pk).exists():
                continue
            seed = open_seed(address.conversation)
            sealed = seal_seed(seed, code=address.conversation.code)
            put_grant(address.conversation, Grant.Reader.HELP_SEEKER, sealed)
            moved += 1
    return moved
