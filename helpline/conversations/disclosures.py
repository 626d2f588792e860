"""Breaking confidentiality in danger: asked by a counsellor, answered by another person, said where that is safe."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import lock_conversation, tell
from helpline.conversations.companions import AnsweredAlready, NotHere
from helpline.conversations.daykeys import locked_letters
from helpline.conversations.models import Conversation, Disclosure, State
from helpline.conversations.queries import ConversationUnknown, supervises
from helpline.live import wakeups

WE_GET_HELP = _("To keep people safe, we now tell someone who can help. Ask %(name)s what we tell them, and whom.")


class AskedAlready(Exception):
    """Another disclosure of this conversation waits for its answer."""


@dataclass(frozen=True)
class Request:
    """`code` and both sealed forms of one text are made by the page that asks (docs/sealing.md)."""

    code: str
    sealed_to_supervisors: bytes
    sealed_own: bytes
    is_person_told: bool


@transaction.atomic
def ask_disclosure(conversation: Conversation, counsellor: User, request: Request) -> Disclosure:
    """By its counsellor, also after the end: somebody in danger may have left. The same `code` again is the same.

    Raises AskedAlready, ConversationUnknown.
    """
    locked = lock_conversation(conversation)
    if locked.counsellor != counsellor:
        raise ConversationUnknown
    known = Disclosure.objects.filter(code=request.code).first()
    if known:
        if known.conversation != locked or known.asked_by != counsellor:
            raise ConversationUnknown
        return known
    if locked.disclosures.filter(state=Disclosure.State.ASKED).exists():
        raise AskedAlready
    audit(AuditEvent.Kind.DISCLOSURE_ASKED, counsellor, line=locked.line, conversation_code=locked.code)
    wakeups.announce(wakeups.QUEUE, wakeups.desk(counsellor.code))
    sealed = {"sealed_to_supervisors": request.sealed_to_supervisors, "sealed_own": request.sealed_own}
    return Disclosure.objects.create(
        code=request.code,
        conversation=locked,
        asked_by=counsellor,
        **locked_letters(Disclosure, locked.code, request.code, **sealed),
        is_person_told=request.is_person_told,
        asked_at=timezone.now(),
    )


@transaction.atomic
def answer_disclosure(conversation: Conversation, supervisor: User, code: str, *, is_approved: bool) -> None:
    """By a supervisor of the line other than who asks. With a yes the person is told, where that was called safe.

    Raises AnsweredAlready, NotHere, ConversationUnknown.
    """
    locked = lock_conversation(conversation)
    disclosure = locked.disclosures.filter(code=code).select_related("asked_by").first()
    if disclosure is None:
        raise ConversationUnknown
    if not supervises(supervisor, locked.line) or disclosure.asked_by == supervisor:
        raise NotHere
    if disclosure.state != Disclosure.State.ASKED:
        raise AnsweredAlready
    disclosure.state = Disclosure.State.APPROVED if is_approved else Disclosure.State.DECLINED
    disclosure.answered_by, disclosure.answered_at = supervisor, timezone.now()
    disclosure.save()
    kind = AuditEvent.Kind.DISCLOSURE_APPROVED if is_approved else AuditEvent.Kind.DISCLOSURE_DECLINED
    audit(kind, supervisor, line=locked.line, conversation_code=locked.code)
    if is_approved and disclosure.is_person_told and locked.counsellor and locked.state == State.OPEN:
        tell(locked, WE_GET_HELP, name=locked.counsellor.pseudonym)
    wakeups.announce(wakeups.rows(locked.code), wakeups.QUEUE, wakeups.desk(disclosure.asked_by.code))
