"""What the tests of referrals share."""

import pytest

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from tests.people import HelpSeeker, take


@pytest.fixture
def conversation(line: Line, asha: User, help_seeker: HelpSeeker) -> Conversation:
    """Asha has it."""
    conversation = help_seeker.start(line)
    take(asha, conversation)
    conversation.refresh_from_db()
    return conversation
