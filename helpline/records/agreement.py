"""Whether two people code alike. Somebody who was in a conversation beside its counsellor codes it too, blind, and what
is kept is how often which code met which: no contact, and nobody's name.

Nobody reads a conversation after its end for this. Only whoever was in it, with both sides told, can be asked.
"""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import connection

from helpline.conversations.models import Companion, Conversation
from helpline.lines.models import Line
from helpline.records.editions import Edition, edition_of
from helpline.records.models import ContactRecord, SecondCoding
from helpline.records.months import month_of, span_of

ONE_IN = 3  # of the conversations in which a colleague was: a minute or two of a supervisor's shift
SEVERAL = ("ethnicities", "needs")
ADD = """
INSERT INTO records_agreement (line_id, month, field, first, second, count) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (line_id, month, field, first, second) DO UPDATE SET count = records_agreement.count + EXCLUDED.count
"""


def ask_second_coder(conversation: Conversation) -> None:
    """By chance, one of those who were in it beside its counsellor."""
    there = Companion.objects.filter(conversation=conversation, user__is_active=True)
    users = list(there.exclude(user=conversation.counsellor).order_by("user").values_list("user", flat=True).distinct())
    if users and secrets.randbelow(ONE_IN) == 0:
        SecondCoding.objects.get_or_create(conversation=conversation, defaults={"user_id": secrets.choice(users)})


def compare(conversation: Conversation) -> None:
    """Once both have coded it: count which codes met, and forget who coded what.

    Whoever writes either coding calls this afterwards: the second one's row is locked, so that the later sees both.
    """
    second = SecondCoding.objects.select_for_update().filter(conversation=conversation).first()
    record = ContactRecord.objects.filter(conversation=conversation, is_complete=True).first()
    if second is None or second.coded is None or record is None:
        return
    month = month_of(conversation.started_at)
    first = {field: getattr(record, field) for field in edition_of(month).codes}
    met = sorted(pairs_of(first, second.coded, edition_of(month)).items())  # in one order, for those who come at once
    with connection.cursor() as cursor:
        cursor.executemany(ADD, [(record.line_id, month, *codes, count) for codes, count in met])
    second.delete()


def pairs_of(first: Mapping[str, Any], second: Mapping[str, Any], edition: Edition) -> Counter[tuple[str, str, str]]:
    """Field, code of the first, code of the second. Where several codes may stand, each is a yes or a no."""
    met: Counter[tuple[str, str, str]] = Counter()
    for field, codes in edition.codes.items():
        if field in SEVERAL:
            met.update((field, _said(code in first[field]), _said(code in second[field])) for code in codes)
        else:
            met[field, first[field], second[field]] += 1
    return met


def _said(is_so: bool) -> str:
    return "yes" if is_so else "no"


def forget_second_codings(line: Line, month: dt.date) -> None:
    """What has not met its other half when the month closes never will."""
    since, until = span_of(month)
    SecondCoding.objects.filter(
        conversation__line=line, conversation__started_at__gte=since, conversation__started_at__lt=until
    ).delete()


def kappa(met: Mapping[tuple[str, str], int]) -> float | None:
    """Cohen's kappa: how much more often two people agree than two who throw dice with the same shares would.

    None where nothing met, or both only ever gave one and the same code: then there was nothing to agree on.
    """
    total = sum(met.values())
    if not total:
        return None
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), count in met.items():
        first[one] += count
        second[other] += count
    agreed = sum(count for (one, other), count in met.items() if one == other) / total
    by_chance = sum(first[code] * second[code] for code in first) / total**2
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)
