"""Waits, first replies and how long contacts lasted, in seconds: of a month, by channel and by hour."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import connection

from helpline.lines.models import Line
from helpline.records.codes import Fate
from helpline.records.months import span_of

ENOUGH = 30  # contacts: of fewer, one person's wait could be read
TO_SECONDS = 5
ALL = "all"

# The same rounding and the same percentile as of published waits (publishing.counting).
_ASKED = """
SELECT channel, hour{each}
FROM (
    SELECT channel, extract(hour FROM started_hour AT TIME ZONE %(zone)s)::int AS hour,
        wait_seconds, first_reply_seconds, handled_seconds
    FROM records_contactrecord
    WHERE line_id = %(line)s AND started_hour >= %(since)s AND started_hour < %(until)s
        AND fate = %(answered)s AND NOT is_late
) AS answered
GROUP BY GROUPING SETS ((), (channel), (hour))
"""
_EACH = """,
    count({0}), avg({0}), percentile_disc(0.5) WITHIN GROUP (ORDER BY {0}),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY {0})"""
MEASURES = {"wait": "wait_seconds", "reply": "first_reply_seconds", "handled": "handled_seconds"}
_STATEMENT = _ASKED.format(each="".join(_EACH.format(column) for column in MEASURES.values()))


@dataclass(frozen=True)
class Seconds:
    """To the nearest five. No shortest and no longest: those are somebody's."""

    mean: int
    median: int
    ninetieth: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def seconds_of(line: Line, month: dt.date) -> dict[str, dict[str, Seconds]]:
    """By "all", "webchat" …, "00" to "23", and then by measure: wait, reply, handled. Only where there were enough."""
    since, until = span_of(month)
    asked: dict[str, str | int | dt.datetime] = {
        "zone": settings.TIME_ZONE,
        "line": line.pk,
        "since": since,
        "until": until,
        "answered": Fate.ANSWERED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, asked)
        rows = cursor.fetchall()
    found = {_key(channel, hour): dict(_measured(values)) for channel, hour, *values in rows}
    return {key: measures for key, measures in found.items() if measures}


def _key(channel: str | None, hour: int | None) -> str:
    return channel or (ALL if hour is None else f"{hour:02d}")


def _measured(values: list[float]) -> Iterator[tuple[str, Seconds]]:
    for place, measure in enumerate(MEASURES):
        count, *of = values[4 * place : 4 * place + 4]
        if count >= ENOUGH:
            yield measure, Seconds(*(_rounded(each) for each in of))


def _rounded(seconds: float) -> int:
    return (int(seconds) + TO_SECONDS // 2) // TO_SECONDS * TO_SECONDS
