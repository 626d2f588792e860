"""What a simulated day came to, by class: waits, who left, and how much of the hands they took."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import mean

from helpline.routing.scenario import Day
from helpline.routing.simulation import Outcome, Simulation

EVERYBODY = 0


@dataclass(frozen=True)
class Figures:
    """Waits in seconds, of everybody who came: until they were met, or until they left."""

    came: int
    mean: float
    median: float
    p90: float
    p95: float
    offered_p95: float  # until the first offer, of those who got one
    abandoned: float  # share of those who came
    unanswered: int  # still waiting when the last shift had ended
    occupancy: float  # share of all hands on duty that this class kept


def figures(simulation: Simulation) -> dict[int, Figures]:
    """By class, and of everybody under 0."""
    groups: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in simulation.outcomes():
        groups[outcome.waiter.urgency].append(outcome)
        groups[EVERYBODY].append(outcome)
    left = simulation.unanswered
    hands = _hand_seconds(simulation.day) * simulation.days
    by_class = {key: _figures(each, left.get(key, 0), hands) for key, each in sorted(groups.items()) if key}
    return {**by_class, EVERYBODY: _figures(groups[EVERYBODY], sum(left.values()), hands)}


def _figures(outcomes: list[Outcome], unanswered: int, hands: float) -> Figures:
    waits = sorted(each.wait for each in outcomes) or [0.0]
    offered = sorted(each.offered_after for each in outcomes if each.offered_after is not None) or [0.0]
    left = sum(not each.is_answered for each in outcomes)
    return Figures(
        came=len(outcomes) + unanswered,
        mean=mean(waits),
        median=_quantile(waits, 0.5),
        p90=_quantile(waits, 0.9),
        p95=_quantile(waits, 0.95),
        offered_p95=_quantile(offered, 0.95),
        abandoned=left / max(1, len(outcomes) + unanswered),
        unanswered=unanswered,
        occupancy=sum(each.hand_seconds for each in outcomes) / hands if hands else 0.0,
    )


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _hand_seconds(day: Day) -> float:
    """Of one day: everybody's hands times their hours."""
    return sum(team.count * team.capacity * team.lasts for team in day.teams)
