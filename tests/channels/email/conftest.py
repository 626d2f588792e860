"""A line with a mailbox."""

import pytest

from helpline.channels.email import limits
from helpline.channels.models import Carrier
from helpline.lines.models import Line
from tests.channels.email.mailing import mailbox


@pytest.fixture(autouse=True)
def _nobody_was_answered_yet() -> None:
    limits.forget()


@pytest.fixture
def arriving(line: Line) -> Carrier:
    return mailbox(line, "lmtp")


@pytest.fixture
def sending(line: Line) -> Carrier:
    return mailbox(line, "smtp")
