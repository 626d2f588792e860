"""Finding services in the demonstration's directory."""

from datetime import UTC, datetime

import pytest

from helpline.directory import demonstration
from helpline.directory.search import Wanted, find

NOW = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)  # Thursday noon in New Zealand

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    demonstration.load()


def test_words_with_a_need_and_a_place_find_the_service_there() -> None:
    found = find(Wanted(words="need a councellor in Hastings"), NOW)
    assert [each.code for each in found.needs] == ["counselling"]
    assert found.place
    assert found.place.id == "hastings-hawkes-bay"
    assert found.cards[0].service.name == "Counselling Hastings (demonstration)"
    assert found.cards[0].is_open
    assert found.widened == ""
