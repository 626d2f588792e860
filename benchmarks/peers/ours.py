"""Ours: a live process on its own embedded PostgreSQL; every message is on disk before it is acknowledged or shown."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.peers.measure import Delivered
from benchmarks.stage import Conversation, Counsellor
from benchmarks.wire import Answer, Connection, OnEvent, Refused, connect, request
from helpline.vault import contexts, sealing
from helpline.vault.codes import CODE_BYTES, b64url_decode, b64url_encode, new_code

_CLIENT_ID = re.compile(rb'"client_id":"([A-Za-z0-9_-]{22})"')


class _Sender:
    """One help-seeker's page: its own connection and sender key. The words are sealed once and sent often."""

    def __init__(self, port: int, conversation: Conversation) -> None:
        self._port = port
        self._connection: Connection | None = None
        self._conversation = conversation
        self._turn = asyncio.Lock()  # one request at a time on a connection
        code, key, self._key_id = conversation.code, sealing.new_key(), new_code()
        sealed = sealing.seal_message(key, "Kia ora", code=code, author=contexts.HELP_SEEKER, client_id=new_code())
        self._sealed = b64url_encode(sealed)
        self._key: str | None = b64url_encode(
            sealing.seal_sender_key(
                sealing.public_key_of(conversation.seed),
                key,
                code=code,
                author=contexts.HELP_SEEKER,
                key_id=self._key_id,
            )
        )

    async def send(self, number: int) -> None:
        content = {
            "client_id": b64url_encode(number.to_bytes(CODE_BYTES, "big")),
            "key_id": self._key_id,
            "sealed": self._sealed,
        }
        if self._key:
            content["key"] = self._key
        target = f"/live/c/{self._conversation.code}/messages"
        raw = request("POST", target, self._conversation.headers, json.dumps(content).encode())
        async with self._turn:
            answer = await self._ask(raw)
        if answer.status != 202:
            raise Refused(f"{answer.status} {answer.body!r}")
        self._key = None

    async def _ask(self, raw: bytes) -> Answer:
        """As a browser does: on a new connection when the server has closed the idle one. Repeating is safe."""
        while True:
            self._connection = self._connection or await connect(self._port)
            try:
                return await self._connection.ask(raw)
            except ConnectionResetError:
                self._connection = None

    def close(self) -> None:
        if self._connection:
            self._connection.close()


class Ours:
    """As `measure.Wire`. Conversation n belongs to counsellor n modulo 32, as everywhere."""

    acknowledges = True

    def __init__(self, senders: list[_Sender]) -> None:
        self._senders = senders

    async def send(self, conversation: int, number: int) -> None:
        await self._senders[conversation].send(number)


@asynccontextmanager
async def signed_in(port: int, counsellors: list[Counsellor], delivered: Delivered) -> AsyncIterator[Ours]:
    streams = [await _desk(port, counsellor, _deliver(delivered)) for counsellor in counsellors]
    conversations = [each for rank in zip(*(c.conversations for c in counsellors), strict=True) for each in rank]
    senders = [_Sender(port, conversation) for conversation in conversations]
    try:
        yield Ours(senders)
    finally:
        for stream in streams:
            stream.close()
        for sender in senders:
            sender.close()


async def _desk(port: int, counsellor: Counsellor, on_event: OnEvent) -> Connection:
    stream = await connect(port, on_event)
    answer = await stream.ask(request("GET", "/live/desk", counsellor.headers))
    if answer.status != 200:
        raise Refused(f"{answer.status} {answer.body!r}")
    return stream


def _deliver(delivered: Delivered) -> OnEvent:
    def on_event(raw: bytes) -> None:
        if raw.startswith(b"event: message") and (found := _CLIENT_ID.search(raw)):
            delivered(int.from_bytes(b64url_decode(found[1].decode()), "big"))

    return on_event
