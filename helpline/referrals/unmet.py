"""Needs that were asked for and not met: counts by month, need and region, without a way back to who asked."""

import datetime as dt
from collections import Counter

from django.db import connection

from helpline.directory.places import place
from helpline.lines.models import Line
from helpline.lines.regions import Region
from helpline.records.months import month_of
from helpline.referrals.models import CapacityRequest, UnmetNeed

_ADD = """
INSERT INTO referrals_unmetneed AS counted (line_id, month, need, region, count) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (line_id, month, need, region) DO UPDATE SET count = counted.count + 1
"""


def note_unmet(request: CapacityRequest) -> None:
    """In the transaction in which a request ends without a yes."""
    found = place(request.area)
    region = found.region if found else Region.NOT_STATED
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [request.conversation.line_id, month_of(request.asked_at), request.need, region])


def unmet_needs(line: Line, since: dt.date, until: dt.date) -> Counter[tuple[str, str]]:
    """True counts of the months from `since` to before `until`, by need and region."""
    found: Counter[tuple[str, str]] = Counter()
    for row in UnmetNeed.objects.filter(line=line, month__gte=since, month__lt=until):
        found[row.need, row.region] += row.count
    return found
