"""Many rows in one statement. As the ORM writes them, a thousand parameters each cost more than the rule itself."""

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from helpline.routing.matching import Decision
from helpline.routing.models import Presence

_ENTRIES = """
SELECT id FROM routing_queueentry WHERE id = ANY(%s) AND state = %s ORDER BY id FOR UPDATE SKIP LOCKED
"""
_HANDS = """
SELECT presence.user_id, staff.code, presence.capacity
FROM routing_presence AS presence JOIN accounts_user AS staff ON staff.id = presence.user_id
WHERE presence.user_id = ANY(%s) AND presence.state = %s AND NOT presence.is_break_offered
ORDER BY presence.id FOR UPDATE OF presence SKIP LOCKED
"""
_OFFERS = """
WITH made AS (
    INSERT INTO routing_offer (entry_id, user_id, state, made_at, expires_at, decline_reason, why)
    SELECT waiter, hand, 'open', %(now)s, %(now)s + seconds * interval '1 second', '', why
    FROM jsonb_to_recordset(%(made)s::jsonb) AS made (waiter bigint, hand bigint, seconds int, why jsonb)
    RETURNING entry_id
)
UPDATE routing_queueentry SET state = 'offered' WHERE id IN (SELECT entry_id FROM made)
"""


@dataclass(frozen=True, slots=True)
class OpenHand:
    """Somebody who may be offered something, locked until the transaction ends."""

    code: str
    capacity: int


def lock_entries(ids: Collection[int], state: str) -> set[int]:
    """Those of these places that are in this state and not being changed by somebody else right now."""
    return {entry_id for (entry_id,) in _rows(_ENTRIES, [list(ids), state])} if ids else set()


def lock_open_hands(user_ids: Collection[int]) -> dict[int, OpenHand]:
    """Those of these people who are available, with no break before them, and not being changed right now."""
    found = _rows(_HANDS, [list(user_ids), Presence.State.AVAILABLE])
    return {user_id: OpenHand(code, capacity) for user_id, code, capacity in found}


def write_offers(decisions: Sequence[Decision], now: dt.datetime) -> None:
    """Offer all of these, and say so at their places in the queue."""
    # One document: an array of a thousand documents is quoted value by value, in Python.
    made = [{"waiter": each.waiter, "hand": each.hand, "seconds": each.seconds, "why": each.why} for each in decisions]
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, {"now": now, "made": json.dumps(made)})


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
