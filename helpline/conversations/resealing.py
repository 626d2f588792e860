"""What a counsellor with new keys had open: a supervisor's browser seals it to them again, and nobody else's words."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import lock_conversation
from helpline.conversations.daykeys import put_grant
from helpline.conversations.models import Conversation, Grant, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Line
from helpline.live import wakeups


def without_their_owners_key(lines: Iterable[Line]) -> QuerySet[Conversation]:
    """Open conversations whose counsellor holds no key to them, and of which nobody on duty could give them one."""
    grants = Grant.objects.filter(conversation=OuterRef("pk"))
    own = grants.filter(reader=Grant.Reader.STAFF, user=OuterRef("counsellor"))
    return (
        Conversation.objects.filter(state=State.OPEN, line__in=list(lines), counsellor__isnull=False)
        .exclude(Exists(own))
        .exclude(Exists(grants.filter(reader=Grant.Reader.QUEUE)))
        .select_related("line", "counsellor")
        .order_by("started_at")
    )


@transaction.atomic
def reseal_to_owner(conversation: Conversation, supervisor: User, sealed: bytes) -> None:
    """Give its counsellor a key to it, where they hold none. Raises ConversationUnknown."""
    locked = lock_conversation(conversation)
    owner = locked.counsellor
    if locked.state != State.OPEN or owner is None:
        raise ConversationUnknown
    if locked.grants.filter(reader=Grant.Reader.STAFF, user=owner).exists():
        raise ConversationUnknown
    put_grant(locked, Grant.Reader.STAFF, sealed, owner)
    audit(AuditEvent.Kind.REGRANTED, supervisor, line=locked.line, conversation_code=locked.code)
    wakeups.announce(wakeups.state(locked.code), wakeups.desk(owner.code))
