"""What must be true before a live service opens: each fault is a sentence for the operator."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from helpline.accounts.models import Role, User
from helpline.lines.models import Line, LineKey
from helpline.operations.postgres import PRIVACY_SETTINGS

OLDEST_POSTGRES = 150000  # 15, Debian 12's
SECRET_CHARACTERS = 50  # Django's own recommendation
REQUIRED_SETTINGS = {**PRIVACY_SETTINGS, "synchronous_commit": "on", "fsync": "on"}


def faults() -> Iterator[str]:
    """Everything that stands in the way, most basic first; nothing when all is well."""
    yield from _settings()
    yield from _database()
    if pending := _pending_migrations():
        yield f"{pending} migrations are not applied: run helpline migrate"
        return
    yield from _lines()


def _settings() -> Iterator[str]:
    if both := set(settings.PUBLIC_HOSTS) & set(settings.WORKSPACE_HOSTS):
        yield f"{', '.join(sorted(both))}: public and staff pages need different hosts, or they share cookies"
    if settings.DEMONSTRATION:
        return
    if len(settings.SECRET_KEY) < SECRET_CHARACTERS:
        yield f"HELPLINE_SECRET_KEY must be random and at least {SECRET_CHARACTERS} characters long"
    if not settings.BEHIND_TLS:
        yield "HELPLINE_BEHIND_TLS is off: cookies would travel in the clear"


def _database() -> Iterator[str]:
    with connection.cursor() as cursor:
        for name, wanted in REQUIRED_SETTINGS.items():
            cursor.execute("SELECT current_setting(%s, true)", [name])
            (found,) = cursor.fetchone()
            if found != wanted:
                yield f"PostgreSQL has {name} = {found}; it must be {wanted} (docs/running.md)"
        cursor.execute("SELECT current_setting('server_version_num')::int, version()")
        number, version = cursor.fetchone()
        if number < OLDEST_POSTGRES:
            yield f"{version} is too old: PostgreSQL 15 or newer is needed"


def _pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _lines() -> Iterator[str]:
    if not settings.DEMONSTRATION and User.objects.filter(is_demonstration=True, is_active=True).exists():
        yield "This database holds a demonstration's invented staff: start the live service with an empty one"
    if not Line.objects.exists():
        yield "There is no line yet: run helpline add_line"
    for line in Line.objects.all():
        members = User.objects.filter(memberships__line=line, is_active=True)
        if not members.filter(role__in=[Role.COUNSELLOR, Role.SUPERVISOR]).exists():
            yield f"{line.slug} has nobody who can answer: run helpline add_staff"
        if not members.filter(role=Role.SUPERVISOR).exists():
            yield f"{line.slug} has no supervisor, so nobody holds its supervisor key"
        if LineKey.objects.filter(line=line, retired_at=None).count() < len(LineKey.Purpose.values):
            yield f"{line.slug} lacks a key: run helpline add_staff"
