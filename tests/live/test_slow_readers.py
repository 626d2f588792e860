"""A reader that takes nothing costs a bounded amount, is let go, and goes on where it was."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from helpline.conversations.models import Author, Conversation, Message
from helpline.live import events
from helpline.live.permissions import Permission
from helpline.live.streams import MAX_WAITING, Stream
from helpline.vault.codes import new_code
from helpline.vault.sealing import MAX_MESSAGE_BYTES
from tests.live.running import EventStream, Running, wait_until
from tests.people import HelpSeeker

COUNT = 800  # 9 MB: more than the sockets of both sides hold


def test_a_reader_that_stops_reading_is_let_go_and_resumes(
    live: Running, waiting: Conversation, help_seeker: HelpSeeker, open_stream: Callable[..., EventStream]
) -> None:
    _say_much(waiting)
    with socket.socket() as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle.connect(("127.0.0.1", live.port))
        head = [f"GET /live/c/{waiting.code}/stream HTTP/1.1", "Host: localhost"]
        head += [f"{name}: {value}" for name, value in help_seeker.authorization.items()]
        idle.sendall("\r\n".join([*head, "", ""]).encode())
        wait_until(lambda: len(live.live.hub) == 1)
        wait_until(lambda: _beat_and_count(live) == 0)
    stream = open_stream("10")
    assert [event.data["seq"] for event in stream.messages(COUNT - 10)] == list(range(11, COUNT + 1))


class Stuck:
    """A connection whose other side takes nothing."""

    is_lost = False
    on_lost: Callable[[], None] | None = None

    def __init__(self) -> None:
        self.sending = asyncio.Event()
        self.aborted = asyncio.Event()

    def abort(self) -> None:
        assert self.on_lost
        self.on_lost()
        self.aborted.set()

    async def send(self, event: Any) -> None:
        if event["type"] == "http.response.body":
            self.sending.set()
            await self.aborted.wait()


def test_more_small_events_than_a_stream_may_hold_end_it() -> None:
    """Somebody types and types at a reader whose connection takes nothing."""

    async def story() -> None:
        connection = Stuck()
        stream = Stream(Permission(capability_hash=bytes(32)), lambda _: None)
        stream.open()
        running = asyncio.create_task(stream.run(connection, connection.send))
        stream.push(events.QUEUE)
        await connection.sending.wait()
        for number in range(MAX_WAITING):
            stream.push(events.typing("counsellor", str(number % 2), None))
        await asyncio.sleep(0)
        assert not running.done()
        stream.push(events.typing("counsellor", "1", None))
        await running

    asyncio.run(story())


def _say_much(conversation: Conversation) -> None:
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=seq,
            client_id=new_code(),
            author=Author.SYSTEM,
            key_id=new_code(),
            sealed=bytes(MAX_MESSAGE_BYTES),
            at=timezone.now(),
        )
        for seq in range(1, COUNT + 1)
    )
    Conversation.objects.filter(pk=conversation.pk).update(last_seq=COUNT)


def _beat_and_count(live: Running) -> int:
    live.beat()
    return len(live.live.hub)
