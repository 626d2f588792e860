"""Between two tests that commit: only rows that are there go.

Django cuts off every table and fills in the permissions anew, half a second of a core each time.
"""

from django.db import OperationalError, connection, transaction

ATTEMPTS = 4  # a deadlock is given up after a second, and the running site has finished by then
KEPT = {"django_migrations", "django_content_type", "auth_permission"}  # as the migrations left them


def empty_tables() -> None:
    """What the running site still does may stand in the way: then once more."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _empty_tables()
        except OperationalError:
            pass
    return _empty_tables()


def _empty_tables() -> None:
    tables = sorted({*connection.introspection.django_table_names(only_existing=True, include_views=False)} - KEPT)
    with transaction.atomic(), connection.cursor() as cursor:
        # Our own triggers forbid what is done here, or would write down that it happened.
        cursor.execute("SET LOCAL session_replication_role = replica")
        # Whoever still writes has finished by then, and nobody writes meanwhile.
        cursor.execute(f"LOCK TABLE {', '.join(map(connection.ops.quote_name, tables))} IN SHARE MODE")
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0", [tables])
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
