"""Taking and handing over, with the one sentence that tells the person."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpline.accounts.actions import audit, audit_read
from helpline.accounts.models import AuditEvent, User
from helpline.channels.closing import end_when_sent
from helpline.channels.queries import block_key_of
from helpline.conversations.actions import tell
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Author, Companion, Conversation, Grant
from helpline.conversations.queries import ConversationUnknown, companion_of
from helpline.lines.queries import get_line
from helpline.live import wakeups
from helpline.records.actions import record_contact
from helpline.records.models import ContactRecord
from helpline.routing import actions as routing
from helpline.routing import blocks
from helpline.vault.codes import b64url_encode
from helpline.workspace import company, queries
from helpline.workspace.guides import OF_KIND

HAS_JOINED = _("%(name)s has joined.")
IS_NOW_WITH_YOU = _("%(name)s is now with you.")
HAS_PASSED_ON = _("%(name)s has asked a colleague to go on with you. You are next in line; nothing is lost.")
HAS_ENDED = _("%(name)s, a supervisor, has ended this conversation.")


@transaction.atomic
def accept(counsellor: User, conversation: Conversation) -> None:
    """Raises what `routing.actions.accept` raises."""
    routing.accept(counsellor, conversation)
    tell(conversation, HAS_JOINED, name=counsellor.pseudonym)


@transaction.atomic
def hand_over(conversation: Conversation, giver: User, taker: User, grant: bytes) -> None:
    """Raises what `routing.actions.hand_over` raises."""
    routing.hand_over(conversation, giver, taker, grant)
    tell(conversation, IS_NOW_WITH_YOU, name=taker.pseudonym)


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
    """Raises LineUnknown and what `routing.actions.requeue` raises."""
    routing.requeue(
        conversation,
        giver,
        line=get_line(line) if line else None,
        skills=skills,
        needs_supervisor=needs_supervisor,
        urgency=urgency,
        queue_grant=queue_grant,
        supervisor_grant=supervisor_grant or None,
    )
    tell(conversation, HAS_PASSED_ON, name=giver.pseudonym)


@transaction.atomic
def record(counsellor: User, conversation: Conversation, coded: dict[str, Any], *, heavy: bool, abusive: bool) -> None:
    """Keep the record and, with the first one only, what the contact was like: counted without saying which."""
    is_first = not ContactRecord.objects.filter(conversation=conversation, is_complete=True).exists()
    record_contact(conversation, coded)
    if is_first and (heavy or abusive):
        routing.note_contact_weight(counsellor, heavy=heavy, abusive=abusive)
    wakeups.announce(wakeups.QUEUE)  # the hand is free again


@transaction.atomic
def close(user: User, conversation: Conversation) -> None:
    """By its counsellor, or for them by a supervisor who has joined. Raises ConversationUnknown."""
    if conversation.counsellor != user:
        companion = companion_of(conversation, user)
        if companion is None or companion.kind != Companion.Kind.JOINED:
            raise ConversationUnknown
        audit(AuditEvent.Kind.CLOSE_FOR, user, line=conversation.line, conversation_code=conversation.code)
    end_when_sent(conversation, Author.COUNSELLOR)


@transaction.atomic
def end_hard_contact(counsellor: User, conversation: Conversation, *, kind: str, hours: int) -> None:
    """After a guide; with hours, whoever was there is blocked. Raises ConversationUnknown."""
    if hours:
        blocks.end_and_block(counsellor, conversation, kind, hours, block_key_of(conversation))
    else:
        blocks.end_hard_contact(counsellor, conversation, is_abusive=OF_KIND[kind].is_abusive)


@transaction.atomic
def reassign(supervisor: User, conversation: Conversation, to: User, grant: bytes) -> None:
    """Raises what `routing.actions.reassign` raises."""
    routing.reassign(supervisor, conversation, to, grant)
    tell(conversation, IS_NOW_WITH_YOU, name=to.pseudonym)


@transaction.atomic
def close_for(supervisor: User, conversation: Conversation) -> None:
    """End it in place of its counsellor, who is told in it as the person is. Raises ConversationClosed."""
    tell(conversation, HAS_ENDED, name=supervisor.pseudonym)
    audit(AuditEvent.Kind.CLOSE_FOR, supervisor, line=conversation.line, conversation_code=conversation.code)
    end_when_sent(conversation, Author.SYSTEM)


@transaction.atomic
def open_words(reader: User, conversation: Conversation) -> queries.Shape:
    """The sealed words and what opens them. Whoever is given these can read: written down, once an hour."""
    _account_for_reading(AuditEvent.Kind.WORDS_OPENED, reader, conversation)
    return queries.words(reader, conversation)


@transaction.atomic
def open_company(reader: User, conversation: Conversation) -> queries.Shape:
    """What changes beside the words; a supervisor who is there is given the key with it, so this is reading too."""
    found = company.beside_the_words(reader, conversation)
    if found["supervisor_grant"]:
        _account_for_reading(AuditEvent.Kind.WORDS_OPENED, reader, conversation)
    return found


@transaction.atomic
def open_disclosures(reader: User, conversation: Conversation) -> queries.Shape:
    found = company.disclosures(reader, conversation)
    if found["disclosures"]:
        _account_for_reading(AuditEvent.Kind.DISCLOSURE_READ, reader, conversation)
    return found


@transaction.atomic
def open_key_for(supervisor: User, conversation: Conversation) -> str | None:
    """The supervisors' grant of a conversation on their line; None where it is still to be sealed anew."""
    audit(
        AuditEvent.Kind.KEY_OPENED,
        supervisor,
        line=conversation.line,
        conversation_code=conversation.code,
        detail=_whose(conversation),
    )
    sealed = grant_of(conversation, Grant.Reader.SUPERVISOR)
    return b64url_encode(sealed) if sealed else None


def _account_for_reading(kind: str, reader: User, conversation: Conversation) -> None:
    audit_read(kind, reader, line=conversation.line, conversation_code=conversation.code, detail=_whose(conversation))


def _whose(conversation: Conversation) -> str:
    """Its counsellor, who is shown who read it (`/account/reads`), also when it is erased one day."""
    return conversation.counsellor.code if conversation.counsellor else ""
