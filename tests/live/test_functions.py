"""The one SQL rule for adding a message, under any interleaving; and the reads that streams are made of."""

import asyncio
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.accounts.models import User
from helpline.conversations import actions
from helpline.conversations.models import Author, Conversation, Message, SenderKey
from helpline.live.database import _address
from helpline.vault.codes import new_code
from tests.people import HelpSeeker

PEOPLE = 3
SEALED = bytes(284)
KEY = bytes(1168)

# One thing that happens: a batch of (person, which message, which sender key, whether it comes along), or an end.
MESSAGE = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 6), st.integers(0, 1), st.booleans())
STEP = st.lists(MESSAGE, min_size=1, max_size=8) | st.integers(0, PEOPLE - 1)
CALL = """
SELECT place, outcome, seq FROM conversations_add_messages(
    $1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bytea[])
"""


@dataclass
class Expected:
    """What the rule says, told again in Python."""

    seqs: dict[tuple[int, int], int] = field(default_factory=dict)
    last: Counter[int] = field(default_factory=Counter)
    closed: set[int] = field(default_factory=set)
    first: dict[tuple[int, int], int] = field(default_factory=dict)

    def add_batch(self, batch: list[Any]) -> list[tuple[str, int | None]]:
        already = set(self.seqs)
        brought = {
            (person, key): place
            for place, (person, number, key, with_key) in reversed(list(enumerate(batch)))
            if with_key and (person, number) not in already
        }
        return [
            self.add(person, number, key, with_key or brought.get((person, key), place) < place)
            for place, (person, number, key, with_key) in enumerate(batch)
        ]

    def add(self, person: int, number: int, key: int, with_key: bool) -> tuple[str, int | None]:
        if (person, number) in self.seqs:
            return "repeated", self.seqs[person, number]
        if person in self.closed:
            return "closed", None
        if not with_key and (person, key) not in self.first:
            return "key", None
        self.last[person] += 1
        self.first.setdefault((person, key), self.last[person])
        self.seqs[person, number] = self.last[person]
        return "added", self.last[person]


class World:
    """Three people with a conversation each, and names for the messages they may send."""

    def __init__(self, line: Any) -> None:
        self.people = [HelpSeeker() for _ in range(PEOPLE)]
        self.conversations = [person.start(line) for person in self.people]
        self.client_ids: defaultdict[tuple[int, int], str] = defaultdict(new_code)
        self.key_ids: defaultdict[tuple[int, int], str] = defaultdict(new_code)

    def rows(self, batch: list[tuple[int, int, int, bool]]) -> list[list[Any]]:
        rows = [
            (
                self.people[person].code,
                "help_seeker",
                bytes(self.conversations[person].capability_hash),
                None,
                self.client_ids[person, number],
                self.key_ids[person, key],
                KEY if with_key else None,
                SEALED,
            )
            for person, number, key, with_key in batch
        ]
        return [list(column) for column in zip(*rows, strict=True)]


def add(columns: list[list[Any]]) -> list[tuple[str, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, seq FROM conversations_add_messages(%s::text[], %s::text[], %s::bytea[], %s::bigint[],"
            " %s::text[], %s::text[], %s::bytea[], %s::bytea[])",
            columns,
        )
        found: list[tuple[str, int | None]] = cursor.fetchall()
        return found


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
@given(steps=st.lists(STEP, max_size=12))
def test_any_interleaving_of_batches_repeats_and_ends_gives_each_message_one_place(line: Any, steps: list[Any]) -> None:
    world, expected = World(line), Expected()
    for step in steps:
        if isinstance(step, int):
            actions.close(world.conversations[step], Author.HELP_SEEKER)
            expected.closed.add(step)
        else:
            wanted = expected.add_batch(step)
            assert add(world.rows(step)) == wanted
    for person, conversation in enumerate(world.conversations):
        kept = list(Message.objects.filter(conversation=conversation).order_by("seq").values_list("seq", flat=True))
        conversation.refresh_from_db()
        assert kept == list(range(1, expected.last[person] + 1))
        assert conversation.last_seq == expected.last[person]
    ours = SenderKey.objects.filter(conversation__in=world.conversations)
    told = ours.values_list("conversation__code", "key_id", "first_seq")
    assert set(told) == {
        (world.people[person].code, world.key_ids[person, key], seq) for (person, key), seq in expected.first.items()
    }


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_neither_lock_each_other_out_nor_leave_a_gap(line: Any) -> None:
    """As several live processes: every batch touches every conversation, each in an order of its own."""
    world = World(line)
    orders = random.Random(7)  # not a secret
    batches = [
        [(person, 10 * batch + nth, 0, True) for nth in range(3) for person in orders.sample(range(PEOPLE), PEOPLE)]
        for batch in range(24)
    ]

    async def write(address: str, mine: list[list[tuple[int, int, int, bool]]]) -> list[tuple[str, int]]:
        own = await asyncpg.connect(address)
        try:
            return [(outcome, seq) for batch in mine for _, outcome, seq in await own.fetch(CALL, *world.rows(batch))]
        finally:
            await own.close()

    async def write_all() -> list[tuple[str, int]]:
        # Each batch is written by two writers, as a sender does whose answer was lost.
        address = _address()
        written = await asyncio.gather(*(write(address, batches[start::4] + batches[start::6]) for start in range(4)))
        return [row for rows in written for row in rows]

    outcomes = asyncio.run(write_all())
    added = Counter(seq for outcome, seq in outcomes if outcome == "added")
    assert {outcome for outcome, _ in outcomes} == {"added", "repeated"}
    for conversation in world.conversations:
        kept = list(conversation.messages.order_by("seq").values_list("seq", flat=True))
        assert kept == list(range(1, len(kept) + 1))
    assert added == Counter(Message.objects.values_list("seq", flat=True))


@pytest.mark.django_db
def test_the_other_sides_key_id_and_client_id_are_refused_also_within_one_batch(
    waiting: Conversation, asha: User
) -> None:
    """Only somebody malicious would copy them; what they send may be neither kept as readable nor acknowledged."""
    actions.assign(waiting, asha)
    proof = bytes(waiting.capability_hash)
    first, second, key_id = new_code(), new_code(), new_code()

    def rows(*rows: tuple[str, bytes | None, int | None, str, str]) -> list[list[Any]]:
        return [list(column) for column in zip(*((waiting.code, *row, KEY, SEALED) for row in rows), strict=True)]

    seeker, counsellor = ("help_seeker", proof, None), ("counsellor", None, asha.pk)
    assert add(rows((*seeker, first, key_id), (*counsellor, first, new_code()))) == [("added", 1), ("unknown", None)]
    assert add(rows((*counsellor, first, new_code()))) == [("unknown", None)]
    assert add(rows((*counsellor, second, key_id))) == [("key", None)]


@pytest.mark.django_db
def test_nobody_but_the_help_seeker_and_the_owner_may_add(waiting: Conversation, asha: User, ben: User) -> None:
    actions.assign(waiting, asha)
    proof = bytes(waiting.capability_hash)
    claims: list[tuple[str, bytes | None, int | None]] = [
        ("help_seeker", bytes(32), None),
        ("help_seeker", None, None),
        ("help_seeker", None, asha.pk),
        ("counsellor", None, ben.pk),
        ("counsellor", proof, None),
        ("counsellor", None, None),
        ("system", proof, None),
        ("system", None, asha.pk),
        ("supervisor", None, None),
    ]
    columns = zip(*((waiting.code, *claim, new_code(), new_code(), KEY, SEALED) for claim in claims), strict=True)
    assert set(add([list(column) for column in columns])) == {("unknown", None)}
