"""The carrier of tests (smsc.js), started by whoever needs one. It must start: what cannot be tested is a failure."""

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

SCRIPT = Path(__file__).with_name("smsc.js")
PASSWORD = "secret"
PATIENCE_SECONDS = 30  # two shared cores

Event = dict[str, Any]


@dataclass
class Smsc:
    journal: Path | None = None
    is_exchange: bool = False
    certificate: Path | None = None
    """With its key beside it (`.key`): then it speaks TLS and nothing else."""
    port: int = 0
    process: subprocess.Popen[str] | None = None
    events: list[Event] = field(default_factory=list)
    _told: "queue.Queue[Event | None]" = field(default_factory=queue.Queue)

    def start(self) -> Self:
        command = ["node", str(SCRIPT), "--port", str(self.port), "--password", PASSWORD]
        command += ["--journal", str(self.journal)] if self.journal else []
        command += ["--exchange"] if self.is_exchange else []
        if self.certificate:
            command += ["--cert", str(self.certificate), "--key", str(self.certificate.with_suffix(".key"))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._listen, args=[self.process], daemon=True).start()
        self.port = self.wait_for("listening")[-1]["port"]
        return self

    def options(self, **others: Any) -> dict[str, Any]:
        """As `helpline set_carrier` keeps them."""
        return {"host": "127.0.0.1", "port": self.port, "system_id": "helpline", "number": "6428", **others}

    def tell(self, command: str, **facts: Any) -> None:
        assert self.process
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": command, **facts}) + "\n")
        self.process.stdin.flush()

    def behave(self, **how: Any) -> None:
        """From when it returns on."""
        self.tell("behave", **how)
        self.wait_for("behaving", len(self.of("behaving")) + 1)

    def deliver(self, text: str, *, id: str, sender: str = "+6421000001", **how: Any) -> None:  # noqa: A002  # a carrier's word for it
        self.tell("deliver", id=id, text=text, to="6428", **{"from": sender}, **how)

    def wait_for(self, event: str, count: int = 1) -> list[Event]:
        """All of this kind since the start, as soon as there are so many."""
        while len(found := self.of(event)) < count:
            told = self._told.get(timeout=PATIENCE_SECONDS)
            if told is None:
                raise RuntimeError(f"The carrier of the tests has ended before {event}")
            self.events.append(told)
        return found

    def of(self, event: str) -> list[Event]:
        return [each for each in self.events if each["event"] == event]

    def kill(self) -> None:
        """As a machine dies: nothing is said to anybody."""
        if self.process:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    pipe.close()
        self.process = None

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        try:
            for line in process.stdout:
                self._told.put(json.loads(line))
        except ValueError:  # killed: the pipe is closed
            pass
        self._told.put(None)


@contextmanager
def smsc(**how: Any) -> Iterator[Smsc]:
    carrier = Smsc(**how).start()
    try:
        yield carrier
    finally:
        carrier.kill()
