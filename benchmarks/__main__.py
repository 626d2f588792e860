"""`make bench`: starts what it needs, measures, and prints one JSON object a line; everything it made goes away."""

from collections.abc import Callable, Iterator

from benchmarks.assigning import assigning
from benchmarks.board import boards
from benchmarks.counting import counting_a_month
from benchmarks.desk import fetching, opening
from benchmarks.ground import Ground, ground
from benchmarks.idle import idle_streams
from benchmarks.matching import deciding
from benchmarks.messages import saturation, trickle
from benchmarks.results import Result

BENCHMARKS: list[Callable[[Ground], Iterator[Result]]] = [
    trickle,
    saturation,
    idle_streams,
    fetching,
    opening,
    deciding,
    assigning,
    boards,
    counting_a_month,
]


def main() -> None:
    with ground() as prepared:
        for benchmark in BENCHMARKS:
            for result in benchmark(prepared):
                print(result, flush=True)


if __name__ == "__main__":
    main()
