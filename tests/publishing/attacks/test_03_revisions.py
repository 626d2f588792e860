"""Attack 3: revisions. What is published once is published for good (the database holds that: tests of releases)."""

import numpy as np

from helpline.publishing import dimensions as by
from helpline.publishing import protection
from helpline.publishing.attacker.knowledge import Counts
from tests.publishing.attacks.small import TINY
from tests.publishing.months import month

SEEDS = [bytes([number]) * 32 for number in range(12)]
LATE = {by.CHANNEL: by.CHANNEL.codes[1], by.AGE: "25-34", by.RETURNING: "first", by.ETHNICITY: "pacific"}


def late_contact() -> Counts:
    """Where one more person counts: the cells of all their codes."""
    return np.array(
        [
            cell.codes == tuple(LATE[dimension] for dimension in table.dimensions)
            for table in TINY.closed
            for cell in table.cells()
        ],
        np.int64,
    )


def test_a_rebuild_changes_nothing() -> None:
    counts = month(TINY, 100)
    first, again = (protection.protect(TINY, counts, seed=SEEDS[1]).values for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_control_publishing_anew_after_a_late_contact_fails() -> None:
    """A figure in which the late contact counts changes many times oftener than another: so it says who that was."""
    counts, late = month(TINY, 100), late_contact()
    changed = [
        protection.protect(TINY, counts, seed=seed).values != protection.protect(TINY, counts + late, seed=seed).values
        for seed in SEEDS
    ]
    often = np.mean(changed, axis=0)
    assert late.sum() == 7
    assert often[late == 1].mean() > 4 * often[late == 0].mean()
