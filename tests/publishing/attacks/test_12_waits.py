"""Attack 12: a wait that only one person can have had. Median and 90th percentile of 30 contacts and more, to the
nearest five seconds; no shortest, no longest."""

from collections.abc import Iterator

import numpy as np
import pytest

from helpline.publishing import dimensions as by
from helpline.publishing.counting import Count, DuckDB, count
from helpline.publishing.programme import MONTHLY, Cell
from helpline.publishing.synthetic import NOBODY
from tests.publishing.attacks.invented import closed, drawn

FEWEST, STEP = 30, 5
Waits = dict[str, list[int]]
# The same as counting.py says, without its rule.
PLAIN = """
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY wait_seconds)
FROM contacts WHERE turn = 0 AND fate = 'answered' AND channel::text = '{}'
"""


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DuckDB, Count]]:
    engine = closed(drawn(600, 0.0), tmp_path_factory.mktemp("month"))
    yield engine, count(engine)
    engine.close()


@pytest.fixture
def waits(month: tuple[DuckDB, Count]) -> Waits:
    """Of whom counts, in order."""
    found: Waits = {}
    for channel, seconds in month[0].run(
        "SELECT channel::text, wait_seconds FROM contacts WHERE turn = 0 AND fate = 'answered' ORDER BY wait_seconds"
    ):
        found.setdefault(channel, []).append(seconds)
    return found


def test_of_few_contacts_nothing_is_said(month: tuple[DuckDB, Count], waits: Waits) -> None:
    _, counted = month
    assert set(counted.waits) == {code for code, seconds in waits.items() if len(seconds) >= FEWEST} != set(waits)
    counts = counted.vectors[MONTHLY.digest]
    assert {code: counts[MONTHLY.position[Cell("answered.channel", (code,))]] for code in waits} == {
        code: len(seconds) for code, seconds in waits.items()
    }


@pytest.mark.parametrize("answered", [FEWEST - 1, FEWEST])
def test_thirty_are_enough_and_one_fewer_is_not(answered: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    contacts = drawn(100, 0.0)
    contacts.person[:] = NOBODY
    contacts.coded[by.FATE.name][:] = np.where(np.arange(len(contacts)) < answered, 0, 1)
    contacts.coded[by.CHANNEL.name][:] = 0
    engine = closed(contacts, tmp_path_factory.mktemp("few"))
    assert bool(count(engine).waits) is (answered >= FEWEST)
    engine.close()


def test_two_numbers_to_five_seconds_neither_of_them_an_extreme(month: tuple[DuckDB, Count], waits: Waits) -> None:
    _, counted = month
    assert counted.waits
    for code, said in counted.waits.items():
        assert set(said) == {"median", "p90"}
        for seconds, share in ((said["median"], 0.5), (said["p90"], 0.9)):
            assert seconds % STEP == 0
            true = waits[code][int(np.ceil(share * len(waits[code]))) - 1]
            assert abs(seconds - true) <= STEP // 2
        assert waits[code][0] < said["median"]
        assert said["p90"] < waits[code][-1]


def test_control_without_the_rule_it_is_somebodys_own_wait(month: tuple[DuckDB, Count], waits: Waits) -> None:
    engine, counted = month
    few = min(waits, key=lambda code: len(waits[code]))
    assert few not in counted.waits
    ((alone,),) = engine.run(PLAIN.format(few))
    assert waits[few].count(alone) == 1  # one person waited so long, and it says so
    unrounded = [engine.run(PLAIN.format(code))[0][0] for code in counted.waits]
    assert any(seconds % STEP for seconds in unrounded)
