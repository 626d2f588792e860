"""Coming back with six words: from another page, another device, or another channel."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from helpline.conversations.actions import ConversationClosed, lock_conversation
from helpline.conversations.daykeys import put_grant
from helpline.conversations.hooks import channels
from helpline.conversations.models import Conversation, Grant, ReturnCode, State
from helpline.lines.models import Channel
from helpline.live import wakeups


@transaction.atomic
def keep_return_code(conversation: Conversation, finder_hash: bytes, capability_hash: bytes, sealed: bytes) -> None:
    """Let the help-seeker come back with six words; taking a new code ends the old one."""
    locked = lock_conversation(conversation)
    if locked.state == State.CLOSED:
        raise ConversationClosed
    ReturnCode.objects.filter(conversation=locked).delete()
    ReturnCode.objects.create(
        conversation=locked,
        finder_hash=finder_hash,
        capability_hash=capability_hash,
        expires_at=timezone.now() + dt.timedelta(days=settings.RETURN_CODE_DAYS),
    )
    put_grant(locked, Grant.Reader.RETURN, sealed)


@transaction.atomic
def come_back(conversation: Conversation, capability_hash: bytes, help_seeker_grant: bytes) -> None:
    """Let the page that proved a return code take over: the device before it loses its access."""
    locked = lock_conversation(conversation)
    locked.capability_hash = capability_hash
    locked.save(update_fields=["capability_hash"])
    put_grant(locked, Grant.Reader.HELP_SEEKER, help_seeker_grant)
    if locked.channel != Channel.WEBCHAT:
        channels().came_back(locked)
    wakeups.announce(wakeups.state(locked.code), wakeups.rows(locked.code))
