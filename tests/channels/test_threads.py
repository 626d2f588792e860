"""What is of one kind goes through together, in its order, and what fails harms no other."""

import asyncio
from collections.abc import Callable, Sequence

from django.db.utils import OperationalError
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.channels.threads import TOGETHER, Together, all_or_each, close_connections, in_turns


def gather(work: Callable[[Sequence[int]], Sequence[object]], items: Sequence[int]) -> list[object]:
    async def run() -> list[object]:
        together: Together[int, object] = Together(work)
        found = await asyncio.gather(*map(together.do, items), return_exceptions=True)
        await close_connections()
        return list(found)

    return asyncio.run(run())


def test_what_comes_while_others_are_at_work_goes_together_in_its_order() -> None:
    seen: list[list[int]] = []

    def work(some: Sequence[int]) -> list[object]:
        seen.append(list(some))
        return [each * 2 if each % 7 else LookupError() for each in some]

    found = gather(work, range(1, 2 * TOGETHER))
    assert [each for some in seen for each in some] == list(range(1, 2 * TOGETHER))
    assert max(map(len, seen)) <= TOGETHER
    assert len(seen) == 2
    assert [isinstance(each, LookupError) for each in found] == [not each % 7 for each in range(1, 2 * TOGETHER)]


def test_a_fault_of_the_work_itself_is_told_to_each_and_ends_nothing() -> None:
    def work(some: Sequence[int]) -> list[object]:
        raise ValueError(len(some))

    assert [type(each) for each in gather(work, [1, 2, 3])] == [ValueError] * 3


def test_whoever_has_left_before_their_turn_is_left_out() -> None:
    done: list[int] = []

    def work(some: Sequence[int]) -> list[int]:
        done.extend(some)
        return list(some)

    async def run() -> None:
        together: Together[int, int] = Together(work)
        first, second = (asyncio.create_task(together.do(number)) for number in (1, 2))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.wait([first, second])
        await together.do(3)
        await close_connections()

    asyncio.run(run())
    assert done == [1, 3]


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abcd"), max_size=30))
def test_in_a_turn_nobody_is_twice_and_everybody_keeps_their_order(people: list[str]) -> None:
    turns = in_turns(people)
    assert sorted(place for turn in turns for place in turn) == list(range(len(people)))
    for turn in turns:
        assert len({people[place] for place in turn}) == len(turn)
    for who in set(people):
        places = [place for turn in turns for place in turn if people[place] == who]
        assert places == sorted(places)


@settings(max_examples=50)
@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9), max_size=1))
def test_all_or_each_tries_no_more_where_the_database_is_away(wrong: set[int], away: set[int]) -> None:
    kept: list[int] = []

    def work(some: Sequence[int]) -> list[int]:
        if away & set(some):
            raise OperationalError
        if wrong & set(some):
            raise ValueError
        kept.extend(some)
        return list(some)

    found = all_or_each(work, range(10))
    first = min(away, default=10)
    told = [each for each in found[:first] if not isinstance(each, Exception)]
    assert told == kept == [each for each in range(first) if each not in wrong]
    assert [type(each) for each in found[first:]] == [OperationalError] * (10 - first)
