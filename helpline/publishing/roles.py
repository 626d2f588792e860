"""Who may read what in the database (design, attack 13): whoever counts cannot publish, whoever publishes cannot count.

Two roles of PostgreSQL, without a password and without a login, taken up by an action for its own transaction. What an
action then does by mistake, or by somebody's will, beyond its own part, PostgreSQL refuses.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from django.db import connection, transaction


class Role(StrEnum):
    COUNTING = "helpline_counting"
    PUBLISHING = "helpline_publishing"


# What each may, by table. Of every other table: nothing.
MAY: Mapping[Role, Mapping[str, str]] = {
    Role.COUNTING: {
        "records_contactrecord": "SELECT",
        "records_closedmonth": "SELECT",
        "lines_line": "SELECT",
        "publishing_counted": "SELECT, INSERT, UPDATE",
    },
    Role.PUBLISHING: {
        "lines_line": "SELECT",
        "accounts_user": "SELECT (id, code, is_active)",
        "publishing_release": "SELECT, INSERT, UPDATE, DELETE",
        "publishing_note": "SELECT, INSERT, UPDATE, DELETE",
        "publishing_contractreport": "SELECT",  # whether a release has one: then it stays
    },
}
_MAKE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server was quicker
END $$
"""


class RolesMissing(Exception):
    """The database's user may not make roles; the text says what to do."""


@contextmanager
def as_role(role: Role) -> Iterator[None]:
    """Until the end of the block, in one transaction, only what this role may."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        ((before,),) = cursor.fetchall()
        cursor.execute(f"SET LOCAL ROLE {role}")  # nosec B608  # nosemgrep: sql-put-together  # one of two names
        yield
        # After a fact that is raised, the end of the transaction takes the role back with everything else.
        cursor.execute("SELECT set_config('role', %s, true)", [before])


def make(apps: Any, schema_editor: Any) -> None:
    """For a migration that makes one of these tables, and safe to repeat. Raises RolesMissing."""
    give(schema_editor.connection)


def give(to: Any = connection) -> None:
    """Both roles, what they may of the tables that there are, and that we may take them up.

    A backup holds no rights, so that restoring one gives them anew. Raises RolesMissing where the database's user may
    not make roles and nobody has made them.
    """
    with to.cursor() as cursor:
        for role in Role:
            if not _may_take(cursor, role):
                _make(cursor, role)
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")  # nosec B608  # nosemgrep: sql-put-together  # the same
            for table, rights in MAY[role].items():
                cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
                if cursor.fetchall() == [(True,)]:
                    cursor.execute(f"GRANT {rights} ON {table} TO {role}")  # nosec B608  # nosemgrep: sql-put-together  # the same


def _may_take(cursor: Any, role: Role) -> bool:
    """Superusers may take every role that there is."""
    cursor.execute("SELECT pg_has_role(rolname, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role])
    return bool(cursor.fetchall() == [(True,)])


def _make(cursor: Any, role: Role) -> None:
    cursor.execute("SELECT rolcreaterole OR rolsuper, current_user FROM pg_roles WHERE rolname = current_user")
    ((may_make, user),) = cursor.fetchall()
    if not may_make:
        raise RolesMissing(
            f"The database's user {user} may not make roles. Once, as PostgreSQL's superuser:\n"
            + "".join(f"  CREATE ROLE {each} NOLOGIN;\n" for each in Role)
            + f"  GRANT {', '.join(Role)} TO {user};\nthen migrate again (docs/running.md)."
        )
    cursor.execute(_MAKE.format(role=role))  # nosemgrep: sql-put-together  # the same
    cursor.execute(f"GRANT {role} TO CURRENT_USER")  # nosec B608  # nosemgrep: sql-put-together  # the same
