"""The live process's few connections to PostgreSQL. Each belongs to a task, none to a stream, and each mends itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import asyncpg
from django.conf import settings

CONNECT_SECONDS = 2
MAX_ASKING = 500  # queries that wait for one connection: a tenth of a second's work
COMMAND_SECONDS = 5  # the slowest batch takes a tenth of a second; longer means that the database is away
SERVER_SETTINGS = {
    "application_name": "helpline-live",
    "jit": "off",  # compiling costs more than these short queries
    "plan_cache_mode": "force_generic_plan",  # one plan for every batch size: planning cost more than the work
    # Each query looks up a few rows by key. A plan made while the tables were small or empty must not read them whole:
    # it stays for as long as the connection does (measured: three times the database's work within a minute).
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
# libpq's names that asyncpg understands in an address; any other would be taken for a server setting.
_ADDRESS_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile", "target_session_attrs"}

Record = asyncpg.Record
OnConnect = Callable[["asyncpg.Connection[Record]"], Awaitable[None]]


class DatabaseAway(Exception):
    """PostgreSQL does not answer, or not as it should; whether the query took effect is unknown."""


class RowRefused(Exception):
    """PostgreSQL refused the values; the same query will be refused again."""


class Link:
    """One connection, made when first needed and made anew after a fault; one query at a time."""

    def __init__(self, on_connect: OnConnect | None = None) -> None:
        self._on_connect = on_connect
        self._connection: asyncpg.Connection[Record] | None = None
        self._turn = asyncio.Lock()
        self._asking = 0
        self._faults = 0

    @property
    def is_up(self) -> bool:
        return self._connection is not None and not self._connection.is_closed()

    async def fetch(self, query: str, *values: object) -> list[Record]:
        """Run one query in a transaction of its own. Raises DatabaseAway (also when too many wait), RowRefused."""
        if self._asking >= MAX_ASKING:
            raise DatabaseAway
        self._asking += 1
        try:
            return await self._fetch(query, values)
        finally:
            self._asking -= 1

    async def _fetch(self, query: str, values: tuple[object, ...]) -> list[Record]:
        faults = self._faults
        async with self._turn:
            if faults != self._faults:
                raise DatabaseAway  # somebody before us has found out; not everyone need wait for it in turn
            try:
                connection = self._connection if self.is_up else await self._connect()
                assert connection is not None  # noqa: S101  # nosec B101  # for the type checker: `is_up` has looked
                return await connection.fetch(query, *values)
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError):
                raise RowRefused from None
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
                self.close()
                self._faults += 1
                raise DatabaseAway from None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _connect(self) -> "asyncpg.Connection[Record]":
        self._connection = await asyncpg.connect(
            _address(), timeout=CONNECT_SECONDS, command_timeout=COMMAND_SECONDS, server_settings=SERVER_SETTINGS
        )
        if self._on_connect:
            await self._on_connect(self._connection)
        return self._connection


def _address() -> str:
    """The site's own database, spelled as asyncpg wants it."""
    given: Mapping[str, Any] = settings.DATABASES["default"]
    parts = {
        "host": given.get("HOST"),
        "port": given.get("PORT"),
        "user": given.get("USER"),
        "password": given.get("PASSWORD"),
        "database": given.get("NAME"),
    } | {name: value for name, value in given.get("OPTIONS", {}).items() if name in _ADDRESS_OPTIONS}
    return "postgresql://?" + urlencode({name: str(value) for name, value in parts.items() if value})
