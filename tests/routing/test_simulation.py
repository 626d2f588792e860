"""The simulator runs the real matching rule on a clock of its own, and theory agrees with it where there is theory."""

from dataclasses import replace

import pytest

from benchmarks.erlang import CASES, Case, erlang_a_abandoned, erlang_c_wait, estimate
from helpline.operations.management.commands.simulate import policies
from helpline.routing.figures import EVERYBODY, figures
from helpline.routing.scenario import HOUR, Arrivals, Day, Team, contacts, read_day
from helpline.routing.simulation import Outcome, Simulation

DANGER = 1


def test_the_textbook_formulas_give_the_textbook_numbers() -> None:
    """Alone, one waits load ÷ (1 − load) handling times; with two at 0.75, load² ÷ (1 − load²)."""
    assert erlang_c_wait(1, 0.8) == pytest.approx(0.8 / 0.2)
    assert erlang_c_wait(2, 0.75) == pytest.approx(9 / 7)
    # As patient as a conversation is long, everybody who comes behaves like a server: abandonment of M/M/∞ beyond n.
    assert erlang_a_abandoned(1, 1.0, 1.0) == pytest.approx(0.3679, abs=0.0001)  # 1/e
    assert erlang_a_abandoned(10, 0.5, 1e9) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_theory_lies_within_the_interval_of_the_simulator(case: Case) -> None:
    """The short form, whose interval is wide; `python -m benchmarks.erlang` is the full one, within 2 %."""
    found = estimate(case, seed=7, most=30_000)
    assert found.half_width < 0.2
    assert abs(found.value / case.exact - 1) < 1.5 * found.half_width


def test_on_a_day_with_a_fifth_more_people_danger_hardly_waits_and_fewer_leave() -> None:
    day = read_day()
    ours = figures(Simulation(day, policies(day)["full"], seed=1, load=1.2))
    first_come = figures(Simulation(day, policies(day)["fcfs"], seed=1, load=1.2))
    assert ours[DANGER].came == first_come[DANGER].came > 50, "the same people come under both"
    assert ours[DANGER].p95 <= 30 < first_come[DANGER].p95
    assert ours[EVERYBODY].abandoned <= first_come[EVERYBODY].abandoned + 0.01
    assert ours[EVERYBODY].unanswered == 0


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    def waits(seed: int) -> list[float]:
        return [each.wait for each in Simulation(read_day(), seed=seed, load=0.2).outcomes()]

    assert waits(3) == waits(3)
    assert waits(3) != waits(4)


def test_everybody_who_comes_has_an_outcome() -> None:
    day = read_day()
    came = [contact.waiter.id for contact in contacts(day, seed=5, days=1, load=1.3)]
    simulation = Simulation(day, policies(day)["full"], seed=5, load=1.3)
    outcomes = [each.waiter.id for each in simulation.outcomes()]
    assert sorted(outcomes) == came
    assert not simulation.unanswered


# Small days, told by hand


def day_of(arrivals: list[Arrivals], *teams: Team, accept: float = 0, lapse: float = 0) -> Day:
    return Day(arrivals, list(teams), accept_seconds=accept, lapse_share=lapse)


def people(urgency: int = 3, channel: str = "webchat", per_hour: float = 6, handling: float = 600) -> Arrivals:
    return Arrivals(1, urgency, channel, (per_hour,) * 24, {1: 0, 2: 60, 3: 300, 4: 3600}[urgency], handling)


ONE = Team(1, 0, 24 * HOUR, frozenset({1}), capacity=1)


def outcomes_of(day: Day) -> list[Outcome]:
    return list(Simulation(day, seed=2).outcomes())


def test_nobody_is_met_outside_the_shift_and_who_waits_longest_is_met_first() -> None:
    evening = Team(2, 18 * HOUR, 4 * HOUR, frozenset({1}), capacity=4)
    met = [each.waiter.entered_at + each.wait for each in outcomes_of(day_of([people(per_hour=2)], evening))]
    assert all(18 * HOUR <= at % (24 * HOUR) <= 22 * HOUR for at in met)


def test_an_offer_takes_its_time_and_one_that_lapses_goes_on() -> None:
    quiet = people(per_hour=0.5)
    prompt = outcomes_of(day_of([quiet], replace(ONE, count=3, capacity=4), accept=4))
    assert {round(each.wait, 6) for each in prompt} == {4.0}
    lapsing = outcomes_of(day_of([quiet], replace(ONE, count=3, capacity=4), accept=4, lapse=0.5))
    assert {round(each.wait) for each in lapsing} > {4, 24}, "20 s for the first who said nothing, then the next"


def test_without_patience_nobody_leaves_and_without_staff_everybody_does() -> None:
    assert all(each.is_answered for each in outcomes_of(day_of([people()], replace(ONE, count=4))))
    impatient = replace(people(), patience_seconds=60.0)
    alone = outcomes_of(day_of([impatient], replace(ONE, lines=frozenset({2}))))
    assert alone
    assert not any(each.is_answered for each in alone)


def test_email_is_written_in_the_gaps_and_delays_nobody() -> None:
    """The same people chat with and without e-mail beside them, and wait as long."""
    writes = replace(ONE, count=2, skills=frozenset({"email"}))
    chats = people(per_hour=4)
    alone = outcomes_of(day_of([chats], writes))
    beside = outcomes_of(day_of([chats, people(4, "email", per_hour=1)], writes))
    mails = [each for each in beside if each.waiter.channel == "email"]
    assert len(mails) > 10
    assert all(each.is_answered for each in mails)
    waits = sorted(each.wait for each in beside if each.waiter.channel != "email")
    assert waits == pytest.approx(sorted(each.wait for each in alone))
