"""Taking and handing over, with the one sentence that tells the person."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import User
from helpline.conversations.actions import say
from helpline.conversations.models import Conversation
from helpline.live import wakeups
from helpline.records.actions import record_contact
from helpline.records.models import ContactRecord
from helpline.routing import actions as routing

HAS_JOINED = _("%(pseudonym)s has joined.")
IS_NOW_WITH_YOU = _("%(pseudonym)s is now with you.")
HAS_PASSED_ON = _("%(pseudonym)s has asked a colleague to go on with you. You are next in line; nothing is lost.")


class NotAgreed(Exception):
    """The person has not agreed to be passed on to another line."""


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


@transaction.atomic
def requeue(
    conversation: Conversation,
    giver: User,
    *,
    line: str,
    skills: list[str] | None,
    needs_supervisor: bool,
    urgency: int | None,
    queue_grant: bytes,
    supervisor_grant: bytes,
) -> None:
    """Raises NotAgreed, LineUnknown and what `routing.actions.requeue` raises."""
    if line and line != conversation.line.slug:
        raise NotAgreed
    routing.requeue(
        conversation,
        giver,
        skills=skills,
        needs_supervisor=needs_supervisor,
        urgency=urgency,
        queue_grant=queue_grant,
        supervisor_grant=supervisor_grant or None,
    )
    say(conversation, _in_their_language(conversation, HAS_PASSED_ON, giver))


@transaction.atomic
def record(counsellor: User, conversation: Conversation, coded: dict[str, Any], *, heavy: bool, abusive: bool) -> None:
    """Keep the record and, with the first one only, what the contact was like: counted without saying which."""
    is_first = not ContactRecord.objects.filter(conversation=conversation, is_complete=True).exists()
    record_contact(conversation, coded)
    if is_first and (heavy or abusive):
        routing.note_contact_weight(counsellor, heavy=heavy, abusive=abusive)
    wakeups.announce(wakeups.QUEUE)  # the hand is free again


def _in_their_language(conversation: Conversation, sentence: Promise, counsellor: User) -> str:
    with translation.override(conversation.language):
        return str(sentence) % {"pseudonym": counsellor.pseudonym}
