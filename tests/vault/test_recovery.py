"""Five sheets, of which any three give the key back, and two say so clearly."""

from itertools import combinations

import pytest

from helpline.vault import recovery, sealing
from helpline.vault.recovery import NotASheet, NotEnough, NotTogether

MADE, ANOTHER = recovery.make(), recovery.make()


def test_any_three_of_five_open_it() -> None:
    seeds = {recovery.open_sheets(three, MADE.public_key) for three in combinations(MADE.sheets, 3)}
    (seed,) = seeds
    assert sealing.public_key_of(seed) == MADE.public_key


def test_more_than_three_are_as_good_as_three() -> None:
    assert recovery.open_sheets(MADE.sheets, MADE.public_key) == recovery.open_sheets(MADE.sheets[:3], MADE.public_key)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_are_not_enough_and_are_counted(count: int) -> None:
    with pytest.raises(NotEnough) as refused:
        recovery.open_sheets(MADE.sheets[:count], MADE.public_key)
    assert refused.value.given == count


def test_the_same_sheet_three_times_is_one() -> None:
    with pytest.raises(NotEnough) as refused:
        recovery.open_sheets([MADE.sheets[0]] * 3, MADE.public_key)
    assert refused.value.given == 1


def test_sheets_of_two_keys_do_not_go_together() -> None:
    with pytest.raises(NotTogether):
        recovery.open_sheets([*MADE.sheets[:2], ANOTHER.sheets[2]], MADE.public_key)
    with pytest.raises(NotTogether):
        recovery.open_sheets(ANOTHER.sheets[:3], MADE.public_key)


def test_a_sheet_is_read_however_it_is_typed_and_a_slip_is_noticed() -> None:
    words = MADE.sheets[0].split()
    assert len(words) == 33
    assert recovery.checked("  " + "\t".join(words).upper() + "\n") == MADE.sheets[0]
    for slip in (words[:-1], [words[1], words[0], *words[2:]], ["helpline", *words[1:]], []):
        with pytest.raises(NotASheet):
            recovery.checked(" ".join(slip))


def test_secrets_are_not_shown_in_a_traceback() -> None:
    assert MADE.sheets[0] not in repr(MADE)
