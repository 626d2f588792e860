"""A mail server that takes everything, and one that hands over: in the test's own memory, which nobody searches."""

import smtplib
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.channels.email.mailing import LINE
from tests.servers import free_port

PATIENCE_SECONDS = 120


class Mailbox:
    """`mails` are the words of whatever was sent."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.port = free_port()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802  # its name for it
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        body = mail.get_body(("plain",))
        self.mails.append(body.get_content() if body else "")
        return "250 OK"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


def hand_over(port: int, mail: bytes, sender: str) -> None:
    """As a mail server does, as soon as somebody listens."""

    def try_once() -> bool:
        try:
            with smtplib.LMTP("127.0.0.1", port) as connection:
                connection.sendmail(sender, [LINE], mail)
        except ConnectionRefusedError:
            return False
        return True

    until(try_once)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)
