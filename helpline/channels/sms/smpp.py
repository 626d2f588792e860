"""A carrier by SMPP: several binds at once, each with a life of its own, and one pace for all that goes out."""

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from helpline.channels import carriers, inbound, outbox
from helpline.channels.carriers import REFUSED, THROTTLED, UNKNOWN_ADDRESS, UNREACHABLE, Outgoing, Refused
from helpline.channels.models import Carrier
from helpline.channels.sms import arrivals, gsm, reading, repeats
from helpline.channels.sms.arrivals import Arrived
from helpline.channels.sms.options import Options
from helpline.channels.sms.pace import Pace
from helpline.channels.sms.pdu import Command, Malformed, Pdu, ShortMessage, Status, Tag, message_id_of
from helpline.channels.sms.repeats import Unnamed
from helpline.channels.sms.session import Down, Session
from helpline.channels.threads import Together, all_or_each, in_thread

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two attempts to bind
STEADY_SECONDS = 10.0  # a bind that held so long was well
TRIES_SECONDS = 30.0  # for which a text that came too fast is tried again here; the worker waits for twice as long
RECEIPT: Final = 1  # 5.2.17: tell what became of it, whatever that is
HAS_HEADER: Final = 0x40
DATA_CODINGS: Final = {"gsm": 0, "ucs2": 8}
BINDS: Final = {
    "transceiver": [Command.BIND_TRANSCEIVER],
    "split": [Command.BIND_RECEIVER, Command.BIND_TRANSMITTER],
}
# 5.1.3: too fast; and what no other carrier could reach either.
TOO_FAST: Final = {Status.THROTTLED, Status.QUEUE_FULL}
NOBODYS_NUMBER: Final = {0x0B, 0x50, 0x51}


class SmppWay:
    """See carriers.Way."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._options = Options.of(carrier.options, carrier.name)
        self._pace = Pace(self._options.rate)
        self._bound: list[Session] = []
        self._room = asyncio.Condition()
        self._unnamed = Unnamed()
        self._texts = Together(partial(arrivals.arrived_all, carrier))
        self._reports = Together(partial(_reported_all, carrier))

    @property
    def is_up(self) -> bool:
        return any(session.sends for session in self._bound)

    async def open(self) -> None:
        secret = await in_thread(carriers.secret_of, self._carrier)
        async with asyncio.TaskGroup() as binds:
            for mode in BINDS[self._options.mode] * self._options.binds:
                binds.create_task(self._keep_bound(secret, mode))

    async def send(self, to: str, text: str, outgoing: Outgoing) -> list[str]:
        """The parts go one after the other: a phone shows them in that order, and none overtakes a refusal."""
        until = time.monotonic() + TRIES_SECONDS
        try:
            bodies = [message.body() for message in self.messages(to, text, outgoing.id)]
        except (Malformed, UnicodeEncodeError):
            raise Refused(UNKNOWN_ADDRESS, is_final=True) from None
        return [self._options.receipt_id_of(await self._submit(body, until)) for body in bodies]

    def messages(self, to: str, text: str, id_: int) -> list[ShortMessage]:
        """The id is in each, and in the header by which a phone joins parts: what comes twice joins as if once."""
        coding, parts = gsm.coding_of(text), gsm.split(text)
        return [
            ShortMessage(
                source=self._options.number_of(self._options.number),
                destination=self._options.number_of(to),
                octets=_header(id_, len(parts), number) + gsm.encode(part, coding),
                esm_class=HAS_HEADER if len(parts) > 1 else 0,
                data_coding=DATA_CODINGS[coding],
                registered_delivery=RECEIPT,
                service_type=self._options.service_type,
                tags={Tag.USER_MESSAGE_REFERENCE: (id_ & 0xFFFF).to_bytes(2, "big")},
            )
            for number, part in enumerate(parts, start=1)
        ]

    async def _submit(self, body: bytes, until: float) -> str:
        """Raises Refused. What came too fast is tried again here: the parts before it are gone already."""
        while True:
            await self._pace.ready()
            answer = await self._ask(body)
            if answer.status == Status.OK:
                self._pace.taken()
                return message_id_of(answer.body)
            if answer.status not in TOO_FAST:
                raise Refused(REFUSED if answer.status not in NOBODYS_NUMBER else UNKNOWN_ADDRESS,
                              is_final=answer.status in NOBODYS_NUMBER)  # fmt: skip
            pause = self._pace.too_fast()
            if time.monotonic() + pause > until:
                raise Refused(THROTTLED, retry_after=pause)

    async def _ask(self, body: bytes) -> Pdu:
        """On the bind with the most room."""
        session = await self._free()
        try:
            return await session.ask(Command.SUBMIT_SM, body)
        except Down:
            raise Refused(UNREACHABLE) from None
        finally:
            async with self._room:
                self._room.notify()

    async def _free(self) -> Session:
        async with self._room:
            while True:
                sending = [session for session in self._bound if session.sends and session.is_open]
                if not sending:
                    raise Refused(UNREACHABLE)
                session = min(sending, key=lambda each: each.outstanding)
                if session.outstanding < self._options.window:
                    return session
                await self._room.wait()

    async def _keep_bound(self, secret: str, mode: Command) -> None:
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                await self._bind_once(secret, mode)
            except Down as down:
                # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
                log.warning("The carrier %s is %s; we bind again", self._carrier.name, down)
            pause = FIRST_PAUSE if time.monotonic() - began > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # nosec B311  # no secret: binds should not come in step

    async def _bind_once(self, secret: str, mode: Command) -> None:
        session = await Session.open(self._options, secret, mode)
        self._bound.append(session)
        try:
            await session.run(self._take, self._heard)
        finally:
            self._bound.remove(session)
            with suppress(asyncio.CancelledError):
                async with self._room:
                    self._room.notify_all()

    async def _take(self, message: ShortMessage, session: Session) -> None:
        if receipt := reading.receipt_of(message):
            if receipt.state and receipt.provider_id:
                name = self._options.reported_id_of(receipt.provider_id)
                await self._reports.do((name, receipt.state))
            return
        if name := reading.message_id_of(message):
            await self._arrived(message, name)
            return
        seen = self._unnamed.see(message, session)
        try:
            await self._arrived(message, seen.name)
        except BaseException:
            repeats.refuse(seen)
            raise
        repeats.acknowledge(seen)

    async def _arrived(self, message: ShortMessage, name: str) -> None:
        address = message.source.digits
        if message.source.ton == 1 and not address.startswith("+"):
            address = f"+{address}"
        await self._texts.do(Arrived(address, reading.piece_of(message), name))

    async def _heard(self, session: Session, before: float) -> None:
        """What cannot come again makes room for an equal text that is news."""
        if names := self._unnamed.heard(session, before):
            await in_thread(inbound.forget, self._carrier, names)
            self._unnamed.forget(names)


def _reported_all(carrier: Carrier, reports: Sequence[tuple[str, str]]) -> list[Exception | None]:
    return all_or_each(partial(_report, carrier), reports)


def _report(carrier: Carrier, reports: Sequence[tuple[str, str]]) -> list[None]:
    outbox.receipts(carrier, reports)
    return [None] * len(reports)


def _header(id_: int, total: int, number: int) -> bytes:
    """3GPP TS 23.040, 9.2.3.24.1"""
    return bytes([5, 0, 3, id_ & 0xFF, total, number]) if total > 1 else b""
