"""One connection to a carrier, bound: what we ask and it answers, what it asks and we answer.

`aiosmpplib` was tried first: one receipt with an unusual date, or one status of a carrier's own, ends its connection,
and ends it again when it is delivered again; and it acknowledges a part before anybody has kept it (docs/adr/0019).
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

from helpline.channels.sms import pdu
from helpline.channels.sms.options import Options
from helpline.channels.sms.pdu import RESPONSE, Command, Malformed, Pdu, ShortMessage, Status

log = logging.getLogger(__name__)

AT_ONCE = 64  # texts taken in at the same time: so many may be kept together
MOST_WAITING = 1000  # beyond that the carrier keeps them: it has a disk for it
CONFIRM_SECONDS = 2.0  # until what was acknowledged is known to have been heard
PAUSE_SECONDS = 2.0  # before a text that could not be kept is refused: a carrier tries again at once

Take = Callable[[ShortMessage, "Session"], Awaitable[None]]
Heard = Callable[["Session", float], Awaitable[None]]


class Down(Exception):
    """Not connected, or not any more. The word says why; never an address or what was said."""


class Session:
    def __init__(self, options: Options, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._options = options
        self._reader, self._writer = reader, writer
        self._sequence = 0
        self._asked: dict[int, asyncio.Future[Pdu]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._taking: set[asyncio.Task[None]] = set()
        self._acknowledged = asyncio.Event()
        self.outstanding = 0
        self.sends = True

    @property
    def is_open(self) -> bool:
        return not self._writer.is_closing()

    @classmethod
    async def open(cls, options: Options, secret: str, mode: Command) -> Self:
        """Connect and bind. Raises Down."""
        context = ssl.create_default_context() if options.tls else None
        try:
            async with asyncio.timeout(options.patience):
                streams = await asyncio.open_connection(options.host, options.port, ssl=context)
        except (OSError, TimeoutError) as error:
            raise Down("unreachable") from error
        session = cls(options, *streams)
        try:
            await session._bind(secret, mode)
        except BaseException:
            session._writer.close()
            raise
        session.sends = mode != Command.BIND_RECEIVER
        return session

    async def _bind(self, secret: str, mode: Command) -> None:
        options = self._options
        body = pdu.bind_body(options.system_id, secret, options.system_type, options.address_range)
        self._write(Pdu(mode, 0, self._next(), body))
        try:
            async with asyncio.timeout(options.patience):
                answer = await self._read()
        except TimeoutError as error:
            raise Down("silent") from error
        if answer.status not in (Status.OK, Status.ALREADY_BOUND):
            raise Down(f"not_bound_{answer.status:#x}")

    async def run(self, take: Take, heard: Heard) -> None:
        """Until it ends, which always raises: Down, or the cancellation of whoever runs it.

        `take` keeps what was delivered, or raises, and then the carrier delivers it again. `heard` is told when
        what was acknowledged before a moment (of the monotonic clock) is known to have arrived.
        """
        tasks = [asyncio.create_task(self._listen(take)), asyncio.create_task(self._keep_alive(heard))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await self._end([*tasks, *self._taking])

    async def ask(self, command: Command, body: bytes = b"") -> Pdu:
        """Raises Down; also when no answer comes in time, and then nobody knows whether it was taken."""
        if not self.is_open:
            raise Down("closed")
        sequence = self._next()
        self._asked[sequence] = asyncio.get_running_loop().create_future()
        self.outstanding += 1
        try:
            self._write(Pdu(command, 0, sequence, body))
            async with asyncio.timeout(self._options.patience):
                return await self._asked[sequence]
        except TimeoutError as error:
            raise Down("silent") from error
        finally:
            self.outstanding -= 1
            del self._asked[sequence]

    async def _listen(self, take: Take) -> None:
        while True:
            message = await self._read()
            if message.is_response:
                waiting = self._asked.get(message.sequence)
                if waiting and not waiting.done():
                    waiting.set_result(message)
            elif message.command == Command.UNBIND:
                self._answer(message)
                raise Down("unbound")
            else:
                self._answer_request(message, take)
            await self._drain()

    def _answer_request(self, message: Pdu, take: Take) -> None:
        if message.command == Command.ENQUIRE_LINK:
            self._answer(message)
        elif message.command != Command.DELIVER_SM:
            self._write(Pdu(Command.GENERIC_NACK, Status.INVALID_COMMAND_ID, message.sequence))
        elif len(self._taking) >= MOST_WAITING:
            self._answer(message, Status.QUEUE_FULL)
        else:
            task = asyncio.create_task(self._take(message, take))
            self._taking.add(task)
            task.add_done_callback(self._taking.discard)

    async def _take(self, message: Pdu, take: Take) -> None:
        """Acknowledged once it is kept, and only then."""
        async with self._room:
            try:
                read = ShortMessage.read(message.body)
            except Malformed:
                # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
                log.warning("The carrier of %s has delivered what is not a text", self._options.name)
                self._answer(message)  # it would be no better the next time
                return
            try:
                await take(read, self)
            except Exception as error:  # noqa: BLE001  # whatever it is: this text is not kept, the others must go on
                # Without the traceback, which may quote it.
                # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
                log.warning("A text could not be kept (%s): its carrier delivers it again", type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                self._answer(message, Status.TEMPORARY)
                return
        self._answer(message)
        self._acknowledged.set()

    async def _keep_alive(self, heard: Heard) -> None:
        """Ask whether it is there, when it has been quiet, and soon after we have acknowledged something."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._options.quiet):
                    await self._acknowledged.wait()
                    await asyncio.sleep(CONFIRM_SECONDS)
            self._acknowledged.clear()
            asked_at = time.monotonic()
            await self.ask(Command.ENQUIRE_LINK)
            await heard(self, asked_at)

    async def _read(self) -> Pdu:
        try:
            header = await self._reader.readexactly(pdu.HEADER_OCTETS)
            rest = await self._reader.readexactly(pdu.length_of(header) - pdu.HEADER_OCTETS)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise Down("dropped") from error
        except Malformed as error:
            raise Down("not_smpp") from error
        return pdu.read(header + rest)

    def _answer(self, message: Pdu, status: Status = Status.OK) -> None:
        # An empty message_id, which 4.6.2 wants there and which says nothing.
        body = b"\0" if message.command == Command.DELIVER_SM else b""
        self._write(Pdu(message.command | RESPONSE, status, message.sequence, body))

    def _write(self, message: Pdu) -> None:
        if self.is_open:
            self._writer.write(message.octets())

    async def _drain(self) -> None:
        try:
            await self._writer.drain()
        except OSError as error:
            raise Down("dropped") from error

    def _next(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1  # 5.1.4
        return self._sequence

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """What is being taken ends with the connection: an answer on the next one would be to another text."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(Down("dropped"))
        if self.is_open:
            self._write(Pdu(Command.UNBIND, 0, self._next()))
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()
