"""An open stream: what it follows and what waits to be sent. It holds no database connection, task or timer."""

import asyncio
from collections.abc import Callable

from helpline.live import events
from helpline.live.batches import PATIENCE_SECONDS, Busy
from helpline.live.database import Record
from helpline.live.permissions import Permission, Staff
from helpline.live.requests import STREAM_HEADERS, Connection, Send

MAX_WAITING = 500  # small events for a reader that takes nothing; messages wait in the database instead


class Follower:
    """One conversation in one stream, and how much of it the stream has been given."""

    __slots__ = ("after", "code", "is_dirty", "is_told", "others_seq", "standing", "stream")

    def __init__(self, stream: "Stream", code: str, after: int) -> None:
        self.stream = stream
        self.code = code
        self.after = after
        self.is_dirty = False  # there may be something to read
        self.is_told = False  # somebody said that the state has changed
        self.standing = ""
        self.others_seq = 0

    @property
    def label(self) -> str | None:
        """A desk's events say which conversation; a help-seeker has only one."""
        return self.code if isinstance(self.stream, Desk) else None

    def give(self, rows: list[Record]) -> None:
        """Send what one read found: messages, then how far the other side has received, then a change of state."""
        label, last = self.label, rows[-1]
        news = [events.message(row, label) for row in rows if row["seq"] is not None]
        self.after = min(last["seq"] or self.after, last["last_seq"])
        other = self.stream.permission.other
        others_seq = last[f"{other}_seq"]
        if others_seq != self.others_seq:
            self.others_seq = others_seq
            news.append(events.receipt(other, others_seq, label))
        if self.is_told or last["standing"] != self.standing:
            self.is_told, self.standing = False, last["standing"]
            news.append(events.state(label))
        if news:
            self.stream.push("".join(news))


class Stream:
    """A help-seeker's stream; its one conversation ends it."""

    __slots__ = (
        "_connection",
        "_is_ended",
        "_is_gone",
        "_is_sending",
        "_news",
        "_on_free",
        "_opening",
        "_stuck_at",
        "_turn",
        "_waiting",
        "followers",
        "permission",
    )

    def __init__(self, permission: Permission, on_free: "Callable[[Stream], None]") -> None:
        self.permission = permission
        self.followers: dict[str, Follower] = {}
        # Until the first read, which says whether there is anything for this reader; before it nothing is sent.
        self._opening: asyncio.Future[bool] | None = asyncio.get_running_loop().create_future()
        self._on_free = on_free
        self._waiting: list[str] = []
        self._news: asyncio.Future[None] | None = None
        self._connection: Connection | None = None
        self._is_sending = self._is_ended = self._is_gone = False
        self._turn = 0  # counts what was sent
        self._stuck_at = -1  # the turn that was under way at the last beat

    @property
    def is_busy(self) -> bool:
        """Something is still on its way: nothing more is read for this stream until it has left."""
        return self._is_sending or bool(self._waiting)

    async def is_known(self) -> bool:
        """Wait for the first read: whether there is such a conversation for this reader. Raises Busy."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return self._opening is None or await self._opening
        except TimeoutError:
            raise Busy from None

    def open(self, *, is_known: bool = True) -> None:
        """The first read has been done, or none is needed."""
        opening, self._opening = self._opening, None
        if opening and not opening.done():
            opening.set_result(is_known)

    def push(self, text: str) -> None:
        if self._opening:
            return
        if len(self._waiting) >= MAX_WAITING:
            self.drop()
        else:
            self._waiting.append(text)
            self._wake()

    def push_once(self, text: str) -> None:
        """For a hint that says nothing new when it waits already."""
        if text not in self._waiting:
            self.push(text)

    def lose(self, follower: Follower) -> None:
        """The permission is gone: say so, and stop."""
        if self._opening:
            self.open(is_known=False)
        else:
            self.push(events.state(follower.label))
            self.end()

    def end(self) -> None:
        """Send what waits, then close."""
        self._is_ended = True
        self._wake()

    def drop(self) -> None:
        """Give up on a reader that takes nothing; it comes back with the last id it has."""
        if self._connection:
            self._connection.abort()

    def beat(self) -> None:
        """Every 25 s: a sign of life, unless the reader is still busy with what the beat before found under way."""
        if not self.is_busy:
            self.push(events.HEARTBEAT)
        elif self._stuck_at == self._turn:
            self.drop()
        else:
            self._stuck_at = self._turn

    async def run(self, connection: Connection, send: Send) -> None:
        """Send until the end, or until the reader has gone."""
        self._connection, self._is_gone = connection, connection.is_lost
        connection.on_lost = self._leave
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        while not self._is_gone:
            if self._waiting:
                await self._send_waiting(send)
            elif self._is_ended:
                await send({"type": "http.response.body", "body": b""})
                return
            else:
                self._news = asyncio.get_running_loop().create_future()
                await self._news

    async def _send_waiting(self, send: Send) -> None:
        body = "".join(self._waiting).encode()
        self._waiting.clear()
        self._is_sending = True
        await send({"type": "http.response.body", "body": body, "more_body": True})
        self._is_sending = False
        self._turn += 1
        self._on_free(self)

    def _leave(self) -> None:
        self._is_gone = True
        self._wake()

    def _wake(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)


class Desk(Stream):
    """The stream of a member of staff: all the conversations they hold."""

    __slots__ = ("afters", "staff")

    def __init__(self, staff: Staff, afters: dict[str, int], on_free: Callable[[Stream], None]) -> None:
        super().__init__(Permission(user_id=staff.user_id), on_free)
        self.open()
        self.staff = staff
        self.afters = afters  # what the browser has already, used once for each conversation

    def lose(self, follower: Follower) -> None:
        """Handed over, or ended: this conversation is no longer theirs to follow; the others are."""
        self.followers.pop(follower.code, None)
        self.push(events.state(follower.code))


class Wall(Stream):
    """The stream of a screen that shows how the lines stand: of no conversation, and nobody's desk."""

    __slots__ = ("staff",)

    def __init__(self, staff: Staff, on_free: Callable[[Stream], None]) -> None:
        super().__init__(Permission(user_id=staff.user_id), on_free)
        self.open()
        self.staff = staff
