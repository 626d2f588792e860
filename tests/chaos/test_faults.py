"""What faults a run of chaos deals, and how often."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.chaos.faults import NETWORK, PROCESS, Deck


@given(st.integers(), st.sampled_from([NETWORK, PROCESS]))
def test_every_kind_comes_once_before_any_comes_again_and_each_as_often_as_its_weight_says(
    seed: int, kinds: dict[str, int]
) -> None:
    deck = Deck(kinds, random.Random(seed))
    dealt = [deck.deal() for _ in range(sum(kinds.values()))]
    assert set(dealt[: len(kinds)]) == set(kinds)
    assert Counter(dealt) == kinds


def test_what_could_not_be_done_comes_again_after_the_next_one() -> None:
    deck = Deck(NETWORK, random.Random(7))
    refused = deck.deal()
    deck.put_back(refused)
    assert deck.deal() != refused
    assert deck.deal() == refused
