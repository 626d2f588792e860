"""The line that is texted, whoever texts it, and the clock, in a process that has the database from the beginning."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import django
import psutil

django.setup()

from django.core.management import call_command  # noqa: E402  # after setup
from django.db import connection  # noqa: E402  # after setup

from helpline.channels import carriers, outbound  # noqa: E402  # after setup
from helpline.channels.models import Carrier, Delivery  # noqa: E402  # after setup
from helpline.conversations.models import Conversation  # noqa: E402  # after setup
from helpline.lines.models import Channel, Line, LineKey  # noqa: E402  # after setup
from helpline.vault import sealing  # noqa: E402  # after setup
from tests.peers.smsc import PASSWORD, Smsc, smsc  # noqa: E402  # after setup
from tests.servers import Carry  # noqa: E402  # after setup

FEW = 100  # people who write ten texts each


def main(texts: int) -> None:
    with tempfile.TemporaryDirectory(prefix="helpline-") as folder, smsc() as network:
        _prepare(network)
        carry = Carry(os.environ["DATABASE_URL"], Path(folder) / "carry.log")
        carry.start()
        try:
            network.wait_for("bound", 2)
            network.deliver("warm", id="warm", sender="+64219999999")
            _wait(network, 1, 1)
            told = {
                f"from {texts:,} strangers (each is somebody new in the queue, and told so)": _strangers(
                    network, carry, texts
                ),
                f"with {FEW} people in the middle of it": _conversations(network, carry, texts),
            }
        finally:
            carry.stop()
    print(json.dumps(told))


def _prepare(network: Smsc) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    line = Line.objects.create(slug="measured", name="Measured", languages=["en"])
    for purpose in LineKey.Purpose.values:
        LineKey.objects.create(line=line, purpose=purpose, public_key=sealing.public_key_of(sealing.generate_seed()))
    options = network.options(binds=2, window=50)
    carrier = Carrier(name="smsc", line=line, channel=Channel.SMS, kind=Carrier.Kind.SMPP, options=options)
    carriers.set_carrier(carrier, PASSWORD)


def _strangers(network: Smsc, carry: Carry, texts: int) -> dict[str, object]:
    before, clock = _counted(network), _Clock(network, carry)
    for number in range(texts):
        network.deliver(f"Kia ora {number}", id=f"s{number}", sender=f"+6421{number:07}")
    _wait(network, before[0] + texts, before[1] + texts)
    return clock.told()


def _conversations(network: Smsc, carry: Carry, texts: int) -> dict[str, object]:
    """What is said to them is sealed and kept here, before the clock: the site does that, and other processes."""
    people = list(Conversation.objects.order_by("pk")[1 : FEW + 1])
    soon = Delivery.objects.filter(state="pending")
    for number in range(texts):
        outbound.tell(people[number % FEW], f"{number} We are here.")
        soon.filter(conversation=people[number % FEW]).update(next_at="2999-01-01T00:00Z")
    before, clock = _counted(network), _Clock(network, carry)
    soon.update(next_at="2000-01-01T00:00Z")
    for number in range(texts):
        network.deliver(f"Ae {number}", id=f"c{number}", sender=f"+6421{number % FEW:07}")
    _wait(network, before[0] + texts, before[1] + texts)
    return clock.told()


def _counted(network: Smsc) -> tuple[int, int]:
    return len(network.of("acknowledged")), len(network.of("reported"))


def _wait(network: Smsc, acknowledged: int, reported: int) -> None:
    """Until the carrier knows that we have all theirs, has all ours, and we have all its receipts."""
    network.wait_for("acknowledged", acknowledged)
    network.wait_for("reported", reported)


class _Clock:
    def __init__(self, network: Smsc, carry: Carry) -> None:
        assert network.process
        assert carry.process
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            pidfile = Path(cursor.fetchone()[0]) / "postmaster.pid"
        self._watched = {
            "carry": [psutil.Process(carry.process.pid)],
            "PostgreSQL": psutil.Process(int(pidfile.read_text().split("\n", 1)[0])).children(),
            "the carrier": [psutil.Process(network.process.pid)],
        }
        self._spent = self._now()
        self._began = time.monotonic()

    def told(self) -> dict[str, object]:
        seconds, now = time.monotonic() - self._began, self._now()
        spent = {name: now[name] - self._spent[name] for name in now}
        return {"seconds": seconds, "processor": spent}

    def _now(self) -> dict[str, float]:
        return {name: sum(map(_seconds_of, processes)) for name, processes in self._watched.items()}


def _seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


if __name__ == "__main__":
    main(int(sys.argv[1]))
