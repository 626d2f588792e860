"""Help-seekers and counsellors as their browsers behave: seal, send until acknowledged, follow and resume.

They are more impatient than a browser, so that a fault costs seconds and not half a minute.
"""

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.chaos.ledger import Ledger, Said, Seen
from benchmarks.stage import Conversation, Counsellor
from benchmarks.wire import Answer, Connection, connect, parse_event, request
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_decode, b64url_encode, new_code

ANSWER_SECONDS = 1.5  # then the sender tries again
SILENCE_SECONDS = 1.5  # then a reader takes the stream for dead; heartbeats come every 25 s, so quiet ones die too
RETRY_SECONDS = 0.05
THINKING_SECONDS = 0.08  # at most, between two messages of one author
AGAIN = 503  # "not now"; any other refusal is a verdict, which none of these people deserves


class Wrong(Exception):
    """An answer that must not come, whatever the fault."""


@dataclass
class Page:
    """One page session of an author: a sender key, sent along until its first acknowledgement."""

    conversation: Conversation
    author: str
    key: bytes = field(default_factory=sealing.new_key, repr=False)
    key_id: str = field(default_factory=new_code)
    is_key_known: bool = False

    def __post_init__(self) -> None:
        self.sealed_key = sealing.seal_sender_key(
            sealing.public_key_of(self.conversation.seed),
            self.key,
            code=self.conversation.code,
            author=self.author,
            key_id=self.key_id,
        )

    def body(self, said: Said) -> bytes:
        sealed = sealing.seal_message(
            self.key, said.text, code=self.conversation.code, author=said.author, client_id=said.client_id
        )
        content = {"client_id": said.client_id, "key_id": self.key_id, "sealed": b64url_encode(sealed)}
        if not self.is_key_known:
            content["key"] = b64url_encode(self.sealed_key)
        return json.dumps(content).encode()


class Author:
    """Says one thing after the other in one conversation; the next only when the last is acknowledged."""

    def __init__(self, ledger: Ledger, who: str, headers: Mapping[str, str], port: int, chance: random.Random) -> None:
        self._ledger = ledger
        self._who = who
        self._headers = headers
        self._port = port
        self._chance = chance
        self._page = Page(ledger.conversation, who)
        self._connection: Connection | None = None

    async def talk(self, until: asyncio.Event) -> None:
        try:
            while not until.is_set():
                await self._say()
                await self._small_talk()
                await asyncio.sleep(self._chance.random() * THINKING_SECONDS)
        except Wrong as wrong:
            self._ledger.wrong[str(wrong)] += 1
        finally:
            self._hang_up()

    async def _say(self) -> None:
        said = Said(self._who, new_code(), self._words())
        self._ledger.said.append(said)
        if self._chance.random() < 0.02:
            self._page = Page(self._ledger.conversation, self._who)  # reloaded: a new sender key
        await self._until_acknowledged(said)
        if self._chance.random() < 0.05:
            await self._until_acknowledged(said)  # two tabs, or a browser that was not sure

    def _words(self) -> str:
        """Mostly short; now and then the longest there may be."""
        length = sealing.MAX_TEXT_BYTES if self._chance.random() < 0.01 else self._chance.randrange(600)
        return "".join(self._chance.choices("aeiou ", k=length))

    async def _until_acknowledged(self, said: Said) -> None:
        while True:
            answer = await self._post("messages", self._page.body(said))
            if answer and answer.status == 202:
                self._page.is_key_known = True
                return self._ledger.acknowledge(said, json.loads(answer.body)["seq"])
            if answer and answer.status == 422:
                self._page.is_key_known = False
            elif answer and answer.status != AGAIN:
                raise Wrong(f"answers of {answer.status} to a message")
            await asyncio.sleep(RETRY_SECONDS)

    async def _small_talk(self) -> None:
        """Receipts and typing: they may get lost, and must do no harm to what may not."""
        receipt = json.dumps({"seq": self._ledger.last_seq}).encode()
        for what, body, likely in (("receipts", receipt, 0.2), ("typing", b'{"on":true}', 0.1)):
            answer = await self._post(what, body) if self._chance.random() < likely else None
            if answer and answer.status >= 400 and answer.status != AGAIN:
                raise Wrong(f"answers of {answer.status} to {what}")

    async def _post(self, what: str, body: bytes) -> Answer | None:
        """None: no answer came, and nobody knows what became of it."""
        target = f"/live/c/{self._ledger.conversation.code}/{what}"
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._connection = self._connection or await connect(self._port)
                return await self._connection.ask(request("POST", target, self._headers, body))
        except (OSError, TimeoutError):
            self._hang_up()
            return None

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


