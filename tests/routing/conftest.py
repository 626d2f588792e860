"""A clock that a test moves, people who arrive, and staff who are there."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.routing import router
from helpline.routing.actions import set_presence
from helpline.routing.models import Offer, Presence, QueueEntry
from tests.people import HelpSeeker


class Clock:
    """What the whole site takes for the time."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)

    def forward(self, seconds: float) -> None:
        """Time passes; desks and pages that are open go on saying so (`gone` ones have stopped)."""
        self.now += dt.timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def pass_time(clock: Clock) -> Callable[..., router.Stepped]:
    """Seconds go by and the router steps: pass_time(20). Whose desk or page is gone is named."""

    def make(seconds: float = 0, *, gone: tuple[User | Conversation, ...] = ()) -> router.Stepped:
        clock.forward(seconds)
        Presence.objects.exclude(user__in=[each for each in gone if isinstance(each, User)]).update(seen_at=clock.now)
        pages = [each for each in gone if isinstance(each, Conversation)]
        QueueEntry.objects.exclude(conversation__in=pages).update(seen_at=clock.now)
        return router.step()

    return make


@pytest.fixture
def arrive(line: Line, clock: Clock) -> Callable[..., Conversation]:
    """Somebody new, a second after whoever came last."""

    def make(on: Line | None = None, **facts: bool) -> Conversation:
        clock.forward(1)
        return HelpSeeker().start(on or line, **facts)

    return make


@pytest.fixture
def come_on(line: Line, clock: Clock) -> Callable[..., User]:
    """Somebody sits down at their desk: come_on(asha, 2)."""

    def make(user: User, capacity: int = 3) -> User:
        set_presence(user, Presence.State.AVAILABLE, capacity)
        return user

    return make


def offered_to(user: User) -> Conversation | None:
    offer = Offer.objects.filter(user=user, state=Offer.State.OPEN).select_related("entry__conversation").first()
    return offer.entry.conversation if offer else None
