"""Mail in from a hosted mailbox, by IMAP: woken by IDLE, and every mail is taken off the server once it is kept.

The library waits in a thread of its own; whatever asks the database does so in the worker's threads.
"""

import asyncio
import threading
import time
from contextlib import suppress
from typing import Final

from django.db.utils import InterfaceError, OperationalError
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from helpline.channels.carriers import Outgoing, Refused, secret_of
from helpline.channels.email.arriving import arrive
from helpline.channels.email.lmtp import MOST_BYTES
from helpline.channels.email.options import Options
from helpline.channels.models import Carrier
from helpline.channels.threads import in_thread

PORTS: Final = {"tls": 993, "starttls": 143, "none": 143}
IDLE_SECONDS: Final = 20.0  # then we look anyway: some servers forget whom to wake
LOOK_SECONDS: Final = 1.0  # how soon we stop when we are told to
PATIENCE: Final = 30.0


class ImapWay:
    is_up = False

    def __init__(self, carrier: Carrier) -> None:
        self.carrier, self.options = carrier, Options.of(carrier)
        self._is_over = threading.Event()

    async def open(self) -> None:
        secret = await in_thread(secret_of, self.carrier)
        self._is_over = over = threading.Event()
        loop = asyncio.get_running_loop()
        watching = loop.run_in_executor(None, self._watch, secret, over, loop)
        try:
            await asyncio.shield(watching)
        finally:
            over.set()
            self.is_up = False
            with suppress(Exception):  # it ends by itself, within one wait
                await watching

    async def send(self, to: str, text: str, outgoing: Outgoing) -> list[str]:
        raise Refused("refused")

    # In a thread of its own from here on.

    def _watch(self, secret: str, over: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
        with self._signed_in(secret) as mailbox:
            self.is_up = True
            while not over.is_set():
                self._empty(mailbox, over, loop)
                _wait_for_news(mailbox, over)

    def _signed_in(self, secret: str) -> BaseMailBox:
        options = self.options
        port = options.port or PORTS[options.security]
        made: dict[str, type[BaseMailBox]] = {"tls": MailBox, "starttls": MailBoxStartTls, "none": MailBoxUnencrypted}
        mailbox = made[options.security](options.host, port, timeout=PATIENCE)  # type: ignore[call-arg]  # each has these
        return mailbox.login(options.username or options.address, secret, initial_folder=options.folder)

    def _empty(self, mailbox: BaseMailBox, over: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
        """One after the other; what cannot be kept now stays on the server, and does not hold up the others."""
        failure: Exception | None = None
        for uid in mailbox.uids():
            if over.is_set():
                return
            try:
                self._keep(_bytes_of(mailbox, uid), loop)
            except (OperationalError, InterfaceError):
                raise  # nothing can be kept: the worker opens us again, after a pause
            except Exception as error:  # noqa: BLE001  # this one only
                failure = error
                continue
            mailbox.delete(uid)
        if failure:
            raise failure

    def _keep(self, raw: bytes, loop: asyncio.AbstractEventLoop) -> None:
        if raw:  # none: another program of theirs has taken it away meanwhile
            asyncio.run_coroutine_threadsafe(in_thread(arrive, self.carrier, raw), loop).result()


def _bytes_of(mailbox: BaseMailBox, uid: str) -> bytes:
    """As it lies there, without being marked as read; of the very largest the beginning, where the words are."""
    _, found = mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    return next((part[1] for part in found if isinstance(part, tuple)), b"")


def _wait_for_news(mailbox: BaseMailBox, over: threading.Event) -> None:
    with mailbox.idle as idle:
        until = time.monotonic() + IDLE_SECONDS
        while not over.is_set() and time.monotonic() < until:
            if idle.poll(timeout=LOOK_SECONDS):
                return
