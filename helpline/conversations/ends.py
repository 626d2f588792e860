"""What ends before the words do: keys past their time, and all but a supervisor's where a hold forbids to erase."""

import datetime as dt

from django.db import transaction

from helpline.conversations.actions import lock_conversation
from helpline.conversations.models import Conversation, Grant, ReturnCode
from helpline.live import wakeups

# How long the accepting counsellor keeps the key after the end (design, 02-architecture).
STAFF_GRANT_AFTER_CLOSE = dt.timedelta(hours=24)


@transaction.atomic
def erase_after_hold(conversation: Conversation) -> None:
    """The person asked for it under a hold: nobody on their side opens it any more, and it goes when the hold ends."""
    locked = lock_conversation(conversation)
    locked.is_to_be_erased = True
    locked.save(update_fields=["is_to_be_erased"])
    ReturnCode.objects.filter(conversation=locked).delete()
    locked.grants.exclude(reader=Grant.Reader.SUPERVISOR).delete()
    wakeups.announce(wakeups.state(locked.code), wakeups.rows(locked.code))


def end_keys_due(now: dt.datetime) -> None:
    """Counsellors' keys a day after the end, and return codes past their time."""
    Grant.objects.filter(reader=Grant.Reader.STAFF, conversation__closed_at__lt=now - STAFF_GRANT_AFTER_CLOSE).delete()
    ReturnCode.objects.filter(expires_at__lt=now).delete()
    Grant.objects.filter(reader=Grant.Reader.RETURN, conversation__return_code__isnull=True).delete()
