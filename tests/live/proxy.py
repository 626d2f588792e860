"""A way to the test's PostgreSQL that can be cut, and held."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any


class Proxy:
    """Listens where a PostgreSQL's socket would be. `cut` breaks every connection and refuses new ones."""

    def __init__(self, folder: Path, real: Path) -> None:
        self.folder = folder
        self._path = folder / ".s.PGSQL.5432"
        self._real = real
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._answers = asyncio.Event()
        self._answers.set()

    def mend(self) -> None:
        """Let everybody through."""
        self._do(self._open())

    def cut(self) -> None:
        """As when the database is stopped."""
        self._do(self._cut())

    def hold_answers(self) -> None:
        """What is asked arrives; what is answered does not."""
        self._loop.call_soon_threadsafe(self._answers.clear)

    def release_answers(self) -> None:
        self._loop.call_soon_threadsafe(self._answers.set)

    def stop(self) -> None:
        self._do(self._cut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _open(self) -> None:
        self._answers.set()
        self._server = await asyncio.start_unix_server(self._serve, self._path)

    async def _cut(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        self._path.unlink(missing_ok=True)
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        self._answers.set()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        real_reader, real_writer = await asyncio.open_unix_connection(self._real)
        self._writers += [writer, real_writer]
        await asyncio.gather(self._pass(reader, real_writer, holds=False), self._pass(real_reader, writer, holds=True))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, holds: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if holds:
                    await self._answers.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
