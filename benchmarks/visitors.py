"""Strangers who read pages, in a process of their own: so many a second whatever becomes of those before, each on a
connection of their own. Told by one JSON line on stdin; at the end prints one with what they saw.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress

import uvloop

PATIENCE_SECONDS = 10


class Seen:
    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self.wrong: dict[str, int] = {}

    def note(self, began: float, first: bytes) -> None:
        if first.startswith(b"HTTP/1.1 200"):
            self.milliseconds.append(1000 * (time.perf_counter() - began))
        else:
            what = first.decode(errors="replace").strip() or "nothing came"
            self.wrong[what] = self.wrong.get(what, 0) + 1


async def read_page(port: int, path: str, seen: Seen) -> None:
    began, first = time.perf_counter(), b""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode()
            )
            answer = await reader.read()  # to its end
            writer.close()
            first = answer.partition(b"\r\n")[0]
    seen.note(began, first)


async def main() -> None:
    told = json.loads(sys.stdin.readline())
    seen, reading = Seen(), set()
    begun, count = time.perf_counter(), int(told["rate"] * told["seconds"])
    for place in range(count):
        await asyncio.sleep(max(0.0, begun + place / told["rate"] - time.perf_counter()))
        path = told["paths"][place % len(told["paths"])]
        task = asyncio.create_task(read_page(told["port"], path, seen))
        reading.add(task)
        task.add_done_callback(reading.discard)
    if reading:
        await asyncio.wait(reading)
    seen.milliseconds.sort()
    quick = seen.milliseconds or [0.0]
    print(
        json.dumps(
            {
                "asked": count,
                "seconds": time.perf_counter() - begun,
                "wrong": seen.wrong,
                "p50": quick[len(quick) // 2],
                "p99": quick[int(len(quick) * 0.99)],
            }
        )
    )


if __name__ == "__main__":
    uvloop.run(main())
