"""What is stored under a day key: how it is locked up, opened, and moved to another key.

The only place that writes or reads these columns. What a context names (whose it is, and for whom) cannot be swapped
for another row's.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, Disclosure, Grant, Whisper
from helpline.vault import contexts, daykeys
from helpline.vault.models import DayKey, SpentDayKey

Row = Grant | Whisper | Disclosure
COLUMNS: dict[type[Row], tuple[str, ...]] = {
    Grant: ("sealed",),
    Whisper: ("sealed_to", "sealed_own"),
    Disclosure: ("sealed_to_supervisors", "sealed_own"),
}
ROWS_AT_ONCE = 500


def put_grant(conversation: Conversation, reader: str, sealed: bytes, user: User | None = None) -> None:
    """Keep a sealed grant, in place of the reader's earlier one. Raises KeyStoreUnavailable."""
    name, locked = daykeys.lock_up(sealed, _grant_context(conversation.code, reader, user))
    Grant.objects.update_or_create(
        conversation=conversation, reader=reader, user=user, defaults={"sealed": locked, "day_key_id": name}
    )


def put_first_grants(given: Iterable[tuple[Conversation, Mapping[str, bytes]]]) -> None:
    """Those that conversations begin with, by reader: one statement, while they have none. As `put_grant` else."""
    name = daykeys.writing_key()
    Grant.objects.bulk_create(
        Grant(
            conversation=conversation,
            reader=reader,
            sealed=daykeys.lock_up_under(name, grant, _grant_context(conversation.code, reader, None)),
            day_key_id=name,
        )
        for conversation, sealed in given
        for reader, grant in sealed.items()
    )


def grant_of(conversation: Conversation, reader: str, user: User | None = None) -> bytes | None:
    """The sealed grant of one reader, or None where it was erased or never made. Raises KeyStoreUnavailable."""
    grant = Grant.objects.filter(conversation=conversation, reader=reader, user=user).first()
    if grant is None:
        return None
    return daykeys.open_up(grant.day_key_id, bytes(grant.sealed), _grant_context(conversation.code, reader, user))


def locked_letters(model: type[Whisper | Disclosure], code: str, own_code: str, **sealed: bytes) -> dict[str, Any]:
    """The columns of a new whisper or disclosure, from its sealed forms by column. Raises KeyStoreUnavailable."""
    name = daykeys.writing_key()
    columns: dict[str, Any] = {"day_key_id": name}
    for column in COLUMNS[model]:
        context = _letter_context(model, code, own_code, column)
        columns[column] = daykeys.lock_up_under(name, sealed[column], context)
    return columns


def letter_of(row: Whisper | Disclosure, column: str) -> bytes:
    """One sealed form of a whisper or disclosure; nothing where its key has gone. Raises KeyStoreUnavailable."""
    return daykeys.open_up(row.day_key_id, bytes(getattr(row, column)), _context(row, column)) or b""


def turn(key: DayKey) -> int:
    """Let a fresh key take over and end the old one; returns how many rows went over.

    A crash in between leaves both keys and every row under one of them: the next run goes on from there.
    """
    fresh, moved = daykeys.replace(key), 0
    while True:
        with transaction.atomic():
            rows = list(_some_under(key.name))
            for row in rows:
                _move(row, fresh)
        moved += len(rows)
        if not rows:
            break
    if daykeys.end(key.name):
        return moved
    return moved + turn(key)  # something came under it meanwhile, from a transaction begun before


def turn_spent(before: dt.date) -> int:
    """Every key made before a day under which something has ended, and every one that nothing needs; returns how many.

    A key made on that day is left alone, so that each is turned at most once a day.
    """
    spent = set(SpentDayKey.objects.values_list("name", flat=True))
    turned = 0
    for key in DayKey.objects.filter(made_on__lt=before).order_by("day", "name"):
        if key.name in spent or not key.is_writing:
            is_needed = any(_under(model, key.name).exists() for model in COLUMNS)
            if key.name in spent and is_needed:
                turn(key)
                turned += 1
            elif not is_needed:
                turned += daykeys.end(key.name)
    return turned


def forget(names: Iterable[str]) -> int:
    """Their keys are lost for good: nobody can open what is under them, so it goes. Returns how many rows went."""
    gone = 0
    for name in names:
        with transaction.atomic():
            for model in COLUMNS:
                gone += _under(model, name).delete()[0]
        daykeys.end(name)
    return gone


def _some_under(name: str) -> Iterator[Row]:
    for model in COLUMNS:
        others = ("conversation", "user") if model is Grant else ("conversation",)
        found = _under(model, name).select_related(*others).select_for_update(of=("self",))
        yield from found.order_by("pk")[:ROWS_AT_ONCE]


def _under(model: type[Row], name: str) -> QuerySet[Any]:
    return model.objects.filter(day_key=name)


def _move(row: Row, fresh: str) -> None:
    columns: dict[str, Any] = {"day_key_id": fresh}
    for column in COLUMNS[type(row)]:
        context = _context(row, column)
        sealed = daykeys.open_up(row.day_key_id, bytes(getattr(row, column)), context)
        columns[column] = daykeys.lock_up_under(fresh, sealed, context) if sealed is not None else b""
    type(row).objects.filter(pk=row.pk).update(**columns)


def _context(row: Row, column: str) -> str:
    code = row.conversation.code
    if isinstance(row, Grant):
        return _grant_context(code, row.reader, row.user)
    own_code = row.client_id if isinstance(row, Whisper) else row.code
    return _letter_context(type(row), code, own_code, column)


def _grant_context(code: str, reader: str, user: User | None) -> str:
    return contexts.day("grant", code, contexts.staff_reader(user.code) if user else str(reader))


def _letter_context(model: type[Whisper | Disclosure], code: str, own_code: str, column: str) -> str:
    return contexts.day("whisper" if model is Whisper else "disclosure", code, own_code, column)
