"""What was ended early, kept outside the database so that the restore of an old backup cannot bring it back.

Only the hash of a random code: whoever holds the code can tell that it ended, nobody else can tell anything. What ends
at its time needs none: a restored row is past its time too.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from django.db import transaction
from django.utils import timezone

from helpline.vault import keystore
from helpline.vault.keystore import KeyStoreUnavailable, NameTaken
from helpline.vault.models import Tombstone

PREFIX: Final = "ended-"
KEPT_DAYS: Final = 120  # older backups are not restored
_HASH = slice(len("ended-2026-11-26-"), None)


def bury(code: str) -> None:
    """Inside the transaction that ends it: it goes outside after the commit, at the latest with the next run.

    Whatever the key store does then, what has ended has ended.
    """
    Tombstone.objects.get_or_create(code_hash=hash_of(code), defaults={"ended_on": timezone.localdate()})
    transaction.on_commit(_write_out_if_there, robust=True)


def write_out() -> int:
    """Put down outside what is not there yet; returns how many. Raises KeyStoreUnavailable."""
    keys = keystore.store()
    waiting = list(Tombstone.objects.all())
    for each in waiting:
        with suppress(NameTaken):  # a crash came between this and the next line
            keys.write_new(f"{PREFIX}{each.ended_on:%Y-%m-%d}-{each.code_hash}", b"\0")
        each.delete()
    return len(waiting)


def buried(codes: Iterable[str]) -> list[str]:
    """Which of these codes have ended before. Raises KeyStoreUnavailable."""
    hashes = {name[_HASH] for name in keystore.store().names(PREFIX)}
    return [code for code in codes if hash_of(code) in hashes] if hashes else []


def forget_old(today: dt.date) -> None:
    """No backup that is old enough to bring these back will be restored."""
    oldest = f"{PREFIX}{today - dt.timedelta(days=KEPT_DAYS):%Y-%m-%d}"
    keys = keystore.store()
    for name in keys.names(PREFIX):
        if name < oldest:
            keys.destroy(name)


def hash_of(code: str) -> str:
    return hashlib.sha256(f"helpline/1/ended/{code}".encode()).hexdigest()[:40]


def _write_out_if_there() -> None:
    with suppress(KeyStoreUnavailable):  # the next run does
        write_out()
