"""Drawing posters: one A3, and every region in both languages and four formats, as documents. No database.

`python -m benchmarks.posters`, some twenty seconds; not part of `make bench`.
"""

import itertools
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
django.setup()

from benchmarks.results import Result, beside  # noqa: E402  # after setup
from helpline.content.posters.rendering import Format, Output, Ways, Wish, render  # noqa: E402  # after setup
from helpline.content.posters.words import BUILT_IN  # noqa: E402  # after setup
from helpline.lines.bilingual import Language  # noqa: E402  # after setup
from helpline.lines.regions import PLACES  # noqa: E402  # after setup

A3_SECONDS, ALL_SECONDS = 1, 60
TIMES = 9
FORMATS = (Format.A4, Format.A3, Format.CARD, Format.STRIPS)
WAYS = Ways(
    (("Safe to talk", "en"), ("Kōrero mai, ka ora", "mi")),
    "0800 044 334",
    "4334",
    "https://safetotalk.nz/",
    True,
    "111",
)
WISH = Wish(BUILT_IN[0], Format.A3, Language.ENGLISH)


def main() -> None:
    for result in _measured():
        print(result, flush=True)


def _measured() -> Iterator[Result]:
    yield beside("an A3 poster, the first of a process", _seconds(WISH, Output.SCREEN), "s", A3_SECONDS)
    for output in (Output.SCREEN, Output.PRINT, Output.PICTURE):
        # Another partner each time: nothing of the one before is used again.
        times = [_seconds(replace(WISH, partner=f"Partner {each}"), output) for each in range(TIMES)]
        yield beside(f"an A3 poster, {output}, median of {TIMES}", statistics.median(times), "s", A3_SECONDS)
    begun, spent = time.perf_counter(), time.process_time()
    wishes = list(itertools.product([code for code, _ in PLACES], Language, FORMATS))
    for region, language, shape in wishes:
        _seconds(replace(WISH, region=region, language=language, format=shape), Output.SCREEN)
    name = f"16 regions in 2 languages and 4 formats: {len(wishes)} documents"
    yield beside(name, time.perf_counter() - begun, "s", ALL_SECONDS)
    yield beside("… of processor time", time.process_time() - spent, "s", ALL_SECONDS)


def _seconds(wish: Wish, output: Output) -> float:
    begun = time.perf_counter()
    render(wish, WAYS, output, is_demonstration=False)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
