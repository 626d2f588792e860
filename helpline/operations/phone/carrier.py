"""A carrier's message centre (SMSC) in small: lines bind to it as to a real one, phones text through it.

A thread for each bind: it is a handful of connections on this machine, and threads are plain to read.
"""

import itertools
import secrets
import socket
import socketserver
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime

from helpline.operations.phone import alphabet, pdu
from helpline.operations.phone.courier import Courier
from helpline.operations.phone.pdu import Command, Message, Pdu, Status, Tag

ANSWER_SECONDS = 10.0  # then the same is brought again
ENQUIRE_SECONDS = 30.0
INTERFACE_VERSION = 0x34
DELIVERED, UNDELIVERABLE = 2, 5  # message_state
BINDS = {Command.BIND_RECEIVER: (True, False), Command.BIND_TRANSMITTER: (False, True)}  # (receives, submits)


@dataclass(frozen=True)
class Submitted:
    """What a line handed over for a phone."""

    account: "Account"
    message_id: str
    message: Message


class Account:
    """A line's at the carrier: its number, how it proves itself, and what is on the way to it."""

    def __init__(self, system_id: str, password: str, number: str) -> None:
        self.system_id, self.password, self.number = system_id, password, number
        self.sessions: list[Session] = []
        self.courier = Courier(f"texts to {system_id}", self._enquire, ENQUIRE_SECONDS)

    @property
    def is_bound(self) -> bool:
        return any(session.receives for session in self.sessions)

    def bring(self, message: Message, taken: Callable[[], None]) -> None:
        """To the line, until it says that it has it."""

        def errand() -> bool:
            session = next((each for each in reversed(self.sessions) if each.receives), None)
            if session is None or not session.ask(Command.DELIVER_SM, bytes(message)):
                return False
            taken()
            return True

        self.courier.send(errand)

    def _enquire(self) -> None:
        for session in list(self.sessions):
            if not session.ask(Command.ENQUIRE_LINK):
                session.hang_up()


