"""A line that can be texted, whatever the channels themselves have registered."""

import pytest

from helpline.accounts.models import User
from helpline.channels import carriers
from helpline.channels.models import Carrier
from helpline.conversations.models import Conversation
from helpline.lines.models import Channel, Line
from tests.channels.texting import MANNER, a_carrier, send_all, text_in
from tests.people import take


@pytest.fixture
def plain_manner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same few words on either channel, which tests know."""
    monkeypatch.setattr(carriers, "_manners", {Channel.SMS: MANNER, Channel.EMAIL: MANNER})


@pytest.fixture
def carrier(line: Line, plain_manner: None) -> Carrier:
    """The one way of the line's texts."""
    return a_carrier(line)


@pytest.fixture
def texting(carrier: Carrier, on_shift: User) -> Conversation:
    """Asha answers somebody who has texted; the first reply has gone."""
    conversation = text_in(carrier).conversation
    assert conversation
    send_all()
    take(on_shift, conversation)
    conversation.refresh_from_db()
    return conversation
