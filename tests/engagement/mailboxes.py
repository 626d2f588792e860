"""A real SMTP server that takes mails, and can refuse, wait or break off: what stands on the other side."""

import email
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


@dataclass
class Taken:
    sender: str
    to: str
    mail: EmailMessage

    def part(self, kind: str) -> str:
        found = self.mail.get_body((kind,))
        assert found is not None
        return str(found.get_content())


@dataclass
class Mailboxes:
    """What came, in order. `refuse` says what is answered about an address; `count` is called with each mail."""

    taken: list[Taken] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    refuse_mail: str = ""
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    on_mail: Callable[[int], None] = lambda number: None

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # the same
        if self.refuse_mail:
            return self.refuse_mail
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        with self.lock:
            self.taken += [Taken(envelope.mail_from or "", to, mail) for to in envelope.rcpt_tos]
            self.on_mail(len(self.taken))
        return "250 OK"

    def to(self, address: str) -> list[Taken]:
        return [each for each in self.taken if each.to == address]

    def once_each(self) -> dict[str, set[str]]:
        """By address, what came there; a mail that is there already is no other one (RFC 5322: one Message-ID)."""
        found: dict[str, set[str]] = {}
        for each in self.taken:
            found.setdefault(each.to, set()).add(str(each.mail["Message-ID"]))
        return found


@contextmanager
def listening() -> Iterator[Mailboxes]:
    mailboxes = Mailboxes(port=free_port())
    controller = Controller(mailboxes, hostname="127.0.0.1", port=mailboxes.port)
    controller.start()
    yield mailboxes
    controller.stop()


def reach(settings: Any, mailboxes: Mailboxes) -> None:
    """Send there, as production does."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", mailboxes.port, False
