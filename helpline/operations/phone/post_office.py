"""A mail server in small: takes what lines send (SMTP), hands over what is written to them (LMTP), as real ones do."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formataddr, getaddresses, make_msgid
from enum import Enum, auto

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as MailSession

from helpline.operations.phone.people import Person, person_of

TIMEOUT_SECONDS = 10
LARGEST = 5_000_000


class Handed(Enum):
    """What became of a mail that was handed over."""

    TAKEN = auto()
    AGAIN = auto()
    REFUSED = auto()


@dataclass(frozen=True)
class Letter:
    """A mail as its reader sees it."""

    sender: str
    answer_to: str
    subject: str
    words: str
    message_id: str

    @property
    def addresses(self) -> set[str]:
        """Whom it is from, without what stands behind a plus."""
        return {_without_tag(address) for _, address in getaddresses([self.sender, self.answer_to])}


class PostOffice:
    """Listens as soon as it is made, on this machine alone, with an event loop and a thread of its own."""

    def __init__(self, arrived: Callable[[Person, Letter], None]) -> None:
        self._arrived = arrived
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="post office", daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        """All of the loop's life is in this thread."""
        loop = self._loop
        serving = loop.create_server(lambda: _protocol(self._arrived, loop), sock=self._listener)
        server = loop.run_until_complete(serving)
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _protocol(arrived: Callable[[Person, Letter], None], loop: asyncio.AbstractEventLoop) -> SMTP:
    return SMTP(_Counter(arrived), data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="phone.localhost", loop=loop)


class _Counter:
    """Where mail is taken; the names are those that aiosmtpd calls."""

    def __init__(self, arrived: Callable[[Person, Letter], None]) -> None:
        self._arrived = arrived

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: MailSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if person_of(address) is None:
            return "550 5.1.1 There is no such mailbox in this demonstration"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # the same
        self, server: SMTP, session: MailSession, envelope: Envelope
    ) -> str:
        content = envelope.content or b""
        letter = read(content if isinstance(content, bytes) else content.encode())
        for person in {person_of(address) for address in envelope.rcpt_tos}:
            if person:
                self._arrived(person, letter)
        return "250 OK"


def read(content: bytes) -> Letter:
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body(("plain", "html"))
    sender = str(mail.get("From", ""))
    return Letter(
        sender,
        str(mail.get("Reply-To", "")) or sender,
        str(mail.get("Subject", "")),
        str(body.get_content()).strip() if body else "",
        str(mail.get("Message-ID", "")),
    )


def write(person: Person, to: str, subject: str, words: str, answers: str = "") -> EmailMessage:
    """A mail in the person's name; `answers` is the Message-ID of the one it answers."""
    mail = EmailMessage()
    mail["From"] = formataddr((person.name, person.mailbox))
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())
    mail["Message-ID"] = make_msgid(domain="example.org")
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(words)
    return mail


def hand_over(mail: EmailMessage, person: Person, port: int) -> Handed:
    """By LMTP, as an MTA: what is refused for now is brought again, what is refused for good is not."""
    addresses = [address for _, address in getaddresses([str(mail["To"])])]
    try:
        with smtplib.LMTP("127.0.0.1", port, timeout=TIMEOUT_SECONDS) as server:
            server.sendmail(person.mailbox, addresses, mail.as_bytes())
    except smtplib.SMTPRecipientsRefused as refused:
        codes = {code for code, _ in refused.recipients.values()}
        return Handed.REFUSED if min(codes) >= 500 else Handed.AGAIN
    except smtplib.SMTPResponseException as refused:
        return Handed.REFUSED if refused.smtp_code >= 500 else Handed.AGAIN
    except (OSError, smtplib.SMTPException):
        return Handed.AGAIN
    return Handed.TAKEN


def _without_tag(address: str) -> str:
    name, _, domain = address.lower().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"
