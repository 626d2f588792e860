"""Handed over in the chat itself: somebody of the service joins it, while the person's yes to that holds."""

from collections.abc import Sequence

from django.db import transaction

from helpline.accounts.models import User
from helpline.conversations import guests
from helpline.conversations.actions import ConversationClosed, lock_conversation
from helpline.conversations.guests import NewGuest, NoGuest
from helpline.conversations.models import Conversation, ForGuest, Guest, State
from helpline.conversations.queries import ConversationUnknown, guest_of
from helpline.referrals.actions import NotAgreed, answer_referral, lock_its_conversation
from helpline.referrals.models import ConsentItem, Referral
from helpline.referrals.queries import is_agreed

JOIN, NOTE = ConsentItem.What.JOIN, ConsentItem.What.NOTE


@transaction.atomic
def join(referral: Referral, who: str, public_key: bytes) -> Guest:
    """`who`: the code of an account that may answer this referral. Joining is having read it.

    Raises NotAgreed, PlaceTaken, ConversationClosed, ConversationUnknown, ReferralUnknown.
    """
    conversation = lock_its_conversation(referral)
    found = Referral.objects.select_for_update().get(pk=referral.pk)
    if found.state not in Referral.WITH_SERVICE or not is_agreed(found, JOIN):
        raise NotAgreed
    if found.state == Referral.State.REQUESTED:
        answer_referral(found, Referral.State.RECEIVED)
    service = found.organization_name or found.service_name
    return guests.begin_guest(conversation, NewGuest(found.code, who, service, public_key))


def guest_for(referral: Referral, who: str) -> Guest:
    """This account, in this chat, now. Raises NoGuest."""
    guest = guest_of(referral.conversation)
    if guest is None or (guest.referral, guest.who) != (referral.code, who) or not is_agreed(referral, JOIN):
        raise NoGuest
    return guest


def may_join(referral: Referral) -> bool:
    """Whether the person lets somebody of the service into the chat, and there still is one."""
    return is_agreed(referral, JOIN) and referral.conversation.state == State.OPEN


@transaction.atomic
def pass_on(conversation: Conversation, counsellor: User, code: str, letters: Sequence[tuple[int, bytes]]) -> None:
    """By the counsellor's page, to the guest who is there: what is said, and the note where the person lets it.

    Raises NoGuest, NotAgreed, ConversationClosed, ConversationUnknown.
    """
    locked = lock_conversation(conversation)
    if locked.counsellor != counsellor:
        raise ConversationUnknown
    if locked.state != State.OPEN:
        raise ConversationClosed
    guest = guest_of(locked)
    if guest is None:
        raise NoGuest
    has_summary = any(seq == ForGuest.SUMMARY for seq, _sealed in letters)
    if has_summary and not is_agreed(Referral.objects.get(code=guest.referral), NOTE):
        raise NotAgreed
    guests.pass_on(locked, code, letters)
