"""What was said, acknowledged and seen, and what is wrong when that does not agree with the table."""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg

from benchmarks.stage import Conversation
from helpline.vault import sealing

_ROWS = """
SELECT c.last_seq, m.seq, m.author, m.client_id, m.key_id, m.sealed, k.sealed
FROM conversations_conversation c
JOIN conversations_message m ON m.conversation_id = c.id
LEFT JOIN conversations_senderkey k ON k.conversation_id = c.id AND k.key_id = m.key_id
WHERE c.code = %s ORDER BY m.seq
"""


@dataclass
class Said:
    """One message as its author knows it; `seq` once the server has acknowledged it."""

    author: str
    client_id: str
    text: str = field(repr=False)
    seq: int | None = None


class Seen(NamedTuple):
    """One message as a reader was shown it."""

    seq: int
    author: str
    client_id: str
    text: str


class Row(NamedTuple):
    last_seq: int
    seq: int
    author: str
    client_id: str
    key_id: str
    sealed: bytes
    sealed_key: bytes


@dataclass
class Ledger:
    """One conversation, from everybody's side."""

    conversation: Conversation
    said: list[Said] = field(default_factory=list)  # in the order in which each author said it
    seen: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))  # by reader, in order of arrival
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def acknowledged(self) -> int:
        return sum(said.seq is not None for said in self.said)

    @property
    def last_seq(self) -> int:
        return max((said.seq or 0 for said in self.said), default=0)

    def acknowledge(self, said: Said, seq: int) -> None:
        if said.seq not in {None, seq}:
            self.wrong["acknowledged under two numbers"] += 1
        said.seq = seq


def compare(ledger: Ledger, connection: psycopg.Connection[Any]) -> Counter[str]:
    """Everything wrong with one conversation; an empty count when nothing is."""
    return find(ledger, [Row(*row) for row in connection.execute(_ROWS, [ledger.conversation.code])])


def find(ledger: Ledger, rows: list[Row]) -> Counter[str]:
    shown = [
        Seen(row.seq, row.author, row.client_id, text) for row, text in zip(rows, _texts(ledger, rows), strict=True)
    ]
    wrong = ledger.wrong + _numbering(rows) + _acknowledgements(ledger, rows) + _words(ledger, shown)
    for seen in ledger.seen.values():
        wrong += _sight(seen, shown)
    return wrong


def _numbering(rows: list[Row]) -> Counter[str]:
    """Numbers from 1 without a gap, and the conversation knows how far they go."""
    numbers = [row.seq for row in rows]
    is_whole = numbers == list(range(1, len(rows) + 1)) and all(row.last_seq == len(rows) for row in rows)
    return Counter({"conversations with a gap": not is_whole})


def _acknowledgements(ledger: Ledger, rows: list[Row]) -> Counter[str]:
    kept = {row.client_id: row.seq for row in rows}
    acknowledged = [said for said in ledger.said if said.seq is not None]
    order: dict[str, list[int]] = defaultdict(list)
    for said in ledger.said:
        if said.client_id in kept:
            order[said.author].append(kept[said.client_id])
    return Counter(
        {
            "never acknowledged": len(ledger.said) - len(acknowledged),
            "lost": sum(said.client_id not in kept for said in acknowledged),
            "doubled": len(rows) - len(kept),
            "reordered": sum(kept.get(said.client_id, said.seq) != said.seq for said in acknowledged)
            + sum(later <= earlier for own in order.values() for earlier, later in itertools.pairwise(own)),
        }
    )


def _texts(ledger: Ledger, rows: list[Row]) -> list[str]:
    code, seed, keys = ledger.conversation.code, ledger.conversation.seed, dict[str, bytes]()
    for row in rows:
        if row.key_id not in keys:
            keys[row.key_id] = sealing.open_sender_key(
                seed, bytes(row.sealed_key), code=code, author=row.author, key_id=row.key_id
            )
    return [
        sealing.open_message(keys[row.key_id], bytes(row.sealed), code=code, author=row.author, client_id=row.client_id)
        for row in rows
    ]


def _words(ledger: Ledger, shown: list[Seen]) -> Counter[str]:
    said = {said.client_id: (said.author, said.text) for said in ledger.said}
    strange = sum((row.author, row.text) != said.get(row.client_id) for row in shown)
    return Counter({"kept, but never said like that": strange})


def _sight(seen: list[Seen], shown: list[Seen]) -> Counter[str]:
    """What one reader was shown, against what there is."""
    numbers = [message.seq for message in seen]
    return Counter(
        {
            "never shown": len(set(shown) - set(seen)),
            "shown, but not kept": len(set(seen) - set(shown)),
            "shown twice": len(seen) - len(set(seen)),
            "shown out of order": sum(b < a for a, b in itertools.pairwise(numbers)),
        }
    )
