"""Where what is synchronous runs in `helpline carry`: a few threads, each with a connection to the database.

What costs most is not the work but asking and committing, and the threads share one core. So what is of one kind is
gathered while others are at work, and goes through together, in the order in which it came. Nobody waits for a number
to be full: whoever comes alone goes at once.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Final, Generic, ParamSpec, TypeVar

from django.db import close_old_connections, connections
from django.db.utils import InterfaceError, OperationalError

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

THREADS: Final = 4
TOGETHER: Final = 100  # more at once would save nothing more, and hold their rows for longer
CLOSE_SECONDS: Final = 10.0  # a thread that is still at work by then keeps its connection

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="carry")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what is synchronous and asks the database, as all of the ground is; it raises whatever that raises."""
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(_fresh, work, *args, **kwargs))


class Together(Generic[T, R]):
    """Work of one kind. `work` is given all that has come meanwhile, and says of each what came of it."""

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R | Exception]]) -> None:
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._working: asyncio.Task[None] | None = None

    async def do(self, item: T) -> R:
        """Raises what came of this one, or of everything. Cancelled before its turn it is not done at all."""
        outcome: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work_on())
        return await outcome

    async def _work_on(self) -> None:
        while some := self._next():
            try:
                found = await in_thread(self._work, [item for item, _outcome in some])
            except Exception as error:  # noqa: BLE001  # whatever it is, each of them is told
                found = [error] * len(some)
            for (_item, outcome), result in zip(some, found, strict=True):
                _tell(outcome, result)

    def _next(self) -> list[tuple[T, asyncio.Future[R]]]:
        there = [(item, outcome) for item, outcome in self._waiting if not outcome.done()]
        self._waiting = there[TOGETHER:]
        return there[:TOGETHER]


def all_or_each(work: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T]) -> list[R | Exception]:
    """`work` does all or raises and has done none; then each is tried alone, so that one that fails harms no other.

    Where the database or the key store is away, none of the rest is tried.
    """
    if len(items) > 1:
        try:
            return list(work(items))
        except (OperationalError, InterfaceError):  # it may have been a lock
            connections.close_all()
        except Exception:  # noqa: BLE001, S110  # nosec B110  # it says nothing of whose it is: that shows below
            pass
    found: list[R | Exception] = []
    for item in items:
        try:
            found += work([item])
        except (OperationalError, InterfaceError) as away:
            connections.close_all()
            return found + [away] * (len(items) - len(found))
        except Exception as error:  # noqa: BLE001  # this one's own
            found.append(error)
    return found


def in_turns(people: Sequence[Hashable]) -> list[list[int]]:
    """Places in a sequence of who has written: the first of everybody, then the second of whoever has one, and so on.

    In a turn nobody is twice, and what somebody has written stays in its order.
    """
    turns: list[list[int]] = []
    met: Counter[Hashable] = Counter()
    for place, who in enumerate(people):
        if met[who] == len(turns):
            turns.append([])
        turns[met[who]].append(place)
        met[who] += 1
    return turns


async def close_connections() -> None:
    """Each thread gives its own back."""
    everybody = threading.Barrier(THREADS)
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(_threads, _close, everybody) for _ in range(THREADS)))


def _tell(outcome: "asyncio.Future[R]", result: R | Exception) -> None:
    if outcome.done():  # cancelled meanwhile
        return
    if isinstance(result, Exception):
        outcome.set_exception(result)
    else:
        outcome.set_result(result)


def _fresh(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError):
        connections.close_all()
        raise


def _close(everybody: threading.Barrier) -> None:
    connections.close_all()
    with suppress(threading.BrokenBarrierError):
        everybody.wait(CLOSE_SECONDS)
