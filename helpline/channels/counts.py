"""What a carrier will write on its bill, counted as it happens."""

from typing import Any

from django.db import connection
from django.utils import timezone

_COUNT = """
INSERT INTO channels_monthlycount AS kept (carrier_id, month, texts_in, parts_in, texts_out, parts_out, failed)
VALUES (%(carrier)s, %(month)s, %(texts_in)s, %(parts_in)s, %(texts_out)s, %(parts_out)s, %(failed)s)
ON CONFLICT (carrier_id, month) DO UPDATE SET
    texts_in = kept.texts_in + excluded.texts_in, parts_in = kept.parts_in + excluded.parts_in,
    texts_out = kept.texts_out + excluded.texts_out, parts_out = kept.parts_out + excluded.parts_out,
    failed = kept.failed + excluded.failed
"""
_NOTHING = {"texts_in": 0, "parts_in": 0, "texts_out": 0, "parts_out": 0, "failed": 0}


def count(carrier: int | None, **more: int) -> None:
    """Add to this month's of a carrier (its primary key).

    The last thing in a transaction, since everybody else of this carrier waits for the row.
    """
    if carrier is None:
        return
    month = timezone.localdate().replace(day=1)
    values: dict[str, Any] = {**_NOTHING, **more, "carrier": carrier, "month": month}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
