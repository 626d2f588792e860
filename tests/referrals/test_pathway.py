"""The way to ACC therapy: written down by the counsellor, told by the person, and asked about only as they asked."""

import datetime as dt

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Line
from helpline.referrals.models import Pathway
from helpline.referrals.pathway import ask_me, follow_pathway, is_due, say_how
from helpline.referrals.queries import ReferralUnknown, news_of
from tests.people import HelpSeeker, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(line: Line, asha: User, help_seeker: HelpSeeker) -> Conversation:
    conversation = help_seeker.start(line)
    take(asha, conversation)
    conversation.refresh_from_db()
    return conversation


def test_nobody_is_asked_who_did_not_ask_for_it(conversation: Conversation, asha: User) -> None:
    assert news_of(conversation) == ""
    found = follow_pathway(conversation, asha, "searching")
    assert (found.ask_from, is_due(found)) == (None, False)
    assert news_of(conversation)


def test_they_choose_when_and_are_asked_once(conversation: Conversation, asha: User) -> None:
    follow_pathway(conversation, asha, "waiting")
    found = ask_me(conversation, 14)
    assert found.ask_from == timezone.localdate() + dt.timedelta(days=14)
    assert not is_due(found)
    Pathway.objects.update(ask_from=timezone.localdate())
    assert is_due(Pathway.objects.get())
    said = say_how(conversation, "begun")
    assert (said.state, said.ask_from) == ("begun", None)
    assert said.said_at is not None


def test_they_change_their_mind(conversation: Conversation, asha: User) -> None:
    follow_pathway(conversation, asha, "waiting")
    ask_me(conversation, 7)
    assert ask_me(conversation, 0).ask_from is None


def test_a_counsellor_moves_it_on_and_chooses_no_day(conversation: Conversation, asha: User, ben: User) -> None:
    follow_pathway(conversation, asha, "searching")
    ask_me(conversation, 7)
    moved = follow_pathway(conversation, asha, "waiting")
    assert (moved.state, moved.ask_from) == ("waiting", timezone.localdate() + dt.timedelta(days=7))
    with pytest.raises(ConversationUnknown):
        follow_pathway(conversation, ben, "begun")
    with pytest.raises(ValueError, match="elsewhere"):
        follow_pathway(conversation, asha, "elsewhere")


def test_without_a_way_there_is_nothing_to_say(conversation: Conversation) -> None:
    with pytest.raises(ReferralUnknown):
        ask_me(conversation, 7)
    with pytest.raises(ReferralUnknown):
        say_how(conversation, "waiting")
    with pytest.raises(ValueError, match="8"):
        ask_me(conversation, 8)
    with pytest.raises(ValueError, match="searching"):
        say_how(conversation, "searching")  # that is for a counsellor to say
