"""What `helpline carry` runs: every carrier's way kept open, and the outbox emptied through them.

One process beside site and live; several do no harm (outbox.py). Async, since a way waits nearly all of the time. What
touches the database runs in threads (threads.py), and what is of one kind goes there together.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from helpline.channels import closing, gateway, keeping, outbox
from helpline.channels.carriers import UNREACHABLE, KindUnknown, Refused, Way, carriers_on, chores, way_for
from helpline.channels.models import Carrier, Delivery
from helpline.channels.outbox import Claimed
from helpline.channels.threads import Together, all_or_each, close_connections, in_thread

log = logging.getLogger(__name__)

AT_ONCE: Final = 64  # messages that are being handed over at the same time
LOOK_SECONDS: Final = 0.25  # how soon something said is on its way
GATHER_SECONDS: Final = 0.02  # what is done by then makes room together
END_SECONDS: Final = 1.0  # an end waits for its last words, and its counsellor for the end
AWAY_SECONDS: Final = 1.0  # a database or key store that is away is asked again after this
CHORES_SECONDS: Final = 20.0  # carriers that were added or switched off, who is up, what has done its work
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # before a way that has failed is opened again
STEADY_SECONDS: Final = 60.0  # a way that was open for so long begins with the first pause again
SEND_SECONDS: Final = 60.0  # half of what a claim lasts


class Carrying:
    """Every way that is on, and the loop that empties the outbox."""

    def __init__(self) -> None:
        self._ways: dict[int, tuple[Carrier, Way, asyncio.Task[None]]] = {}
        self._handing: set[asyncio.Task[None]] = set()
        self._taken = Together(_write_down)

    async def run(self) -> None:
        """Until cancelled; what is being handed over then is finished first."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._again(self._chores, CHORES_SECONDS))
                group.create_task(self._again(self._empty, LOOK_SECONDS))
                group.create_task(self._again(_end, END_SECONDS))
        finally:
            await self._close()

    def is_up(self, name: str) -> bool:
        return any(carrier.name == name and way.is_up for carrier, way, _task in self._ways.values())

    async def _again(self, work: Callable[[], Coroutine[Any, Any, object]], seconds: float) -> None:
        while True:
            pause = seconds
            try:
                await work()
            except (OperationalError, InterfaceError):  # the key store's being away is one, too
                pause = AWAY_SECONDS
            await asyncio.sleep(pause)

    async def _chores(self) -> None:
        await self._follow(await in_thread(carriers_on))
        await in_thread(_note_up, [pk for pk, (_carrier, way, _task) in self._ways.items() if way.is_up])
        await in_thread(keeping.mend)
        await in_thread(gateway.turn_due)
        await in_thread(outbox.tidy)
        for chore in chores():
            try:
                await in_thread(chore)
            except Exception as error:  # noqa: BLE001  # a channel's own fault must not end the carrying of all others
                # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
                log.warning("A channel's chore has failed: %s.", type(error).__name__)

    async def _follow(self, wanted: list[Carrier]) -> None:
        """Open what is new, close what is off; whatever was changed is closed and opened anew."""
        now = {carrier.pk: carrier for carrier in wanted}
        for pk, (carrier, _way, task) in list(self._ways.items()):
            if pk not in now or _facts(now[pk]) != _facts(carrier) or task.done():
                await _cancel(task)
                del self._ways[pk]
        for pk, carrier in now.items():
            if pk in self._ways:
                continue
            try:
                way = await in_thread(way_for, carrier)
            except KindUnknown:
                # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
                log.warning("The carrier %s is of a kind that this system does not carry.", carrier.name)
                continue
            except ValueError as error:  # its options, which somebody has changed in the database
                # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
                log.warning("The carrier %s cannot be opened: %s.", carrier.name, type(error).__name__)
                continue
            self._ways[pk] = carrier, way, asyncio.create_task(_stay_open(carrier, way))

    async def _empty(self) -> None:
        """Take what there is room for; look again at once while there is more."""
        while room := AT_ONCE - len(self._handing):
            up = [pk for pk, (_carrier, way, _task) in self._ways.items() if way.is_up]
            claimed = await in_thread(outbox.claim, room, up) if up else []
            for each in claimed:
                task = asyncio.create_task(self._hand_over(each))
                self._handing.add(task)
                task.add_done_callback(self._handing.discard)
            if len(claimed) < room:
                return
            await asyncio.wait(self._handing, return_when=asyncio.FIRST_COMPLETED)
            if len(self._handing) > AT_ONCE // 2:  # one claim for many costs little more than one for one
                await asyncio.sleep(GATHER_SECONDS)

    async def _hand_over(self, claimed: Claimed) -> None:
        found = self._ways[claimed.carrier.pk][1]
        try:
            async with asyncio.timeout(SEND_SECONDS):
                ids = await found.send(claimed.to, claimed.text, claimed.outgoing)
        except Refused as no:
            said = partial(outbox.refused, claimed.delivery, no.word, is_final=no.is_final, retry_after=no.retry_after)
        except (OSError, TimeoutError):
            said = partial(outbox.refused, claimed.delivery, UNREACHABLE)
        except Exception:  # noqa: BLE001  # a way's own fault must not lose the message, nor its words to a log
            # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
            log.error("The way of the carrier %s has failed.", claimed.carrier.name)  # noqa: TRY400  # a traceback may hold words
            said = partial(outbox.refused, claimed.delivery, UNREACHABLE)
        else:
            await _until_said(partial(self._taken.do, (claimed.delivery, ids)))
            return
        await _until_said(partial(in_thread, said))

    async def _close(self) -> None:
        if self._handing:
            await asyncio.wait(self._handing, timeout=SEND_SECONDS)
        for _carrier, _way, task in self._ways.values():
            await _cancel(task)
        self._ways.clear()
        await close_connections()


async def _end() -> None:
    await in_thread(closing.step)


def _write_down(answers: Sequence[tuple[Delivery, list[str]]]) -> list[Exception | None]:
    return all_or_each(_acknowledge, answers)


def _acknowledge(answers: Sequence[tuple[Delivery, list[str]]]) -> list[None]:
    outbox.acknowledged_all(answers)
    return [None] * len(answers)


async def _until_said(said: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """What became of it must be written down: else it goes once more. Given up before the claim runs out."""
    until = time.monotonic() + SEND_SECONDS
    while time.monotonic() < until:
        with suppress(OperationalError, InterfaceError):
            await said()
            return
        await asyncio.sleep(AWAY_SECONDS)


async def _stay_open(carrier: Carrier, way: Way) -> None:
    pause = FIRST_PAUSE
    while True:
        began = time.monotonic()
        try:
            await way.open()
        except Exception as error:  # noqa: BLE001  # whatever it is, the way is opened again; its text may hold words
            # nosemgrep: word-logged  # noqa: ERA001  # a carrier's name or a class: no words
            log.warning("The way of the carrier %s is down: %s.", carrier.name, type(error).__name__)
        if time.monotonic() - began > STEADY_SECONDS:
            pause = FIRST_PAUSE
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _facts(carrier: Carrier) -> tuple[object, ...]:
    return carrier.kind, carrier.options, carrier.line_id, carrier.channel


def _note_up(pks: list[int]) -> None:
    """For `helpline check_system`, which says whose carrier is down."""
    Carrier.objects.filter(pk__in=pks).update(up_at=timezone.now())
