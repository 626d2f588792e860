"""What a count says about the records it was made of: what came too late, what is uncoded, what is no code."""

from django.db import connection

from helpline.publishing import dimensions as by
from helpline.publishing.contacts_sql import CODED, SEVERAL, Asked, column, is_known

# What the records do not say in a code of their own.
_WITHOUT_A_LIST = (by.WAIT, by.LANGUAGE, by.DISCLOSURE, by.WEEKDAY, by.HOUR)


def report(asked: Asked) -> dict[str, int]:
    """How many records of a month, by what is the matter with them; nothing where nothing is. `asked` as for a count.

    Late ones, and those of contacts that go on, are not counted. Nor are those without a known channel, fate or kind of
    "not counselling". What else is no code counts as "not stated".
    """
    broken = {f"unknown_{column(each)}": f"NOT ({is_known(each)})" for each in CODED if each not in _WITHOUT_A_LIST}
    broken |= {f"unknown_{column(each)}": f"NOT ({is_known(each)})" for each in SEVERAL}
    matters = {
        "late": "is_late",
        "going_on": "fate = ''",
        "uncoded": "fate = 'answered' AND NOT is_complete",
        "in_the_future": "started_hour > now()",
        **broken,
    }
    numbers = ", ".join(f"count(*) FILTER (WHERE {what})" for what in matters.values())
    statement = (
        f"SELECT {numbers} FROM records_contactrecord "
        "WHERE line_id = %(line)s AND started_hour >= %(since)s AND started_hour < %(until)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        (found,) = cursor.fetchall()
    return {name: number for name, number in zip(matters, found, strict=True) if number}
