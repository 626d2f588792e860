"""The line that is mailed, its mail server and the clock; in a process of its own: Django reads DATABASE_URL once."""

import json
import os
import smtplib
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import django
import psutil

django.setup()

from django.core.management import call_command  # noqa: E402  # after setup
from django.db import connection  # noqa: E402  # after setup

from helpline.channels import carriers  # noqa: E402  # after setup
from helpline.channels.models import Carrier, Delivery  # noqa: E402  # after setup
from helpline.conversations.models import Message  # noqa: E402  # after setup
from helpline.lines.models import Channel, Line, LineKey  # noqa: E402  # after setup
from helpline.vault import sealing  # noqa: E402  # after setup
from tests.peers.postfix import Postfix  # noqa: E402  # after setup
from tests.servers import Carry, free_port  # noqa: E402  # after setup

LINE = "kia-ora@line.example"
SENDERS = 4  # connections over which others hand their mail to Postfix
PATIENCE_SECONDS = 120


def main(mails: int) -> None:
    with tempfile.TemporaryDirectory(prefix="helpline-") as folder:
        postfix, carry = _prepare(Path(folder))
        postfix.start()
        carry.start()
        try:
            _post(postfix, [0])
            _wait(1)
            told = {
                f"from {mails} strangers": _measured(postfix, carry, list(range(1, mails + 1))),
                "from the same people again": _measured(postfix, carry, list(range(1, mails + 1))),
            }
        finally:
            carry.stop()
            postfix.stop()
    print(json.dumps(told))


def _prepare(folder: Path) -> tuple[Postfix, Carry]:
    call_command("migrate", verbosity=0, interactive=False)
    line = Line.objects.create(slug="measured", name="Measured", languages=["en"])
    for purpose in LineKey.Purpose.values:
        LineKey.objects.create(line=line, purpose=purpose, public_key=sealing.public_key_of(sealing.generate_seed()))
    lmtp_port = free_port()
    settings = {
        "relay_domains": "line.example",
        "relay_transport": f"lmtp:inet:127.0.0.1:{lmtp_port}",
        "recipient_delimiter": "+",
        "lmtp_destination_recipient_limit": "1",
        "virtual_mailbox_maps": "static:everybody/",
    }
    postfix = Postfix(folder / "postfix", settings)
    for kind, port in ((Carrier.Kind.LMTP, lmtp_port), (Carrier.Kind.SMTP, postfix.port)):
        options = {"address": LINE, "port": port}
        carriers.set_carrier(Carrier(name=kind, line=line, channel=Channel.EMAIL, kind=kind, options=options))
    return postfix, Carry(os.environ["DATABASE_URL"], folder / "carry.log")


def _measured(postfix: Postfix, carry: Carry, people: list[int]) -> dict[str, object]:
    kept, answers = _kept(), Delivery.objects.count()
    spent, began = _spent(carry), time.monotonic()
    _post(postfix, people)
    _wait(kept + len(people))
    all_kept = time.monotonic() - began
    _until(lambda: not Delivery.objects.exclude(state=Delivery.State.SENT).exists())
    now = _spent(carry)
    return {
        "kept": all_kept,
        "answered": time.monotonic() - began,
        "answers": Delivery.objects.count() - answers,
        "processor": {name: now[name] - spent[name] for name in now},
    }


def _post(postfix: Postfix, people: list[int]) -> None:
    shares = [people[number::SENDERS] for number in range(SENDERS)]
    threads = [threading.Thread(target=_post_some, args=(postfix.port, share)) for share in shares if share]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _post_some(port: int, people: list[int]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in people:
            sender = f"person{number}@person.example"
            known_by = f"<{time.time_ns()}.{number}@person.example>"
            headers = f"From: {sender}\r\nTo: {LINE}\r\nSubject: Kia ora\r\nMessage-ID: {known_by}\r\n"
            client.sendmail(sender, [LINE], f"{headers}\r\nIs anybody there? I am number {number}.\r\n")


def _kept() -> int:
    return Message.objects.filter(author="help_seeker").count()


def _wait(kept: int) -> None:
    _until(lambda: _kept() >= kept)


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("Not all of it came.")
        time.sleep(0.02)


def _spent(carry: Carry) -> dict[str, float]:
    assert carry.process
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        pidfile = Path(cursor.fetchone()[0]) / "postmaster.pid"
    postgres = psutil.Process(int(pidfile.read_text().split("\n", 1)[0])).children()
    watched = {"carry": [psutil.Process(carry.process.pid)], "PostgreSQL": postgres}
    return {name: sum(map(_seconds_of, processes)) for name, processes in watched.items()}


def _seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


if __name__ == "__main__":
    main(int(sys.argv[1]))
