"""By when each class is to be answered, where a line's `Promise` says nothing else."""

import datetime as dt

from helpline.lines.models import Channel, Line
from helpline.routing.models import Promise, Urgency

SECONDS: dict[int, int] = {
    Urgency.DANGER: 0,
    Urgency.URGENT: 60,
    Urgency.NORMAL: 300,
    Urgency.CAN_WAIT: 3600,
}
EMAIL_SECONDS = 86_400  # answered in the gaps, within a day


def promise(line: Line, urgency: int, channel: str) -> dt.timedelta:
    own = Promise.objects.filter(line=line, urgency=urgency, channel=channel).first()
    return dt.timedelta(seconds=own.seconds if own else _default(urgency, channel))


def _default(urgency: int, channel: str) -> int:
    if channel == Channel.EMAIL and urgency != Urgency.DANGER:
        return EMAIL_SECONDS
    return SECONDS[urgency]
