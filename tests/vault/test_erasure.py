import dataclasses

import pytest

from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

WHOLE = {"holds": "sealed words", "ends": "30 days after close", "by": "helpline.conversations.actions.erase"}


@pytest.mark.parametrize("part", sorted(WHOLE))
def test_an_erasure_leaves_nothing_out(part: str) -> None:
    assert Erasure(**WHOLE).holds == "sealed words"
    with pytest.raises(ValueError, match="says what is held"):
        Erasure(**{**WHOLE, part: ""})


def test_a_promise_cannot_be_changed_while_running() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        NOTHING_PERSONAL.holds = "something"  # type: ignore[misc]  # that it cannot is the test
