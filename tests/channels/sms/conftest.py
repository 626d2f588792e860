"""A line with a carrier that speaks SMPP: npm `smpp`, in a process of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpline.channels import carriers
from helpline.channels.models import Carrier
from helpline.lines.models import Channel, Line
from tests.peers.smsc import PASSWORD, Smsc, smsc


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Smsc]:
    with smsc(journal=tmp_path / "journal") as running:
        yield running


@pytest.fixture
def connect(line: Line) -> Callable[..., Carrier]:
    """Give the line a carrier: connect(network, "first", binds=2)."""

    def make(network: Smsc, name: str = "first", priority: int = 1, **options: object) -> Carrier:
        carrier = Carrier(
            name=name,
            line=line,
            channel=Channel.SMS,
            kind=Carrier.Kind.SMPP,
            priority=priority,
            options=network.options(**options),
        )
        return carriers.set_carrier(carrier, PASSWORD)

    return make
