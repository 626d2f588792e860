"""A provider as one of a line's ways for texts out (channels.carriers.Way)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.conf import settings

from helpline.channels import carriers
from helpline.channels.carriers import REFUSED, THROTTLED, UNKNOWN_ADDRESS, UNREACHABLE, Outgoing, Refused, secret_of
from helpline.channels.models import Carrier
from helpline.channels.sms.webhooks.asking import Answer, Unreachable, ask
from helpline.channels.sms.webhooks.hook import Unreadable
from helpline.channels.sms.webhooks.provider import Credentials, Sending, require_options
from helpline.channels.sms.webhooks.providers import PROVIDERS

TOO_MANY: Final = 429
PAUSE_SECONDS: Final = 5.0  # where it does not say how long
AT_ONCE: Final = 16  # texts that are being handed over, to all providers together; each waits nearly all of the time

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="texting")


class ProviderAway(ConnectionError):
    """It did not answer, or said that it is unwell: `carry` opens this way again after a pause."""


class HttpWay:
    """Nothing stays open between two texts; it is up until the provider does not answer one."""

    def __init__(self, carrier: Carrier) -> None:
        """Raises OptionsWrong."""
        self._carrier, self._provider = carrier, PROVIDERS[carrier.kind]
        require_options(self._provider, carrier.options)
        self._is_away = asyncio.Event()
        self.is_up = False

    async def open(self) -> None:
        self._is_away.clear()
        self.is_up = True
        try:
            await self._is_away.wait()
        finally:
            self.is_up = False
        raise ProviderAway

    async def send(self, to: str, text: str, outgoing: Outgoing) -> list[str]:
        sending = Sending(to, text, outgoing.reference, report_address(self._carrier))
        try:
            answer = await asyncio.get_running_loop().run_in_executor(_threads, self._ask, sending)
        except Unreachable:
            self._is_away.set()
            raise Refused(UNREACHABLE) from None
        if not answer.is_yes:
            raise self._refusal(answer)
        try:
            return self._provider.ids_in(answer)
        except Unreadable:
            return []  # it took the text: to send it again would double it

    def _ask(self, sending: Sending) -> Answer:
        """With the secret as it is now: a new one counts from the next text on."""
        secret = Credentials.of(secret_of(self._carrier)).send
        return ask(self._provider.asking(sending, self._carrier.options, secret))

    def _refusal(self, answer: Answer) -> Refused:
        """Too many at once: it is asked again. Away, unpaid, or it does not know us: the next is asked."""
        if answer.status == TOO_MANY:
            return Refused(THROTTLED, retry_after=answer.retry_after or PAUSE_SECONDS)
        if answer.status >= 500:
            self._is_away.set()
            return Refused(UNREACHABLE)
        if self._provider.is_unknown(answer):
            return Refused(UNKNOWN_ADDRESS, is_final=True)
        return Refused(REFUSED)


def register() -> None:
    for kind in PROVIDERS:
        carriers.register(kind, HttpWay)


def report_address(carrier: Carrier) -> str:
    """Where this carrier says what became of a text; empty where there is no door for carriers."""
    base = carrier.options.get("hooks") or door()
    return f"{str(base).rstrip('/')}/hooks/sms/{carrier.name}/receipt" if base else ""


def door() -> str:
    hosts: list[str] = settings.CARRIER_HOSTS
    return f"{'https' if settings.BEHIND_TLS else 'http'}://{hosts[0]}" if hosts else ""
