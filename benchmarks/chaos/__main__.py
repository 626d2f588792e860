"""`make chaos`: inject faults while people converse, and prove that no acknowledged message was lost.

Prints one JSON object a line; ends with 1 when anything was lost, doubled or reordered, or the control lost nothing.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter

from benchmarks import stage
from benchmarks.chaos.faults import Faults
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.proxy import Proxy
from benchmarks.chaos.rounds import LAZY, converse, judge, lose_on_purpose
from benchmarks.stage import Counsellor, Live
from helpline.operations.postgres import Postgres

FAULTS_A_ROUND = 20
PRESENT = 3  # counsellors in a round
CONVERSATIONS_EACH = 4  # the most that one counsellor holds
LIVES = 2  # people reach either, and change with every new connection
CONTROLS = 3  # attempts to lose something on purpose; the first does as a rule


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    given = parser.parse_args()
    chance = random.Random(given.seed)
    begun = time.monotonic()
    rounds = [min(FAULTS_A_ROUND, given.faults - done) for done in range(0, given.faults, FAULTS_A_ROUND)]
    with stage.database() as postgres:
        everybody = stage.invent(postgres.url(), PRESENT * (len(rounds) + CONTROLS + 1), CONVERSATIONS_EACH)
        shifts = [everybody[place : place + PRESENT] for place in range(0, len(everybody), PRESENT)]
        wrong = _attack(rounds, shifts, postgres, chance)
        is_proof = _control(shifts[len(rounds) :], postgres, chance)
    _tell("chaos: seconds", round(time.monotonic() - begun), "s")
    _tell("chaos: seed", given.seed, "")
    return 0 if not wrong.total() and is_proof else 1


def _attack(
    rounds: list[int], shifts: list[list[Counsellor]], postgres: Postgres, chance: random.Random
) -> Counter[str]:
    lives = [Live(postgres.url()) for _ in range(LIVES)]
    try:
        for live in lives:
            live.start()
            live.wait_until_up()
        return asyncio.run(_rounds(rounds, shifts, postgres, lives, chance))
    finally:
        for live in lives:
            live.kill()


async def _rounds(
    rounds: list[int], shifts: list[list[Counsellor]], postgres: Postgres, lives: list[Live], chance: random.Random
) -> Counter[str]:
    everything: list[Ledger] = []
    proxy = Proxy(lambda: chance.choice(lives).port, chance)
    await proxy.start()
    faults = Faults(postgres, lives, proxy, chance)
    for count, present in zip(rounds, shifts, strict=False):
        ledgers = await converse(present, faults, count)
        proxy.cut_all()
        _note(f"{faults.happened.total()} faults of {sum(rounds)}", judge(ledgers, postgres.url()))
        everything += ledgers
    proxy.stop()
    # Once more at the end: each conversation has survived everything that came after it too.
    wrong = judge(everything, postgres.url())
    _report(faults.happened, everything, wrong)
    return wrong


def _report(happened: Counter[str], ledgers: list[Ledger], wrong: Counter[str]) -> None:
    for kind, number in sorted(happened.items()):
        _tell(f"chaos fault: {kind}", number, "faults")
    _tell("chaos: faults", happened.total(), "faults")
    _tell("chaos: conversations", len(ledgers), "conversations")
    _tell("chaos: acknowledged", sum(ledger.acknowledged for ledger in ledgers), "messages")
    for kind in ("lost", "doubled", "reordered"):
        _tell(f"chaos: {kind}", wrong[kind], "messages", reference=0)
    _tell("chaos: wrong in any way", wrong.total(), "findings", reference=0)


def _control(shifts: list[list[Counsellor]], postgres: Postgres, chance: random.Random) -> bool:
    """The same comparison must find losses where commits are not waited for; else it proves nothing."""
    *attempts, last = shifts
    lost = any(_lost_at_a_kill("off", present, postgres, chance) for present in attempts)
    return lost and not _lost_at_a_kill("on", last, postgres, chance)


def _lost_at_a_kill(commit: str, present: list[Counsellor], postgres: Postgres, chance: random.Random) -> int:
    postgres.stop()
    postgres.settings = {**LAZY, "synchronous_commit": commit}
    postgres.start()
    with stage.live(postgres.url()) as live:
        ledgers = asyncio.run(lose_on_purpose(present, postgres, live, chance))
    lost = judge(ledgers, postgres.url())["lost"]
    name = f"chaos control, synchronous_commit={commit}"
    _tell(f"{name}: acknowledged", sum(ledger.acknowledged for ledger in ledgers), "messages")
    _tell(f"{name}: lost", lost, "messages")
    return lost


def _tell(name: str, value: float, unit: str, reference: float | None = None) -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "reference": reference, "ratio": None}), flush=True)


def _note(text: str, wrong: Counter[str]) -> None:
    found = ", ".join(f"{number} {kind}" for kind, number in (+wrong).items()) or "nothing wrong"
    print(f"{text}: {found}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
