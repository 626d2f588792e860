"""10,000 update e-mails, queued and handed to a real SMTP server (aiosmtpd, another process); then again, killed.

`python -m benchmarks.updating`, some five minutes; not part of `make bench`. `--readers 500` for a short look.
"""

import argparse
import json
import multiprocessing
import random
import resource
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from multiprocessing.synchronize import Event as Signal
from queue import Empty
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, database, environment
from helpline.operations.postgres import Postgres
from tests.servers import free_port

READERS, KILLS = 10_000, 20
TARGET_SECONDS = 300
BARE = 2_000  # mails that smtplib alone hands over, for comparison
SEED = 20261127


@dataclass(frozen=True)
class Came:
    """At the mail server: how many mails, by whom they are for and what they are."""

    mails: Counter[tuple[str, str]]

    @property
    def doubled(self) -> int:
        """That came once more, with the Message-ID that they had: a mail store that knows it shows one."""
        return sum(self.mails.values()) - len(self.mails)

    @property
    def people(self) -> Counter[str]:
        """By address, how many different mails."""
        return Counter(address for address, _ in self.mails)


class MailServer:
    """Takes every mail, and writes down for whom it is and which one."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        content = envelope.content
        assert isinstance(content, bytes)
        head = message_from_bytes(content.partition(b"\r\n\r\n")[0])
        self._queue.put((envelope.rcpt_tos[0], str(head["Message-ID"])))
        return "250 OK"


def serve(port: int, queue: Any, is_up: Signal, is_over: Signal) -> None:
    controller = Controller(MailServer(queue), hostname="127.0.0.1", port=port)
    controller.start()
    is_up.set()
    is_over.wait()
    controller.stop()


@contextmanager
def mail_server() -> Iterator[tuple[int, Any]]:
    context = multiprocessing.get_context("spawn")
    queue, is_up, is_over, port = context.Queue(), context.Event(), context.Event(), free_port()
    process = context.Process(target=serve, args=(port, queue, is_up, is_over))
    process.start()
    is_up.wait()
    try:
        yield port, queue
    finally:
        is_over.set()
        process.join()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--kills", type=int, default=KILLS)
    asked = parser.parse_args()
    with database() as server, mail_server() as (port, queue), tempfile.TemporaryDirectory() as keys:
        for result in measured(server, port, queue, asked.readers, asked.kills, keys):
            print(result, flush=True)


def measured(server: Postgres, port: int, queue: Any, readers: int, kills: int, keys: str) -> Iterator[Result]:
    where = environment(server.url()) | {
        "HELPLINE_SMTP": f"127.0.0.1:{port}",
        "HELPLINE_MAIL_FOLDER": "",
        "HELPLINE_UPDATES_PER_SECOND": "0",
        "HELPLINE_KEYS": keys,
    }
    _cast(where, "prepare", str(readers))
    bare = _bare(port, queue)
    _cast(where, "write", "whole")
    began, spent = time.monotonic(), _processor()
    _run(where).wait()
    seconds, spent = time.monotonic() - began, _processor() - spent
    came = _came(queue, readers)
    _require_everybody(where, came, readers)
    yield beside(f"{readers:,} mails queued and handed over", seconds, "s", TARGET_SECONDS * readers / READERS)
    yield beside("… mails, beside smtplib alone", readers / seconds, "/s", bare)
    yield beside("… processor time of ours a mail", 1000 * spent / readers, "ms", 1000 * TARGET_SECONDS / READERS)
    yield beside("… came a second time", came.doubled, "mails", readers)
    _cast(where, "write", "killed")
    began = time.monotonic()
    _killed(where, kills, seconds)
    seconds = time.monotonic() - began
    came = _came(queue, readers)
    _require_everybody(where, came, readers)
    yield beside(f"the same, killed {kills} times", seconds, "s", TARGET_SECONDS * readers / READERS)
    yield beside("… people who got none", readers - len(came.people), "people", readers)
    yield beside("… handed over a second time, as the same mail", came.doubled, "mails", kills)


def _processor() -> float:
    """Seconds of the runs that have ended; neither PostgreSQL's nor the mail server's."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _killed(where: dict[str, str], kills: int, seconds: float) -> None:
    """At any moment, without a warning; then it is started again."""
    chance = random.Random(SEED)  # nosec B311  # no secret
    for _ in range(kills):
        process = _run(where)
        try:
            process.wait(1.5 + chance.random() * 2 * seconds / kills)  # it takes a second or so to start
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    _run(where).wait()


def _run(where: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "helpline", "send_updates"], cwd=ROOT, env=where, stdout=subprocess.DEVNULL
    )


def _bare(port: int, queue: Any) -> float:
    """Mails a second of one size, by one connection, with nothing kept."""
    text = "Subject: bare\r\nMessage-ID: <{}@example.org>\r\n\r\n" + ("word " * 14 + "\r\n") * 85
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for number in range(BARE):
            connection.sendmail("a@example.org", [f"bare{number}@example.org"], text.format(number))
    seconds = time.monotonic() - began
    _came(queue, BARE)
    return BARE / seconds


def _came(queue: Any, at_least: int) -> Came:
    """All that is there, once as many as must be have come."""
    mails: Counter[tuple[str, str]] = Counter(queue.get(timeout=60) for _ in range(at_least))
    with suppress(Empty):
        while True:
            mails[queue.get(timeout=2)] += 1
    return Came(mails)


def _require_everybody(where: dict[str, str], came: Came, readers: int) -> None:
    told = _cast(where, "tell")
    if told != {"state": "sent", "handed_over": readers, "waiting": 0} or set(came.people.values()) != {1}:
        raise SystemExit(f"Not once each: {told}, {len(came.people)} people, {came.doubled} doubled")


def _cast(where: dict[str, str], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.updating_cast", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=where, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout)) if done.stdout else {}


if __name__ == "__main__":
    main()
