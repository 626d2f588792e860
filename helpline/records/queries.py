"""What is known of how a conversation came out, before a counsellor has coded it."""

from helpline.conversations.models import Conversation
from helpline.records.codes import NOT_STATED
from helpline.records.models import ContactRecord


def outcome_so_far(conversation: Conversation) -> str | None:
    """A code of `codes.Outcome` that the system has noted, to be offered where it is coded; None where it has not."""
    noted = ContactRecord.objects.filter(conversation=conversation).exclude(outcome=NOT_STATED)
    return noted.values_list("outcome", flat=True).first()
