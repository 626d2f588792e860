"""A house of its own, as in production; somebody inside it; and one that is built carelessly."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.attack.careless import careless_house
from tests.canary.house import House
from tests.servers import ROOT

LOOK_INSIDE = "import django; django.setup(); from tests.attack.inside import main; main()"


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"), {"HELPLINE_ADDRESS_HEADER": "X-Network"})
    try:
        house.start()
        yield house
    finally:
        house.stop()


@pytest.fixture
def careless() -> Iterator[str]:
    """The address of what each tool must find fault with."""
    with careless_house() as address:
        yield address


@dataclass
class Inside:
    session: str
    token: str
    code: str
    colleague: str
    capability: str

    @property
    def headers(self) -> dict[str, str]:
        cookies = f"workspace={self.session}; workspace-csrf={self.token}"
        return {"Cookie": cookies, "X-CSRFToken": self.token, "X-Helpline": "desk"}


@pytest.fixture(scope="package")
def inside(house: House) -> Inside:
    done = subprocess.run(
        [sys.executable, "-c", LOOK_INSIDE], cwd=ROOT, env=house.environment, capture_output=True, check=True
    )
    return Inside(**json.loads(done.stdout))
