"""A line that can be texted, whatever the channels themselves have registered."""

import pytest

from helpline.channels import carriers
from helpline.channels.models import Carrier
from helpline.lines.models import Channel, Line
from tests.channels.texting import MANNER, a_carrier


@pytest.fixture
def plain_manner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same few words on either channel, which tests know."""
    monkeypatch.setattr(carriers, "_manners", {Channel.SMS: MANNER, Channel.EMAIL: MANNER})


@pytest.fixture
def carrier(line: Line, plain_manner: None) -> Carrier:
    """The one way of the line's texts."""
    return a_carrier(line)
