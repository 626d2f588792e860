"""How much a network asks: counted, and neither kept, stored nor logged.

An address becomes an HMAC under a key that this process made up and forgets after ten minutes, together with every
count. Whoever crowds is neither refused nor dropped. Who starts many chats waits for hands that are left over, and is
told so (`routing`: the last quarter of the hands on duty is kept from them). Who posts faster than a whole school
would is slowed down: asked to try again in a moment, which our pages do by themselves.
"""

import hmac
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

from helpline.web.network import network_of

PERIOD_SECONDS = 600
LOAD_SECONDS = 60  # `settings.PROOF_FROM` counts starts in as long
STARTS = 5  # in a period: a school or a refuge behind one address seldom starts more at once
MAX_NETWORKS = 100_000  # counted in one period: 15 MB; beyond that the count begins anew

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Pace:
    """So many posts of one network at once, and from then on so many a second."""

    name: str
    burst: int
    per_second: float


PUBLIC = Pace("public", 300, 5)  # sixty pupils behind one address start, answer, wait and leave in the same minute
BEGIN = Pace("begin", 30, 1)  # the last of those sixty waits half a minute; a flood takes no more than this
RETURN_CODES = Pace("return codes", 20, 0.2)  # mistyped now and then; each try without JavaScript costs 64 MiB
SUMMARIES = Pace("summaries", 30, 0.5)  # four words, mistyped now and then
STAFF = Pace("staff", 3_000, 50)  # 250 people in one office
SIGN_IN = Pace("sign-in", 500, 5)  # the same people as a shift begins; each name is slowed down besides
PORTAL = Pace("portal", 300, 5)  # everybody who keeps entries in one building
LINKS = Pace("links", 20, 0.2)  # a mail each, and codes that are typed: seldom more than one a day
POSTERS = Pace("posters", 60, 0.5)  # drawn, not handed out again: all of one page at once, then one in two seconds
COMMENTS = Pace("comments", 200, 0.2)  # sixty people at a hui, four sections each, twice for each: in half an hour
USEFUL = Pace("useful", 60, 0.2)  # a room full of people at one address, each a few answers
LEAVING = None  # nobody is held back who leaves


@dataclass
class _Bucket:
    left: float
    at: float


class Limiter:
    """Counts of one process. Several processes count apart, so each allows as many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: deque[float] = deque()  # when; nothing of whom
        self._forget(0)

    def is_crowding(self, network: bytes | None, now: float) -> bool:
        """Count one start; whether this network has had its share."""
        if network is None:
            return False
        with self._lock:
            name = self._name(network, now)
            self._starts[name] += 1
            return self._starts[name] > STARTS

    def is_under_load(self, network: bytes | None, now: float, limit: int) -> bool:
        """Count one start; whether so many begin, from everywhere together, that machines may be among them."""
        if network is None:
            return False
        with self._lock:
            self._recent.append(now)
            while self._recent[0] < now - LOAD_SECONDS or len(self._recent) > limit + 1:
                self._recent.popleft()
            return len(self._recent) > limit

    def wait_seconds(self, pace: Pace, network: bytes | None, now: float) -> float:
        """Count one post; 0 as a rule, else how long until the next would be in time."""
        if network is None:
            return 0.0
        with self._lock:
            key = (pace.name, self._name(network, now))
            bucket = self._buckets.setdefault(key, _Bucket(pace.burst, now))
            bucket.left = min(pace.burst, bucket.left + (now - bucket.at) * pace.per_second)
            bucket.at = now
            if bucket.left < 1:
                return (1 - bucket.left) / pace.per_second
            bucket.left -= 1
            return 0.0

    def _name(self, network: bytes, now: float) -> bytes:
        is_full = len(self._starts) + len(self._buckets) >= MAX_NETWORKS
        if now - self._began_at >= PERIOD_SECONDS or is_full:
            self._forget(now)
        return hmac.digest(self._key, network, "sha256")

    def _forget(self, now: float) -> None:
        self._key = secrets.token_bytes(32)
        self._starts: Counter[bytes] = Counter()
        self._buckets: dict[tuple[str, bytes], _Bucket] = {}
        self._began_at = now


_limiter = Limiter()


def is_crowding(request: HttpRequest) -> bool:
    """Count one start of a chat."""
    return _limiter.is_crowding(network_of(request), time.monotonic())


def is_under_load(request: HttpRequest) -> bool:
    """Count one start of a chat."""
    return _limiter.is_under_load(network_of(request), time.monotonic(), settings.PROOF_FROM)


def wait_seconds(request: HttpRequest, pace: Pace) -> float:
    """Count one post."""
    return _limiter.wait_seconds(pace, network_of(request), time.monotonic())


def paced(pace: Pace | None) -> Callable[[View], View]:
    """Give a view a pace other than its door's (`middleware.Limits`). Comes above the view's other decorators."""

    def decorate(view: View) -> View:
        view.pace = pace  # type: ignore[attr-defined]  # read by the middleware
        return view

    return decorate
