"""A live process inside the test, over real sockets, and a client that reads one event at a time."""

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple, TypeVar

from helpline.live import server
from helpline.live.application import Live
from helpline.live.hub import BEAT_SECONDS

PATIENCE = 20  # seconds until what should come is taken for lost; nothing measures how long it took
Result = TypeVar("Result")


class Answer(NamedTuple):
    status: int
    body: Any
    headers: Mapping[str, str]


class Event(NamedTuple):
    name: str
    data: dict[str, Any]
    id: str = ""


class Running:
    """One live process: real sockets, real database, and its objects to look at."""

    def __init__(self, live: Live | None = None) -> None:
        self.live = live or Live()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._server = server.Server(server.configuration(self.live), self.live)
        self._streams: list[EventStream] = []
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))

    def start(self) -> None:
        self._thread.start()
        wait_until(lambda: self._server.started)

    def stop(self) -> None:
        for stream in self._streams:
            stream.close()
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run something in the process's own loop."""
        loop = self._server.servers[0].get_loop()
        return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE)

    def beat(self) -> None:
        """As 25 seconds do."""

        async def beat() -> None:
            for share in range(BEAT_SECONDS):
                self.live.hub.beat(share)

        self.run(beat())

    def tell(self, name: str) -> None:
        """Wake this process's streams."""

        async def tell() -> None:
            self.live.tell([name])

        self.run(tell())

    def request(self, method: str, path: str, headers: Mapping[str, str], body: "bytes | Any" = b"") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"Host": "localhost", **headers})
            response = connection.getresponse()
            content = response.read()
            return Answer(response.status, json.loads(content) if content else None, dict(response.headers))
        finally:
            connection.close()

    def post(self, path: str, headers: Mapping[str, str], content: object) -> Answer:
        return self.request("POST", path, headers, json.dumps(content).encode())

    def stream(self, path: str, headers: Mapping[str, str], last: str | None = None) -> "EventStream":
        stream = EventStream(self.port, path, {**headers, **({} if last is None else {"Last-Event-ID": last})})
        self._streams.append(stream)
        return stream


class EventStream:
    """An open stream. `next` waits for one event and is None at the stream's end."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", path, headers={"Host": "localhost", **headers})
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.headers = self._response.headers
        self.heartbeats = 0

    def next(self) -> Event | None:
        fields: dict[str, str] = {}
        while line := self._response.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if name == ":":
                self.heartbeats += 1
            elif name:
                fields[name] = value
            elif fields:
                return Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""))
        return None

    def until(self, name: str) -> list[Event]:
        """Everything up to and with the next event of this name."""
        events: list[Event] = []
        while not events or events[-1].name != name:
            event = self.next()
            assert event is not None, f"The stream ended before {name}; it had {[each.name for each in events]}"
            events.append(event)
        return events

    def rest(self) -> list[Event]:
        """Everything until the stream ends."""
        events: list[Event] = []
        while event := self.next():
            events.append(event)
        return events

    def messages(self, count: int) -> list[Event]:
        """The next messages, with whatever comes between left out."""
        return [self.until("message")[-1] for _ in range(count)]

    def close(self) -> None:
        self._response.close()
        self._connection.close()


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "It did not happen"
        time.sleep(0.01)
