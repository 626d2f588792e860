"""What the matching rule reads and says: plain facts, no database, all times in seconds on one clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

DANGER, URGENT = 1, 2
VOICE, EMAIL = "voice", "email"
UNDEMANDING = ("", "en")  # everybody on duty speaks English

# Every word that `Decision.because` may hold; the sentences are the workspace's.
BECAUSE = frozenset(
    {
        "in_danger",
        "urgent",
        "next",
        "overdue",
        "gap",
        "own_line",
        "overflow",
        "continuity",
        "skill",
        "language",
        "gender",
        "supervisor",
        "only_one",
        "senior",
        "phone_kept_free",
        "least_loaded",
        "longest_free",
        "fewest_heavy",
        "not_asked_yet",
    }
)


class Order(Enum):
    PROMISE = "promise"  # in danger, then by the end of the promise: ours
    URGENCY = "urgency"  # by class, then arrival: what many systems do; the lowest class can starve
    ARRIVAL = "arrival"  # first come, first served


@dataclass(frozen=True, slots=True)
class Policy:
    """What a supervisor may set, in seconds where not said otherwise. The simulator also runs others for comparison."""

    order: Order = Order.PROMISE
    offer_seconds: int = 20
    danger_offer_seconds: int = 10
    # How long a wish holds before it is dropped, which the decision then says. In danger nothing waits for a wish.
    gender_seconds: int = 120
    continuity_seconds: int = 60
    senior_seconds: int = 30
    # Who declined or let it lapse is not asked again at once, even when nobody else is there.
    again_seconds: int = 20
    danger_again_seconds: int = 5
    packed: int = 2  # text conversations given to one person before somebody ready for the phone is used
    phone_lines: frozenset[int] = frozenset()  # lines whose calls come through Helpline; without them nobody is kept
    phone_reserve: int = 1  # people per such line kept ready for the phone or for danger …
    phone_reserve_from: int = 5  # … where at least this many who take calls are on duty: three people cannot spare one
    crowding_share: float = 0.25  # of a line's hands on duty, kept from networks that crowd
    is_email_for_gaps: bool = True
    is_danger_special: bool = True  # drops wishes, overflows and displaces lesser offers at once


@dataclass(frozen=True, slots=True)
class Waiter:
    """A conversation in the queue. `skills` holds the line's required ones as well."""

    id: int
    line: int
    urgency: int
    channel: str
    entered_at: float  # first arrival
    due_at: float  # arrival + promise; never changes but by re-triage
    waiting_since: float  # arrival, or the last return to the queue: wishes and overflow count from here
    language: str = ""
    skills: frozenset[str] = frozenset()
    gender: str = ""
    preferred: int | None = None
    needs_supervisor: bool = False
    is_crowding: bool = False
    refused: Mapping[int, float] = field(default_factory=dict)  # who declined or let it lapse, and when last
    barred: frozenset[int] = frozenset()  # who must never be asked: they know the person

    @property
    def signature(self) -> tuple[object, ...]:
        """Waiters with the same signature need the same, so when the first finds nobody the others need not try.

        In SQL: partition by these columns. A waiter who came back, or whom somebody refused, has one of their own.
        """
        if self.refused or self.barred or self.waiting_since != self.entered_at:
            return (self.id,)
        return (
            self.line, self.urgency, self.channel, self.language, self.skills,
            self.gender, self.preferred, self.needs_supervisor, self.is_crowding,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """The open offer before a person."""

    waiter: int
    urgency: int
    weight: int


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody on duty. Who is away, on a break or in a debrief is not given to `decide` at all."""

    id: int
    lines: frozenset[int]
    capacity: int
    held: int = 0  # weights of what they hold, the open offer's with it (see `weight`)
    has_email: bool = False
    is_open: bool = True  # may be offered something now: available, and no break offered
    offered: Offered | None = None
    helps: Mapping[int, float] = field(default_factory=dict)  # overflow: line → seconds of waiting from which they help
    languages: frozenset[str] = frozenset(("en",))
    skills: frozenset[str] = frozenset()
    gender: str = ""
    is_supervisor: bool = False
    is_new_starter: bool = False
    free_since: float = 0.0
    heavy: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """One offer to make, and why."""

    waiter: int
    hand: int
    seconds: int  # how long the offer stands
    waited: int
    rule: str  # danger | order | gap
    because: tuple[str, ...]  # words of BECAUSE, the weightiest first
    skills: tuple[str, ...]
    language: str
    dropped: tuple[str, ...]  # wishes that this person does not fulfil: gender, continuity, senior
    is_continuity: bool
    is_overflow: bool
    has_runner_up: bool
    displaces: int | None = None  # the waiter whose open offer to this person must be withdrawn first

    @property
    def why(self) -> dict[str, Any]:
        """As it is kept with the offer."""
        return {
            "rule": self.rule,
            "waited": self.waited,
            "skills": list(self.skills),
            "languages": [self.language] if self.language else [],
            "dropped": list(self.dropped),
            "continuity": self.is_continuity,
            "overflow": self.is_overflow,
            "runner_up": self.has_runner_up,
            "because": list(self.because),
        }


def weight(channel: str, capacity: int) -> int:
    """How many hands a conversation takes: a call all of them, an e-mail none, since it can be put down."""
    if channel == VOICE:
        return capacity
    return 0 if channel == EMAIL else 1
