"""Attack 5: percentages. True ones, even beside rounded counts, say nearly everything."""

import numpy as np

from helpline.publishing.attacker import kit
from helpline.publishing.attacker.knowledge import rounded
from helpline.publishing.attacker.methods import percentages, rounded_alone
from helpline.publishing.attacker.shares import narrowed_by_shares
from helpline.publishing.attacker.system import one
from helpline.publishing.programme import MONTHLY
from tests.publishing.months import month


def test_control_true_percentages_at_one_decimal_fail() -> None:
    counts = month(MONTHLY, 3000)
    system = one(MONTHLY, rounded(rounded_alone(counts, 1)))
    narrower = narrowed_by_shares(MONTHLY, system, percentages(MONTHLY, counts))
    assert narrower.allows(counts)
    assert np.mean(narrower.lowest == narrower.highest) > 0.7


def test_control_the_kit_shows_it() -> None:
    method = next(method for method in kit.OTHERS if method.with_shares)
    found = kit.result(method, MONTHLY, month(MONTHLY, 300), seed=1)
    assert found.score.determined > found.score.small / 2
