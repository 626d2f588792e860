"""Whether asking changed anything: a fingerprint of every table about people; and asking as if it had not been.

Reading every table takes longer than most answers, so it is read only where PostgreSQL has counted a row written.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction
from django.test import Client

AREAS = {"conversations", "routing", "referrals", "records", "lines", "accounts", "portal"}
OF_SERVICES = {"portal", "directory", "referrals"}
# A session is stamped when it is used, and a refusal may have to be accounted for.
NOT_A_CHANGE = {"accounts_staffsession", "accounts_auditevent", "portal_portalsession"}


def everything(areas: Collection[str] = AREAS) -> dict[str, str | None]:
    """A fingerprint of each table's rows."""
    models = (model for model in apps.get_models() if model._meta.app_label in areas)
    tables = sorted({model._meta.db_table for model in models} - NOT_A_CHANGE)
    each = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(row::text, ' ' ORDER BY row::text)) FROM {table} row" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return dict(cursor.fetchall())


def rows_written() -> int:
    """How many rows of any table this transaction has written so far, those that were rolled back among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables WHERE relname <> ALL (%s)",
            [sorted(NOT_A_CHANGE)],
        )
        return int(cursor.fetchone()[0])


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Asked in earnest, and then as if it had never been: the next column finds the same scene."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
