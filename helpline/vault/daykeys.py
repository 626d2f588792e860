"""Day keys: everything that opens words is wrapped once more under a key that no copy of the database has.

A row that was deleted is still in backups and in the write-ahead log. What was in it stays closed for everybody, staff
included, once the key store has destroyed the key. See docs/sealing.md, "Day keys".
"""

import datetime as dt
import secrets
import time
from contextlib import suppress
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.vault import keystore
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.vault.models import DayKey, EndedDayKey, SpentDayKey
from helpline.vault.sealing import KEY_BYTES, new_key, unwrap, wrap

PREFIX: Final = "day-"
CACHE_SECONDS: Final = 600  # a process must not hold for long what was destroyed elsewhere
CACHED_KEYS: Final = 400  # a year of days: more only after months without a restart

_cache: dict[str, tuple[bytes, float]] = {}


def lock_up(sealed: bytes, context: str) -> tuple[str, bytes]:
    """Wrap once more under today's key; inside the transaction that stores both. Raises KeyStoreUnavailable."""
    name = writing_key()
    return name, lock_up_under(name, sealed, context)


def lock_up_under(name: str, sealed: bytes, context: str) -> bytes:
    key = _key(name)
    if key is None:
        raise KeyStoreUnavailable(
            "The key of the day is not in the key store. Do all processes have the same HELPLINE_KEYS? "
            "If it is lost, run: helpline restore --only-replay (docs/running.md)."
        )
    return wrap(key, sealed, context)


def open_up(name: str, wrapped: bytes, context: str) -> bytes | None:
    """None: the key was destroyed, so nobody can. Raises KeyStoreUnavailable, CannotOpen."""
    key = _key(name)
    return None if key is None else unwrap(key, wrapped, context)


def writing_key(day: dt.date | None = None) -> str:
    """The name of the key for what is sealed on a day, today. It cannot go before our transaction has ended."""
    day = day or timezone.localdate()
    return _held(day) or _make_writing(day)


def replace(old: DayKey) -> str:
    """Let a fresh key take over from one; what is under the old one is moved next."""
    with transaction.atomic():
        was_writing = DayKey.objects.filter(name=old.name, is_writing=True).update(is_writing=False)
        return _make(old.day, is_writing=bool(was_writing))


def end(name: str) -> bool:
    """Say that nothing is under a key any more; `destroy_ended` follows. False where something still is."""
    try:
        with transaction.atomic():
            DayKey.objects.filter(name=name).delete()
            SpentDayKey.objects.filter(name=name).delete()
            EndedDayKey.objects.create(name=name)
            _check_now()
    except IntegrityError:
        return False
    return True


def destroy_ended() -> int:
    """Destroy in the key store what has ended. A crash in between leaves the name, and the next run goes on."""
    keys = keystore.store()
    ended = list(EndedDayKey.objects.values_list("name", flat=True))
    for name in ended:
        keys.destroy(name)
        _cache.pop(name, None)
        EndedDayKey.objects.filter(name=name).delete()
    return len(ended)


def lost() -> list[str]:
    """Keys that the database counts on and the key store does not have, as after the restore of an old backup."""
    there = set(keystore.store().names(PREFIX))
    return sorted(set(DayKey.objects.values_list("name", flat=True)) - there)


def unknown() -> list[str]:
    """Keys in the store that this database never heard of, or has forgotten by being restored from a backup."""
    known = set(DayKey.objects.values_list("name", flat=True)) | set(EndedDayKey.objects.values_list("name", flat=True))
    return sorted(set(keystore.store().names(PREFIX)) - known)


def overdue() -> int:
    """How many keys should have been turned in the last night at the latest."""
    spent = SpentDayKey.objects.values("name")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    return DayKey.objects.filter(name__in=spent, made_on__lt=yesterday).count()


def forget_cached() -> None:
    _cache.clear()


def _held(day: dt.date) -> str | None:
    # KEY SHARE: whoever wants to delete the row waits for us, and whoever inserts beside us does not.
    query = "SELECT name FROM vault_daykey WHERE day = %s AND is_writing FOR KEY SHARE"
    return next((row.name for row in DayKey.objects.raw(query, [day])), None)


def _make_writing(day: dt.date) -> str:
    try:
        with transaction.atomic():
            return _make(day, is_writing=True)
    except IntegrityError:  # another process was faster, and its transaction has ended
        return writing_key(day)


def _make(day: dt.date, *, is_writing: bool) -> str:
    """The key first, the row after it: a row without its key would lose what is wrapped under it."""
    name = f"{PREFIX}{day:%Y-%m-%d}-{secrets.token_hex(4)}"
    keys = keystore.store()
    keys.write_new(name, new_key())
    try:
        DayKey.objects.create(name=name, day=day, made_on=timezone.localdate(), is_writing=is_writing)
    except IntegrityError:
        keys.destroy(name)
        raise
    return name


def _key(name: str) -> bytes | None:
    found, until = _cache.get(name, (None, 0.0))
    if found and until > time.monotonic():
        return found
    key = keystore.store().read(name)
    if key is None:
        _cache.pop(name, None)
        return None
    if len(key) != KEY_BYTES:
        raise KeyStoreUnavailable(f"The key {name} is damaged.")
    with suppress(RuntimeError):  # another thread changed it meanwhile
        while len(_cache) >= CACHED_KEYS:
            _cache.pop(next(iter(_cache)), None)
    _cache[name] = key, time.monotonic() + CACHE_SECONDS
    return key


def _check_now() -> None:
    """Foreign keys are checked when a transaction ends, for Django's sake; here the answer is needed now."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
