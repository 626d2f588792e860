"""Mail out by SMTP, to the operator's mail server or a provider's; a few connections are kept open for many mails."""

import asyncio
from contextlib import suppress
from typing import Final

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from helpline.channels.carriers import REFUSED, THROTTLED, UNKNOWN_ADDRESS, UNREACHABLE, Outgoing, Refused, secret_of
from helpline.channels.email.compose import compose
from helpline.channels.email.options import Options
from helpline.channels.email.tokens import bounce_token, provider_id
from helpline.channels.models import Carrier
from helpline.channels.threads import in_thread

PORT: Final = 587
CONNECTIONS: Final = 4
IDLE_SECONDS: Final = 20.0  # how often we ask whether it is there
PATIENCE: Final = 20.0
RETRY_SECONDS: Final = 60.0  # greylisting and "too many at once" want a minute, as a rule
NOT_FOUND: Final = frozenset({550, 551, 553})
TOO_MUCH: Final = frozenset({421, 450, 451, 452})


class SmtpWay:
    is_up = False

    def __init__(self, carrier: Carrier) -> None:
        self.carrier, self.options = carrier, Options.of(carrier)
        self._idle: list[SMTP] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def open(self) -> None:
        """It is up while it answers; a connection that it has closed is no fault."""
        try:
            while True:
                async with self._room:
                    await self._give_back(await self._take())
                self.is_up = True
                await asyncio.sleep(IDLE_SECONDS)
        finally:
            self.is_up = False
            while self._idle:
                self._idle.pop().close()

    async def send(self, to: str, text: str, outgoing: Outgoing) -> list[str]:
        mail = compose(to, text, outgoing, self.options)
        sender = self.options.plus(bounce_token(outgoing.id, self.carrier.pk))
        async with self._room:
            connection = await self._take()
            try:
                await connection.sendmail(sender, [to], mail.as_bytes())
            except SMTPException as error:
                raise _refusal(error) from None
            finally:
                await self._give_back(connection)
        return [provider_id(outgoing.id)]

    async def _take(self) -> SMTP:
        """One that answers: a server closes what has long been silent."""
        while self._idle:
            connection = self._idle.pop()
            with suppress(SMTPException, OSError):
                await connection.noop()
                return connection
            connection.close()
        try:
            return await self._connect()
        except (SMTPException, OSError):
            raise Refused(UNREACHABLE) from None

    async def _give_back(self, connection: SMTP) -> None:
        if connection.is_connected:
            self._idle.append(connection)

    async def _connect(self) -> SMTP:
        options = self.options
        connection = aiosmtplib.SMTP(
            hostname=options.host,
            port=options.port or PORT,
            local_hostname=options.domain,  # not the name of this machine
            use_tls=options.security == "tls",
            start_tls=options.security == "starttls",
            timeout=PATIENCE,
        )
        await connection.connect()
        if options.username:
            await connection.login(options.username, await in_thread(secret_of, self.carrier))
        return connection


def _refusal(error: SMTPException) -> Refused:
    """Only what is said of the address is final: anything else another server may see otherwise."""
    if isinstance(error, SMTPRecipientsRefused):
        [error] = error.recipients[:1]
        if error.code in NOT_FOUND:
            return Refused(UNKNOWN_ADDRESS, is_final=True)
    if isinstance(error, SMTPResponseException):
        if error.code in TOO_MUCH:
            return Refused(THROTTLED, retry_after=RETRY_SECONDS)
        return Refused(REFUSED)
    return Refused(UNREACHABLE)
