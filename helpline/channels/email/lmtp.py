"""Mail in by LMTP: the operator's mail server hands over, and is told 250 only when it is kept, else 451.

Lines that share a port share one listener; the recipient tells whose mail it is.
"""

import asyncio
import logging
from functools import partial
from typing import Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from helpline.channels.carriers import Outgoing, Refused
from helpline.channels.email.arriving import Became, Posted, arrive_all
from helpline.channels.email.options import Options
from helpline.channels.models import Carrier
from helpline.channels.threads import Together

PORT: Final = 8024
MOST_BYTES: Final = 26_214_400  # 25 MiB; Postfix sends no more than 10 unless it is told to
KEPT, LATER = "250 2.0.0 Kept", "451 4.3.0 Not kept; try again later"
ONE_AT_A_TIME, NOBODY = "452 4.5.3 One recipient at a time", "550 5.1.1 Nobody here by this name"

log = logging.getLogger(__name__)
# The library writes addresses to its log.
logging.getLogger("mail").setLevel(logging.CRITICAL + 1)


class LmtpWay:
    """One line's place at the listener of its port."""

    is_up = False

    def __init__(self, carrier: Carrier) -> None:
        self.carrier, self.options = carrier, Options.of(carrier)
        self.mails: Together[Posted, Became] = Together(partial(arrive_all, carrier))

    async def open(self) -> None:
        listener = _listener(self.options.host, self.options.port or PORT)
        await listener.add(self)
        self.is_up = True
        try:
            await asyncio.Event().wait()
        finally:
            self.is_up = False
            await listener.remove(self)

    async def send(self, to: str, text: str, outgoing: Outgoing) -> list[str]:
        raise Refused("refused")


class Listener:
    """One port, open while any line has its mail here."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._ways: list[LmtpWay] = []
        self._server: asyncio.Server | None = None
        self._changing = asyncio.Lock()

    async def add(self, way: LmtpWay) -> None:
        async with self._changing:
            if self._server is None:
                loop = asyncio.get_running_loop()
                self._server = await loop.create_server(self._session, self._host, self._port)
            self._ways.append(way)

    async def remove(self, way: LmtpWay) -> None:
        async with self._changing:
            self._ways.remove(way)
            if self._server and not self._ways:
                self._server.close()
                self._server = None
                _listeners.pop((self._host, self._port), None)

    def _session(self) -> LMTP:
        return LMTP(self, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, hostname="localhost", ident="ready")

    def _way_for(self, recipient: str) -> LmtpWay | None:
        return next((way for way in self._ways if way.options.is_ours(recipient)), None)

    # What aiosmtpd calls, by these names.

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return ONE_AT_A_TIME
        if self._way_for(address) is None:
            return NOBODY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Known"

    async def handle_DATA(self, server: LMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        way, content = self._way_for(envelope.rcpt_tos[0]), envelope.content
        if way is None:  # switched off meanwhile
            return LATER
        data = content.encode() if isinstance(content, str) else content or b""
        try:
            await way.mails.do(Posted(data, tuple(envelope.rcpt_tos), envelope.mail_from or ""))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is not kept; its text may hold words
            # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
            log.warning("A mail for the carrier %s was not kept: %s.", way.carrier.name, type(error).__name__)
            return LATER
        return KEPT


_listeners: dict[tuple[str, int], Listener] = {}


def _listener(host: str, port: int) -> Listener:
    return _listeners.setdefault((host, port), Listener(host, port))
