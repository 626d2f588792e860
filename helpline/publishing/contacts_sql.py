"""Contacts as they are counted: one row each, codes only, the same columns in PostgreSQL and in Parquet.

No id, no hour of a day of a month, no word. `person` numbers known persons within the month, and `nth` their contacts,
counselling first; both go when the month has been counted (`parquet.forget_people`).
"""

import datetime as dt
from typing import Final

from django.conf import settings

from helpline.publishing import dimensions as by
from helpline.publishing.dimensions import Dimension
from helpline.records.months import span_of

# Columns of ContactRecord that are called otherwise.
_CALLED = {by.ETHNICITY.name: "ethnicities", by.NEED.name: "needs"}
CODED: Final = (
    by.CHANNEL, by.FATE, by.WAIT, by.ROLE, by.AGE, by.GENDER, by.REGION, by.RETURNING, by.LANGUAGE, by.INTERPRETER,
    by.DISABILITY, by.HARM, by.HARM_WHEN, by.IN_CHILDHOOD, by.RELATIONSHIP, by.OUTCOME, by.DISCLOSURE,
    by.NOT_COUNSELLING, by.WEEKDAY, by.HOUR,
)  # fmt: skip
SEVERAL: Final = (by.ETHNICITY, by.NEED)
NUMBERS: Final = ("wait_seconds", "person", "nth", "turn")
COLUMNS: Final = (*(each.name for each in (*CODED, *SEVERAL)), *NUMBERS)
# Some are words of SQL.
QUOTED: Final = tuple(f'"{name}"' for name in COLUMNS)
# A contact counts in turn 0; in another it has been left out (counting.py).
COUNTS = 0


# Of which line and span of time, and by whose clock: the parameters of what is made here.
Asked = dict[str, str | int | dt.datetime]


def of_month(line: int, month: dt.date) -> Asked:
    since, until = span_of(month)
    return {"zone": settings.TIME_ZONE, "line": line, "since": since, "until": until}


def of_records() -> str:
    """The month's contacts out of ContactRecords; parameters as in Asked.

    What is in no list is "not stated"; a contact is left out only where nothing can be counted of it: without a channel
    or a fate, or not about counselling and not saying what else. Both are reported (reports.py).
    """
    codes = ",\n    ".join(f"{_said(each)} AS {quoted(each)}" for each in CODED)
    several = ",\n    ".join(f"{_all_said(each)} AS {quoted(each)}" for each in SEVERAL)
    return f"""
WITH asked AS (SELECT %(zone)s::text AS zone)
SELECT
    {codes},
    {several},
    wait_seconds,
    CASE WHEN person IS NOT NULL THEN dense_rank() OVER (ORDER BY person) END::int AS person,
    CASE WHEN person IS NOT NULL THEN row_number() OVER (
        PARTITION BY person ORDER BY {_is_counselled()} DESC, started_hour, wait_seconds, id
    ) END::int AS nth,
    {COUNTS} AS turn
FROM records_contactrecord AS record, asked
WHERE line_id = %(line)s AND started_hour >= %(since)s AND started_hour < %(until)s
    AND NOT is_late AND {_in(by.FATE)} AND {_in(by.CHANNEL)}
    AND ({is_known(by.NOT_COUNSELLING)})
"""  # nosec B608  # codes of ours; what is asked for are parameters


def quoted(dimension: Dimension) -> str:
    return f'"{dimension.name}"'


def _said(dimension: Dimension) -> str:
    return _OTHERWISE.get(dimension) or (
        f"CASE WHEN {_in(dimension)} THEN {quoted(dimension)} ELSE '{by.NONE_STATED}' END"
    )


def _wait() -> str:
    """The first bound that an answered contact kept."""
    bounds = " ".join(
        f"WHEN wait_seconds <= {seconds} THEN '{code}'"
        for seconds, code in zip(by.WAIT_BOUNDS, by.WAIT.codes, strict=False)
    )
    return f"CASE WHEN fate <> 'answered' THEN NULL {bounds} ELSE '{by.WAIT.codes[-1]}' END"


def column(dimension: Dimension) -> str:
    """As ContactRecord calls it."""
    return _CALLED.get(dimension.name, dimension.name)


def is_known(dimension: Dimension) -> str:
    """Whether what a record says is in our list; of several, whether all are."""
    match dimension:
        case by.FATE:  # empty as long as a contact goes on
            return f"fate = '' OR {_in(dimension)}"
        case by.NOT_COUNSELLING:
            return f"not_counselling = '' OR {_in(dimension)}"
        case by.OUTCOME:
            return f"outcome = 'disclosure' OR {_in(dimension)}"
        case _ if dimension.several:
            return f"{column(dimension)} <@ {_list(dimension.codes[:-1])}::varchar[]"
        case _:
            return _in(dimension)


def _all_said(dimension: Dimension) -> str:
    known = (
        f"ARRAY(SELECT code FROM unnest({_list(dimension.codes[:-1])}) AS code WHERE code = ANY({column(dimension)}))"
    )
    return f"COALESCE(NULLIF({known}, ARRAY[]::text[]), ARRAY['{by.NONE_STATED}'])"


def _is_counselled() -> str:
    return "(fate = 'answered' AND not_counselling = '')"


def _in(dimension: Dimension) -> str:
    return f"{quoted(dimension)} IN ({', '.join(map(_text, dimension.codes))})"


def _list(codes: tuple[str, ...]) -> str:
    return f"ARRAY[{', '.join(map(_text, codes))}]"


def _text(code: str) -> str:
    return f"'{code}'"


_OTHERWISE: Final = {
    by.CHANNEL: "channel",
    by.FATE: "fate",
    by.WAIT: _wait(),
    by.LANGUAGE: f"CASE WHEN {_in(by.LANGUAGE)} THEN language ELSE 'other' END",
    by.OUTCOME: (
        f"CASE WHEN outcome = 'disclosure' THEN 'supported' WHEN {_in(by.OUTCOME)} THEN outcome "
        f"ELSE '{by.NONE_STATED}' END"
    ),
    by.DISCLOSURE: "CASE WHEN outcome = 'disclosure' THEN 'disclosure' ELSE 'no_disclosure' END",
    by.NOT_COUNSELLING: "CASE WHEN not_counselling <> '' THEN not_counselling END",
    by.WEEKDAY: f"({_list(by.WEEKDAY.codes)})[extract(isodow FROM started_hour AT TIME ZONE zone)::int]",
    by.HOUR: "to_char(started_hour AT TIME ZONE zone, 'HH24')",
}
