"""Taking and handing over, with the one sentence that tells the person."""

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import User
from helpline.conversations.actions import say
from helpline.conversations.models import Conversation
from helpline.routing import actions as routing

HAS_JOINED = _("%(pseudonym)s has joined.")
IS_NOW_WITH_YOU = _("%(pseudonym)s is now with you.")


@transaction.atomic
def accept(counsellor: User, conversation: Conversation) -> None:
    """Raises what `routing.actions.accept` raises."""
    routing.accept(counsellor, conversation)
    say(conversation, _in_their_language(conversation, HAS_JOINED, counsellor))


@transaction.atomic
def hand_over(conversation: Conversation, giver: User, taker: User, grant: bytes) -> None:
    """Raises what `routing.actions.hand_over` raises."""
    routing.hand_over(conversation, giver, taker, grant)
    say(conversation, _in_their_language(conversation, IS_NOW_WITH_YOU, taker))


def _in_their_language(conversation: Conversation, sentence: Promise, counsellor: User) -> str:
    with translation.override(conversation.language):
        return str(sentence) % {"pseudonym": counsellor.pseudonym}
