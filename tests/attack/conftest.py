"""A house of its own, as in production, that nothing else uses."""

from collections.abc import Iterator

import pytest

from tests.canary.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"), {"HELPLINE_ADDRESS_HEADER": "X-Network"})
    try:
        house.start()
        yield house
    finally:
        house.stop()