class Carrier(socketserver.ThreadingTCPServer):
    """Listens as soon as it is made; `start` answers."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, has_phone: Callable[[str], bool], arrived: Callable[[Submitted], None], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Session)
        self.has_phone, self.arrived = has_phone, arrived
        self.accounts: dict[str, Account] = {}
        self.message_ids = itertools.count(secrets.randbelow(1_000_000) + 1)
        self._references = itertools.count(1)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def open_account(self, system_id: str, password: str, number: str) -> Account:
        self.accounts[system_id] = account = Account(system_id, password, number)
        return account

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        for account in self.accounts.values():
            for session in list(account.sessions):
                session.hang_up()
            account.courier.stop()

    def text(self, account: Account, phone: str, words: str, taken: Callable[[], None]) -> None:
        """From a phone to the line; `taken` is called once all of it is there."""
        coding, parts = alphabet.split(words, next(self._references))
        esm_class = pdu.HAS_USER_DATA_HEADER if len(parts) > 1 else 0
        for place, data in enumerate(parts, 1):
            message = Message(phone, account.number, data, coding, esm_class)
            account.bring(message, taken if place == len(parts) else _nothing)

    def tell(self, submitted: Submitted, state: int) -> None:
        """The receipt, if it was asked for."""
        message = submitted.message
        if message.wants_receipt:
            submitted.account.bring(_receipt(submitted.message_id, message, state), _nothing)

    def handle_error(self, request: object, client_address: object) -> None:
        """A broken connection is no event here, and a trace of one would hold addresses and words."""


class Session(socketserver.StreamRequestHandler):
    """One connection of a line."""

    server: Carrier
    account: Account | None = None
    receives = submits = False

    def setup(self) -> None:
        super().setup()
        self._writing = threading.Lock()
        self._numbers = itertools.count(1)
        self._asked: dict[int, Future[int]] = {}

    def handle(self) -> None:
        try:
            while (came := pdu.read(self.rfile)) is not None:
                if came.command & pdu.IS_ANSWER:
                    self._settle(came)
                elif not self._take(came):
                    return
        except (OSError, pdu.Malformed):
            return

    def finish(self) -> None:
        if self.account and self in self.account.sessions:
            self.account.sessions.remove(self)
        for waiting in list(self._asked.values()):
            if not waiting.done():
                waiting.set_result(Status.SYSTEM_ERROR)
        try:
            super().finish()
        except OSError:
            return  # the other end is gone, and with it what was not written yet

    def ask(self, command: int, body: bytes = b"") -> bool:
        """Whether it was answered, and well."""
        number, answer = next(self._numbers), Future[int]()
        self._asked[number] = answer
        try:
            self._write(Pdu(command, Status.OK, number, body))
            return answer.result(ANSWER_SECONDS) == Status.OK
        except (OSError, ValueError, TimeoutError):  # gone, gone already, silent
            return False
        finally:
            self._asked.pop(number, None)

    def hang_up(self) -> None:
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has gone by itself

    def _settle(self, answer: Pdu) -> None:
        waiting = self._asked.get(answer.sequence)
        if waiting and not waiting.done():
            waiting.set_result(answer.status)

    def _take(self, asked: Pdu) -> bool:
        """Answer; whether the connection goes on."""
        if asked.command in {*BINDS, Command.BIND_TRANSCEIVER}:
            return self._bind(asked)
        if asked.command == Command.SUBMIT_SM:
            self._submit(asked)
        elif asked.command in {Command.ENQUIRE_LINK, Command.UNBIND}:
            self._write(asked.answer())
        else:
            self._write(Pdu(Command.GENERIC_NACK, Status.INVALID_COMMAND, asked.sequence))
        return asked.command != Command.UNBIND

    def _bind(self, asked: Pdu) -> bool:
        if self.account:
            self._write(asked.answer(Status.ALREADY_BOUND))
            return True
        bind = pdu.read_bind(asked.body)
        account = self.server.accounts.get(bind.system_id)
        if account is None or not secrets.compare_digest(account.password.encode(), bind.password.encode()):
            self._write(asked.answer(Status.BIND_FAILED))
            return False
        self.receives, self.submits = BINDS.get(Command(asked.command), (True, True))
        version = pdu.option(Tag.SC_INTERFACE_VERSION, bytes((INTERFACE_VERSION,)))
        self._write(asked.answer(body=pdu.c_string("phone") + version))
        self.account = account
        account.sessions.append(self)
        account.courier.nudge()
        return True

    def _submit(self, asked: Pdu) -> None:
        if self.account is None or not self.submits:
            self._write(asked.answer(Status.BAD_BIND_STATE))
            return
        submitted = Submitted(self.account, f"{next(self.server.message_ids):X}", pdu.read_message(asked.body))
        if not self.server.has_phone(submitted.message.destination):
            self._write(asked.answer(Status.INVALID_DESTINATION))
            return
        self._write(asked.answer(body=pdu.c_string(submitted.message_id)))
        self.server.arrived(submitted)

    def _write(self, sent: Pdu) -> None:
        with self._writing:
            self.wfile.write(bytes(sent))


def _receipt(message_id: str, about: Message, state: int) -> Message:
    """In the words that the standard's appendix B suggests, and as optional parameters."""
    is_there, now = state == DELIVERED, f"{datetime.now(UTC):%y%m%d%H%M}"
    words = (
        f"id:{message_id} sub:001 dlvrd:{int(is_there):03} submit date:{now} done date:{now} "
        f"stat:{'DELIVRD' if is_there else 'UNDELIV'} err:{0 if is_there else 1:03} text:"
    )
    options = {Tag.RECEIPTED_MESSAGE_ID: pdu.c_string(message_id), Tag.MESSAGE_STATE: bytes((state,))}
    return Message(
        about.destination, about.source, words.encode(), esm_class=pdu.IS_RECEIPT, options=dict(options.items())
    )


def _nothing() -> None:
    """Of a part that is not the last."""


@dataclass
class Joiner:
    """Puts the parts of long texts together, in whatever order they come."""

    _parts: dict[tuple[str, str, int, int], dict[int, bytes]] = field(default_factory=dict)

    def add(self, message: Message) -> str | None:
        """The words, once they are whole. Raises Malformed."""
        part, data = alphabet.take_apart(message.data, message.esm_class)
        if part is None:
            return alphabet.decode(data, message.coding)
        reference, total, place = part
        key = (message.source, message.destination, reference, total)
        got = self._parts.setdefault(key, {})
        got[place] = data
        if len(got) < total:
            return None
        del self._parts[key]
        return alphabet.decode(b"".join(got[place] for place in sorted(got)), message.coding)
