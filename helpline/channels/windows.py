"""When it is safe to write to somebody, as they have said; by New Zealand's clock."""

import datetime as dt

from django.utils import timezone

from helpline.channels.models import Address

Window = Address.Window
_HOURS = {
    Window.MORNING: (8, 12),
    Window.AFTERNOON: (12, 17),
    Window.EVENING: (17, 21),
    Window.SCHOOL_HOURS: (9, 15),
}
SATURDAY = 5
# Whoever has just written holds the phone in their hand, and waits for the answer.
JUST_NOW = dt.timedelta(minutes=10)


def opens_at(window: str, heard_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """From when on something may be sent: now, or the beginning of their window; None is never."""
    if window == Window.ANY or now - heard_at < JUST_NOW:
        return now
    if window == Window.NEVER:
        return None
    return _next(Window(window), timezone.localtime(now))


def _next(window: Address.Window, now: dt.datetime) -> dt.datetime:
    begins, ends = _HOURS[window]
    for days in range(8):
        day = timezone.localtime(now).date() + dt.timedelta(days=days)
        if window == Window.SCHOOL_HOURS and day.weekday() >= SATURDAY:
            continue
        start, end = (dt.datetime.combine(day, dt.time(hour), now.tzinfo) for hour in (begins, ends))
        if now < end:
            return max(start, now)
    raise AssertionError("Every window opens within a week.")
