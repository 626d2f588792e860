"""`make bench-peers`: ours beside Prosody and Synapse, on this machine, in this run; one JSON object a line.

Each server runs alone with the same client process beside it; ours and Prosody twice, in turns, and the better of each
number counts, since somebody else may use the machine. What differs, and cannot be made equal: ours has every
message on disk before it is shown; Synapse commits too; Prosody shows a message first and keeps it afterwards or never.
"""

import json
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import uvloop

from benchmarks import stage
from benchmarks.peers import ours, prosody, synapse
from benchmarks.peers.measure import (
    CONVERSATIONS,
    COUNSELLORS,
    RATE,
    Board,
    Delivered,
    Latency,
    Throughput,
    Wire,
    bare_commit_ms,
    latency,
    throughput,
)

LATENCY_SECONDS = 15  # 750 messages at 50 a second
THROUGHPUT_SECONDS = 10
SLOW_RATE = 10  # where Synapse is not yet saturated on two small cores

SignIn = Callable[[Delivered], AbstractAsyncContextManager[Wire]]


@dataclass(frozen=True)
class Result:
    latency: Latency
    throughput: Throughput
    slow: Latency | None = None


def main() -> None:
    prosody.install()
    synapse.install()
    _tell("load of the machine before (0 is quiet, 2 is both cores busy)", os.getloadavg()[0], "processes")
    measured = [_once() for _ in range(2)]
    everyone = {name: _better(*(once[name] for once in measured)) for name in measured[0]}
    everyone["synapse"] = _synapse()
    us = everyone["helpline"]
    for name, result in everyone.items():
        _tell_all(name, result)
    for name, peer in everyone.items():
        if peer is not us:
            _compare(name, us, peer)


def _once() -> dict[str, Result]:
    return {
        "helpline": _ours(),
        "prosody, rooms": _prosody(prosody.in_rooms, is_keeping=True),
        "prosody, chats kept": _prosody(prosody.in_chats, is_keeping=True),
        "prosody, chats not kept": _prosody(prosody.in_chats, is_keeping=False),
    }


def _better(one: Result, other: Result) -> Result:
    return Result(
        latency=min(one.latency, other.latency, key=lambda each: each.p50_ms),
        throughput=max(one.throughput, other.throughput, key=lambda each: each.per_second),
        slow=min(filter(None, (one.slow, other.slow)), key=lambda each: each.p50_ms, default=None),
    )


def _compare(name: str, us: Result, peer: Result) -> None:
    _tell(f"ours beside {name}: p50 at {RATE}/s", us.latency.p50_ms, "ms", peer.latency.p50_ms)
    _tell(f"ours beside {name}: delivered", us.throughput.per_second, "/s", peer.throughput.per_second)
    if us.slow and peer.slow:
        _tell(f"ours beside {name}: p50 at {SLOW_RATE}/s", us.slow.p50_ms, "ms", peer.slow.p50_ms)


def _ours() -> Result:
    with stage.database() as postgres:
        counsellors = stage.invent(postgres.url(), COUNSELLORS, CONVERSATIONS // COUNSELLORS)
        _tell("one bare commit on this disk: p50", bare_commit_ms(postgres.url()), "ms")
        with stage.live(postgres.url()) as live:
            return _measure(lambda delivered: ours.signed_in(live.port, counsellors, delivered), is_slow_too=True)


def _prosody(sign_in: Callable[[int, Delivered], AbstractAsyncContextManager[Wire]], *, is_keeping: bool) -> Result:
    with prosody.serving(is_keeping=is_keeping) as port:
        return _measure(lambda delivered: sign_in(port, delivered))


def _synapse() -> Result:
    with stage.database() as postgres, synapse.serving(postgres) as port:
        return _measure(lambda delivered: synapse.signed_in(port, delivered), is_slow_too=True)


def _measure(sign_in: SignIn, *, is_slow_too: bool = False) -> Result:
    async def run() -> Result:
        board = Board()
        async with sign_in(board.delivered) as wire:
            slow = await latency(wire, board, LATENCY_SECONDS / 2, SLOW_RATE) if is_slow_too else None
            quick = await latency(wire, board, LATENCY_SECONDS)
            return Result(quick, await throughput(wire, board, THROUGHPUT_SECONDS), slow)

    return uvloop.run(run())


def _tell_all(name: str, result: Result) -> None:
    if result.slow:
        _tell(f"{name}: p50 at {SLOW_RATE}/s", result.slow.p50_ms, "ms")
    _tell(f"{name}: p50 at {RATE}/s", result.latency.p50_ms, "ms")
    _tell(f"{name}: p99 at {RATE}/s", result.latency.p99_ms, "ms")
    _tell(f"{name}: delivered, 128 senders", result.throughput.per_second, "/s")
    _tell(f"{name}: CPU of the measuring client", result.throughput.client_us, "µs/message")


def _tell(name: str, value: float, unit: str, reference: float | None = None) -> None:
    ratio = None if reference is None else round(value / reference, 4)
    reference = None if reference is None else round(reference, 2)
    line = {"name": name, "value": round(value, 2), "unit": unit, "reference": reference, "ratio": ratio}
    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
