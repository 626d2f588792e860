"""Attack 8: a person counts in each of their ethnicities and needs. That they overlap as people do is known, too."""

from helpline.publishing.attacker import kit
from helpline.publishing.attacker.attack import Findings, attack, score
from helpline.publishing.attacker.knowledge import Counts, rounded
from helpline.publishing.attacker.methods import rounded_alone
from helpline.publishing.attacker.system import Row, System, one, tie
from tests.publishing.attacks.small import SMALL
from tests.publishing.months import month


def attacked(published: Counts, *, with_overlaps: bool) -> Findings:
    system = one(SMALL, rounded(published))
    if not with_overlaps:
        sums = tie(Row((each.whole,), each.parts) for each in SMALL.sums)
        system = System(system.lowest, system.highest, sums)
    return attack(system)


def test_ours_withstands_with_overlaps_known() -> None:
    assert SMALL.overlaps
    for seed in range(3):
        found = kit.result(kit.OURS, SMALL, month(SMALL, 40, seed), seed)
        assert found.score.small
        assert found.score.withstood


def test_control_independent_rounding_loses_more_where_overlaps_are_known() -> None:
    known, unknown = 0, 0
    for seed in range(6):
        counts = month(SMALL, 40, seed)
        published = rounded_alone(counts, seed)
        with_them, without = (score(attacked(published, with_overlaps=each), counts) for each in (True, False))
        known += with_them.proved + with_them.zeros_proved
        unknown += without.proved + without.zeros_proved
    assert known > unknown
