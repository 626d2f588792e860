"""Who follows what. Names come in, one read answers everybody they woke, and each stream gets what is new to it."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, cycle, groupby
from operator import itemgetter
from typing import TypeVar

from helpline.live import events
from helpline.live.batches import RETRY_SECONDS, Busy
from helpline.live.database import DatabaseAway, Link, Record
from helpline.live.permissions import Permission, Sessions, Staff
from helpline.live.streams import Desk, Follower, Stream, Wall
from helpline.vault.codes import CODE_LENGTH

MAX_STREAMS = 20_000  # of one process: 240 MB
MAX_EACH = 16  # streams of one reader at once; beyond that the oldest ends (it may be a connection that died unnoticed)
MAX_READ = 256  # followers in one read
MAX_MESSAGES = 32  # of one conversation in one read; the rest follows once these have been sent
BEAT_SECONDS = 25  # phone networks drop connections that are idle for 30 s
BEAT = ""  # what a listener hears when it should look for itself: every 25 s, and when names may have been lost
STOP = "."  # the last thing that a listener hears
_READ = "SELECT * FROM conversations_read($1::text[], $2::integer[], $3::bytea[], $4::bigint[], $5)"
_DESKS = "SELECT user_id, code FROM conversations_desk($1::bigint[])"

T = TypeVar("T")


class Listener:
    """For a page that renders by itself: the names heard since it last asked."""

    def __init__(self) -> None:
        self._heard: dict[str, None] = {}
        self._news = asyncio.Event()

    def hear(self, name: str) -> None:
        self._heard[name] = None
        self._news.set()

    async def names(self) -> list[str]:
        """Wait for news and return the names, oldest first; BEAT and STOP are among them."""
        await self._news.wait()
        self._news.clear()
        heard, self._heard = list(self._heard), {}
        return heard


class Hub:
    """All open streams of this process."""

    def __init__(self, link: Link, sessions: Sessions) -> None:
        self._link = link
        self._sessions = sessions
        self._streams: dict[Stream, int] = {}  # and in whose share of the heartbeats
        self._shares: list[dict[Stream | Listener, None]] = [{} for _ in range(BEAT_SECONDS)]
        self._turns = cycle(range(BEAT_SECONDS))
        self._followers: defaultdict[str, list[Follower]] = defaultdict(list)
        self._desks: defaultdict[str, list[Desk]] = defaultdict(list)
        self._walls: defaultdict[str, list[Wall]] = defaultdict(list)
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._ready: deque[Follower] = deque()
        self._stale: dict[Desk | Wall, None] = {}
        self._news = asyncio.Event()

    def __len__(self) -> int:
        return len(self._streams)

    # Names in

    def hear(self, name: str) -> None:
        """One name of the wake-up bus, from here or from another process."""
        kind, _, rest = name.partition(":")
        if kind == "q":
            for desk in chain.from_iterable(self._desks.values()):
                desk.push_once(events.QUEUE)
            for wall in chain.from_iterable(self._walls.values()):
                wall.push_once(events.QUEUE)
            self._tell_listeners(name)
        elif kind == "u":
            for desk in self._desks.get(rest, ()):
                self._refresh(desk)
                desk.push_once(events.DESK)
        else:
            self._hear_of_conversation(kind, rest[:CODE_LENGTH], rest[CODE_LENGTH + 1 :], name)

    def miss(self) -> None:
        """Names may have been lost: look at everything."""
        for stream in self._streams:
            self._look_at(stream)
        self._tell_listeners(BEAT)

    def _tell_listeners(self, name: str) -> None:
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.hear(name)

    def _hear_of_conversation(self, kind: str, code: str, detail: str, name: str) -> None:
        for follower in self._followers.get(code, ()):
            if kind == "c":
                self._mark(follower)
            elif kind == "s":
                follower.is_told = True
                self._mark(follower)
            elif kind == "t":
                _tell_typing(follower, detail)
        for listener in self._listeners.get(code, ()):
            listener.hear(name)

    def _look_at(self, stream: Stream) -> None:
        for follower in stream.followers.values():
            self._mark(follower)
        if isinstance(stream, Desk | Wall):
            self._refresh(stream)

    def _refresh(self, stream: Desk | Wall) -> None:
        self._stale[stream] = None
        self._news.set()

    def _mark(self, follower: Follower) -> None:
        if not follower.is_dirty:
            follower.is_dirty = True
            if not follower.stream.is_busy:
                self._ready.append(follower)
                self._news.set()

    def _on_free(self, stream: Stream) -> None:
        """A stream has sent what it had: what was marked meanwhile can be read."""
        for follower in stream.followers.values():
            if follower.is_dirty:
                self._ready.append(follower)
                self._news.set()

    # Streams come and go

    def follow(self, code: str, permission: Permission, after: int) -> Stream:
        """Begin a help-seeker's stream; `forget` it at the end. Raises Busy."""
        stream = Stream(permission, self._on_free)
        self._register(stream)
        _make_room([each.stream for each in self._followers.get(code, ()) if each.stream.permission == permission])
        self._add_follower(stream, code, after)
        return stream

    def open_desk(self, staff: Staff, afters: dict[str, int]) -> Desk:
        """Begin the stream of a member of staff; `forget` it at the end. Raises Busy."""
        desk = Desk(staff, afters, self._on_free)
        self._register(desk)
        _make_room(self._desks[staff.code])
        self._desks[staff.code].append(desk)
        desk.push(events.DESK)
        desk.push(events.QUEUE)
        self._refresh(desk)
        return desk

    def open_wall(self, staff: Staff) -> Wall:
        """Begin a stream that hears of the queue alone, and is no sign that anybody is at a desk. Raises Busy."""
        wall = Wall(staff, self._on_free)
        self._register(wall)
        _make_room(self._walls[staff.code])
        self._walls[staff.code].append(wall)
        wall.push(events.QUEUE)
        return wall

    def forget(self, stream: Stream) -> None:
        del self._shares[self._streams.pop(stream)][stream]
        for follower in list(stream.followers.values()):
            self._drop_follower(follower)
        if isinstance(stream, Desk):
            _remove(self._desks, stream.staff.code, stream)
        elif isinstance(stream, Wall):
            _remove(self._walls, stream.staff.code, stream)

    @contextmanager
    def listen(self, codes: Collection[str]) -> Iterator[Listener]:
        """Hear every name about these conversations, changes of the queue, and the heartbeat."""
        listener = Listener()
        share = self._shares[next(self._turns)]
        share[listener] = None
        for code in codes:
            self._listeners[code].append(listener)
        try:
            yield listener
        finally:
            del share[listener]
            for code in codes:
                _remove(self._listeners, code, listener)

    def close(self) -> None:
        """End every stream; their readers go on at another process, or here when it is back."""
        for stream in self._streams:
            stream.end()
        self._tell_listeners(STOP)

    def standing_of(self, code: str, permission: Permission) -> str | None:
        """The standing of a conversation that an open stream of this reader follows; None without one."""
        for follower in self._followers.get(code, ()):
            if follower.stream.permission == permission and follower.standing:
                return follower.standing
        return None

    def user_ids_of_desks(self) -> list[int]:
        return [desks[0].staff.user_id for desks in self._desks.values()]

    def codes_of_help_seekers(self) -> list[str]:
        """Whose page is open here, with JavaScript or without."""
        following = [code for stream in self._streams if not isinstance(stream, Desk) for code in stream.followers]
        return [*following, *self._listeners]

    def _register(self, stream: Stream) -> None:
        if len(self._streams) >= MAX_STREAMS:
            raise Busy
        turn = self._streams[stream] = next(self._turns)
        self._shares[turn][stream] = None

    def _add_follower(self, stream: Stream, code: str, after: int) -> None:
        follower = stream.followers[code] = Follower(stream, code, after)
        self._followers[code].append(follower)
        self._mark(follower)

    def _drop_follower(self, follower: Follower) -> None:
        follower.stream.followers.pop(follower.code, None)
        _remove(self._followers, follower.code, follower)

    # Reading

    async def run(self) -> None:
        """Read for everyone who was woken; while one read is under way the next ones gather."""
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._refresh_desks()
                await self._read_ready()
            except DatabaseAway:
                await asyncio.sleep(RETRY_SECONDS)
                self._news.set()

    async def keep_beating(self) -> None:
        """A sign of life to each stream every 25 s, a share of them each second."""
        for share in cycle(range(BEAT_SECONDS)):
            await asyncio.sleep(1)
            self.beat(share)

    def beat(self, share: int) -> None:
        """Each stream also reads again: that heals a lost name."""
        for one in list(self._shares[share]):
            if isinstance(one, Listener):
                one.hear(BEAT)
            else:
                one.beat()
                self._look_at(one)

    async def _read_ready(self) -> None:
        while batch := self._take():
            try:
                rows = await self._link.fetch(
                    _READ,
                    [follower.code for follower in batch],
                    [follower.after for follower in batch],
                    [follower.stream.permission.capability_hash for follower in batch],
                    [follower.stream.permission.user_id for follower in batch],
                    MAX_MESSAGES,
                )
            except DatabaseAway:
                for follower in batch:
                    self._mark(follower)
                raise
            self._give(batch, rows)

    def _take(self) -> list[Follower]:
        """Who is to be read for now. One that is still sending waits: the database is its queue."""
        batch: list[Follower] = []
        while self._ready and len(batch) < MAX_READ:
            follower = self._ready.popleft()
            if follower.is_dirty and not follower.stream.is_busy:
                follower.is_dirty = False
                batch.append(follower)
        return batch

    def _give(self, batch: list[Follower], rows: list[Record]) -> None:
        found = {place: list(group) for place, group in groupby(rows, key=itemgetter("place"))}
        for place, follower in enumerate(batch, start=1):
            stream = follower.stream
            if stream.followers.get(follower.code) is not follower:
                continue  # gone meanwhile
            if place not in found:
                stream.lose(follower)
                self._drop_follower(follower)
                continue
            stream.open()
            follower.give(found[place])
            if len(found[place]) == MAX_MESSAGES:
                self._mark(follower)
            elif found[place][-1]["state"] == "closed" and isinstance(stream, Desk):
                self._drop_follower(follower)

    async def _refresh_desks(self) -> None:
        """Who is still signed in, and which conversations they hold now."""
        stale, self._stale = self._stale, {}
        if not stale:
            return
        try:
            sessions = await self._sessions.look_up({each.staff.session_key for each in stale})
            rows = await self._link.fetch(_DESKS, list({each.staff.user_id for each in stale}))
        except DatabaseAway:
            self._stale.update(stale)
            raise
        for each in stale:
            if each.staff.session_key not in sessions:
                each.end()
            if isinstance(each, Desk):
                self._follow_held(each, [row["code"] for row in rows if row["user_id"] == each.staff.user_id])

    def _follow_held(self, desk: Desk, codes: list[str]) -> None:
        for code in codes:
            if code not in desk.followers and desk in self._streams:
                self._add_follower(desk, code, desk.afters.pop(code, 0))
        for follower in desk.followers.values():
            self._mark(follower)


def _tell_typing(follower: Follower, detail: str) -> None:
    author, _, is_on = detail.partition(":")
    if author != follower.stream.permission.author:
        follower.stream.push_once(events.typing(author, is_on, follower.label))


def _make_room(streams: "Sequence[Stream]") -> None:
    for oldest in streams[: max(0, len(streams) - MAX_EACH + 1)]:
        oldest.end()


def _remove(table: "dict[str, list[T]]", key: str, value: T) -> None:
    table[key].remove(value)
    if not table[key]:
        del table[key]
