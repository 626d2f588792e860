"""`make bench-peers`: ours beside Prosody and Synapse, on this machine, in this run; one JSON object a line.

Each server runs alone with the same client process beside it. What differs, and cannot be made equal: ours has every
message on disk before it is shown; Synapse commits too; Prosody shows a message first and keeps it afterwards or never.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

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
    latency,
    throughput,
)

LATENCY_SECONDS = 20  # 1,000 messages at 50 a second
THROUGHPUT_SECONDS = 15
SLOW_RATE = 10  # where Synapse is not yet saturated on two small cores
IN_FLIGHT = (1, 4)  # Prosody acknowledges nothing, so it is given its better one of both

SignIn = Callable[[Delivered], AbstractAsyncContextManager[Wire]]


@dataclass(frozen=True)
class Result:
    latency: Latency
    throughput: Throughput
    slow: Latency | None = None


def main() -> None:
    prosody.install()
    synapse.install()
    us = _ours()
    _tell_all("helpline", us)
    kept, unkept, matrix = _prosody(is_archiving=True), _prosody(is_archiving=False), _synapse()
    _tell_all("prosody, keeping", kept)
    _tell_all("prosody, keeping nothing", unkept)
    _tell_all("synapse", matrix)
    for name, peer in (("prosody, keeping", kept), ("prosody, keeping nothing", unkept), ("synapse", matrix)):
        _tell(f"peers: p50 of ours to {name}", us.latency.p50_ms, "ms", peer.latency.p50_ms)
        _tell(f"peers: throughput of ours to {name}", us.throughput.per_second, "/s", peer.throughput.per_second)
    if us.slow and matrix.slow:
        _tell(f"peers: p50 of ours to synapse at {SLOW_RATE}/s", us.slow.p50_ms, "ms", matrix.slow.p50_ms)


def _ours() -> Result:
    with stage.database() as postgres:
        counsellors = stage.invent(postgres.url(), COUNSELLORS, CONVERSATIONS // COUNSELLORS)
        with stage.live(postgres.url()) as live:
            return _measure(lambda delivered: ours.signed_in(live.port, counsellors, delivered), is_slow_too=True)


def _prosody(*, is_archiving: bool) -> Result:
    results = []
    for in_flight in IN_FLIGHT:
        with prosody.serving(is_archiving=is_archiving) as port:
            results.append(_measure(lambda delivered: prosody.signed_in(port, delivered), in_flight=in_flight))
    return max(results, key=lambda result: result.throughput.per_second)


def _synapse() -> Result:
    with stage.database() as postgres, synapse.serving(postgres) as port:
        return _measure(lambda delivered: synapse.signed_in(port, delivered), is_slow_too=True)


def _measure(sign_in: SignIn, *, in_flight: int = 1, is_slow_too: bool = False) -> Result:
    async def run() -> Result:
        board = Board()
        async with sign_in(board.delivered) as wire:
            slow = await latency(wire, board, LATENCY_SECONDS / 2, SLOW_RATE) if is_slow_too else None
            quick = await latency(wire, board, LATENCY_SECONDS)
            return Result(quick, await throughput(wire, board, THROUGHPUT_SECONDS, in_flight), slow)

    return asyncio.run(run())


def _tell_all(name: str, result: Result) -> None:
    if result.slow:
        _tell(f"{name}: p50 at {SLOW_RATE}/s", result.slow.p50_ms, "ms")
    _tell(f"{name}: p50 at {RATE}/s", result.latency.p50_ms, "ms")
    _tell(f"{name}: p99 at {RATE}/s", result.latency.p99_ms, "ms")
    _tell(f"{name}: delivered, 128 senders", result.throughput.per_second, "/s")
    _tell(f"{name}: CPU of the measuring client", result.throughput.client_us, "µs/message")


def _tell(name: str, value: float, unit: str, reference: float | None = None) -> None:
    ratio = None if reference is None else round(value / reference, 3)
    reference = None if reference is None else round(reference, 2)
    line = {"name": name, "value": round(value, 2), "unit": unit, "reference": reference, "ratio": ratio}
    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
