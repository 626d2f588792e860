from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canary.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """PostgreSQL, site, live process and proxy of these tests' own."""
    folder: Path = tmp_path_factory.mktemp("house")
    house = House(folder)
    try:
        house.start()
        yield house
    finally:
        house.stop()
