"""What the day has been so far, by line and channel: the board adds it up by line, the wall by channel."""

from collections import Counter
from collections.abc import Collection

from django.utils import timezone

from helpline.conversations.models import Conversation, State
from helpline.records.codes import Fate
from helpline.records.models import ContactRecord

ByChannel = Counter[tuple[int, str]]


def counted_today(line_ids: Collection[int]) -> tuple[ByChannel, ByChannel]:
    """Answered, and left unanswered, of those that began today. What is over is in the records, also once it was
    erased."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    answered: ByChannel = Counter()
    left: ByChannel = Counter()
    ended = ContactRecord.objects.filter(line__in=line_ids, started_hour__gte=midnight).exclude(fate="")
    for line_id, channel, fate in ended.values_list("line__id", "channel", "fate"):
        (answered if fate == Fate.ANSWERED else left)[line_id, channel] += 1
    going_on = Conversation.objects.filter(line__in=line_ids, started_at__gte=midnight, answered_at__isnull=False)
    answered.update(going_on.exclude(state=State.CLOSED).values_list("line__id", "channel"))
    return answered, left