class Reader:
    """Follows one stream and resumes where it was: a help-seeker's conversation, or a counsellor's whole desk."""

    def __init__(self, name: str, ledgers: list[Ledger], target: str, headers: Mapping[str, str], port: int) -> None:
        self._ledgers = {ledger.conversation.code: ledger for ledger in ledgers}
        self._only = ledgers[0].conversation.code if target != "/live/desk" else None
        self._name = name
        self._target = target
        self._headers = headers
        self._port = port
        self._keys: dict[tuple[str, str], bytes] = {}
        self._at: dict[str, int] = {}
        self._connection: Connection | None = None

    async def follow(self) -> None:
        """Until cancelled."""
        try:
            while True:
                try:
                    await self._follow_once()
                except (OSError, TimeoutError):
                    await asyncio.sleep(RETRY_SECONDS)
                except Wrong as wrong:
                    next(iter(self._ledgers.values())).wrong[str(wrong)] += 1
                    await asyncio.sleep(SILENCE_SECONDS)
                finally:
                    self._hang_up()
        finally:
            self._hang_up()

    @property
    def has_all(self) -> bool:
        return all(self._at.get(code, 0) >= ledger.last_seq for code, ledger in self._ledgers.items())

    async def _follow_once(self) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            self._connection = await connect(self._port, self._on_event)
            answer = await self._connection.ask(request("GET", self._target, {**self._headers, **self._resume()}))
        if answer.status == AGAIN:
            raise TimeoutError
        if answer.status != 200:
            raise Wrong(f"answers of {answer.status} to a stream")
        loop = asyncio.get_running_loop()
        while not self._connection.ended.done() and loop.time() - self._connection.heard_at < SILENCE_SECONDS:
            await asyncio.wait([self._connection.ended], timeout=SILENCE_SECONDS / 4)

    def _resume(self) -> dict[str, str]:
        if not self._at:
            return {}
        if self._only:
            return {"Last-Event-ID": str(self._at[self._only])}
        return {"Last-Event-ID": ",".join(f"{code}={seq}" for code, seq in self._at.items())}

    def _on_event(self, raw: bytes) -> None:
        event = parse_event(raw)
        if event.name not in {"key", "message"}:
            return
        content = json.loads(event.data)
        code = self._only or content["code"]
        try:
            (self._keep_key if event.name == "key" else self._show)(code, content)
        except (KeyError, sealing.CannotOpen):
            self._ledgers[code].wrong["shown, but not to be opened"] += 1

    def _keep_key(self, code: str, content: dict[str, str]) -> None:
        self._keys[code, content["key_id"]] = sealing.open_sender_key(
            self._ledgers[code].conversation.seed,
            b64url_decode(content["sealed"]),
            code=code,
            author=content["author"],
            key_id=content["key_id"],
        )

    def _show(self, code: str, content: dict[str, str]) -> None:
        seq, author, client_id = int(content["seq"]), content["author"], content["client_id"]
        text = sealing.open_message(
            self._keys[code, content["key_id"]],
            b64url_decode(content["sealed"]),
            code=code,
            author=author,
            client_id=client_id,
        )
        self._ledgers[code].seen[self._name].append(Seen(seq, author, client_id, text))
        self._at[code] = seq

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def authors(ledgers: dict[str, Ledger], counsellor: Counsellor, port: int, chance: random.Random) -> list[Author]:
    """Both sides of each of one counsellor's conversations."""
    return [
        Author(ledgers[conversation.code], who, headers, port, chance)
        for conversation in counsellor.conversations
        for who, headers in (
            (contexts.HELP_SEEKER, conversation.headers),
            (contexts.COUNSELLOR, counsellor.headers),
        )
    ]


def readers(name: str, ledgers: dict[str, Ledger], counsellor: Counsellor, port: int) -> list[Reader]:
    """A stream for each help-seeker and one for the desk."""
    own = [ledgers[conversation.code] for conversation in counsellor.conversations]
    desk = Reader(f"{name} desk", own, "/live/desk", counsellor.headers, port)
    return [
        desk,
        *(
            Reader(f"{name} help-seeker", [ledger], f"/live/c/{code}/stream", conversation.headers, port)
            for ledger, conversation in zip(own, counsellor.conversations, strict=True)
            for code in [conversation.code]
        ),
    ]
