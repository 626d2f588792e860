"""Attack 4: averaging. There is one draw of a month, however often its figures are made."""

import numpy as np

from helpline.publishing import protection
from tests.publishing.attacks.small import TINY
from tests.publishing.months import month


def test_a_hundred_makings_are_byte_identical() -> None:
    counts = month(TINY, 100)
    made = {protection.protect(TINY, counts, seed=bytes(32)).values.tobytes() for _ in range(100)}
    assert len(made) == 1


def test_control_the_mean_of_many_draws_fails() -> None:
    counts = month(TINY, 100)
    drawn = [protection.protect(TINY, counts, seed=bytes([number]) * 32).values for number in range(100)]
    guessed = np.rint(np.mean(drawn, axis=0))
    small = (counts >= 1) & (counts <= 2)
    assert small.any()
    assert not (drawn[0][small] == counts[small]).any()
    assert np.mean(guessed[small] == counts[small]) > 0.5
