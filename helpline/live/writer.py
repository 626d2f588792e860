"""Writing: messages by two tasks, receipts by one, each batch in one statement; then everybody concerned is woken."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from helpline.live import wakeups
from helpline.live.batches import Batches
from helpline.live.database import Link

WRITERS = 2  # while one batch is being committed the next is prepared; a third only made the batches smaller
# 2,000 of the longest messages are 20 MB, and half a second's work.
MAX_WAITING = 2_000
_ADD = """
SELECT outcome, seq FROM conversations_add_messages($1::text[], $2::text[], $3::bytea[], $4::bigint[],
                                                    $5::text[], $6::text[], $7::bytea[], $8::bytea[])
"""
_RECEIVE = """
SELECT is_known, is_news FROM conversations_receive($1::text[], $2::integer[], $3::bytea[], $4::bigint[])
"""

Tell = Callable[[Iterable[str]], None]


class NewMessage(NamedTuple):
    """In the order of the SQL function's arguments."""

    code: str
    author: str
    capability_hash: bytes | None
    user_id: int | None
    client_id: str
    key_id: str
    sealed_key: bytes | None
    sealed: bytes


class Added(NamedTuple):
    """`outcome` as conversations_add_messages says; `seq` where there is one."""

    outcome: str
    seq: int | None


class Receipt(NamedTuple):
    code: str
    seq: int
    capability_hash: bytes | None
    user_id: int | None


class Writer:
    """`tell` gets the names of what has been committed."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.messages = Batches(self._add, size=MAX_WAITING)
        self.receipts = Batches(self._receive, size=MAX_WAITING)

    async def _add(self, link: Link, rows: Sequence[NewMessage]) -> list[Added]:
        added = [Added(*record) for record in await link.fetch(_ADD, *map(list, zip(*rows, strict=True)))]
        # A repeat wakes, too: the process that wrote it may have died before it could.
        self._tell(wakeups.rows(row.code) for row, (_, seq) in zip(rows, added, strict=True) if seq is not None)
        return added

    async def _receive(self, link: Link, rows: Sequence[Receipt]) -> list[bool]:
        answers = await link.fetch(_RECEIVE, *map(list, zip(*rows, strict=True)))
        self._tell(wakeups.rows(row.code) for row, answer in zip(rows, answers, strict=True) if answer["is_news"])
        return [answer["is_known"] for answer in answers]
