"""Kannel, out of Debian's package: what a person with a phone is, behind a network that is not ours.

Kannel speaks SMPP only as a client, as we do. So the carrier of the tests (smsc.js) stands between the two and passes
octets on as they came: what one end has encoded, the other end has to read.
"""

import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

from tests.peers.smsc import PASSWORD, PATIENCE_SECONDS
from tests.peers.unpacked import PEERS, Program, libraries
from tests.servers import free_port

SYSTEM = "kannel"
BEARERBOX = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-file = "{folder}/bearerbox.log"
log-level = 0
dlr-storage = internal
sms-combine-concatenated-mo = true
sms-combine-concatenated-mo-timeout = 60

group = smsc
smsc = smpp
smsc-id = network
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = {system}
smsc-password = {password}
system-type = ""
enquire-link-interval = 5
reconnect-delay = 1
"""
SMSBOX = """
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sends}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"
log-level = 0
global-sender = {number}

group = sendsms-user
username = phone
password = {password}
max-messages = 20
concatenation = true

group = sms-service
keyword = default
catch-all = true
accept-x-kannel-headers = false
max-messages = 0
omit-empty = true
get-url = "http://127.0.0.1:{answers}/text?from=%p&octets=%b&coding=%c&charset=%C"
"""


@dataclass
class Kannel:
    folder: Path
    smsc_port: int
    number: str
    ports: dict[str, int] = field(default_factory=dict)
    texts: "Queue[str]" = field(default_factory=Queue)
    receipts: "Queue[str]" = field(default_factory=Queue)

    def write(self, text: str, to: str) -> None:
        """Somebody writes; what their network says became of it comes to `receipts`."""
        told = f"http://127.0.0.1:{self.ports['answers']}/receipt?state=%d"
        facts = {"username": "phone", "password": PASSWORD, "from": self.number, "to": to, "text": text}
        facts |= {"charset": "UTF-8", "dlr-mask": "31", "dlr-url": told}
        if not text.isascii():
            facts["coding"] = "2"
        query = urllib.parse.urlencode(facts)
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.ports['sends']}/cgi-bin/sendsms?{query}", timeout=30
        ) as answer:
            assert answer.status == 202, answer.read()

    def next_receipt(self) -> str:
        return self.receipts.get(timeout=PATIENCE_SECONDS)

    def next_text(self) -> str:
        return self.texts.get(timeout=PATIENCE_SECONDS)


@contextmanager
def kannel(folder: Path, smsc_port: int, number: str = "+6421000001") -> Iterator[Kannel]:
    phone = Kannel(folder, smsc_port, number)
    with ThreadingHTTPServer(("127.0.0.1", 0), _answers(phone)) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            phone.ports = {name: free_port() for name in ("admin", "boxes", "sends")}
            phone.ports["answers"] = server.server_port
            with _running(phone):
                yield phone
        finally:
            server.shutdown()


@contextmanager
def _running(phone: Kannel) -> Iterator[None]:
    facts = {**phone.ports, "folder": phone.folder, "smsc": phone.smsc_port, "number": phone.number}
    facts |= {"password": PASSWORD, "system": SYSTEM}
    (phone.folder / "kannel.conf").write_text((BEARERBOX + SMSBOX).format(**facts))
    programs = []
    try:
        for name, ready in (("bearerbox", "bind_transceiver_resp"), ("smsbox", "Connected to bearerbox")):
            (phone.folder / name).mkdir()
            command = [str(PEERS / "usr" / "sbin" / name), str(phone.folder / "kannel.conf")]
            program = Program(command, phone.folder / name, {"LD_LIBRARY_PATH": libraries()})
            programs.append(program)
            program.start()
            program.wait_for(ready, phone.folder / f"{name}.log")
        yield
    finally:
        for program in reversed(programs):
            program.stop()


def _answers(phone: Kannel) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urllib.parse.urlsplit(self.path)
            facts = urllib.parse.parse_qs(address.query, encoding="latin-1", keep_blank_values=True)
            if address.path == "/receipt":
                phone.receipts.put(facts["state"][0])
            else:
                octets = facts["octets"][0].encode("latin-1")
                phone.texts.put(octets.decode("utf-16-be" if facts["coding"][0] == "2" else "utf-8"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Quiet."""

    return Answers
