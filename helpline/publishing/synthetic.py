"""Invented contacts by the million: what hangs together does, people return, and like come together.

For the demonstration, the attacker kit, tests and benchmarks. Nothing here comes from any line's records.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpline.publishing import dimensions as by
from helpline.publishing import synthetic_odds as odds
from helpline.publishing.dimensions import Dimension

Whole = NDArray[np.int64]
Codes = NDArray[np.uint8]
Flags = NDArray[np.bool_]

NOTHING = 255  # in place of a code, where a contact has none: no wait if nobody answered
NOBODY = -1  # in place of a person, where nobody is known to have been in touch before
FIRST = dt.date(2024, 11, 1)
# What a known person brings along each time, and those who come together share.
LASTING = ("role", "age", "gender", "region", "language", "disability", "harm", "in_childhood", "relationship")
CHANGES = 0.06  # a contact in which one of those was coded otherwise
SHARED = (*LASTING, "channel", "harm_when", "returning", "weekday", "hour")
REPEATS, MORE_REPEATS = 0.12, 0.13  # of all contacts by known persons; more of them where all is clustered
CLUSTERED = 0.6  # of all contacts in clusters, at the strongest setting


@dataclass(frozen=True)
class Month:
    """The contacts of one month, a column each: `coded` by the place of the code in its dimension, `several` as a flag
    for each code. The last flag of `several` is "none stated"."""

    start: dt.date
    coded: Mapping[str, Codes]
    several: Mapping[str, Flags]
    person: NDArray[np.int32]
    wait_seconds: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.person)


def contacts(
    months: int, per_month: int, clustering: float = 0.3, seed: int = 1, *, first: dt.date = FIRST
) -> Iterator[Month]:
    """`months` months from `first`, about `per_month` contacts each: the same for the same arguments.

    `clustering` from 0 (everybody by themselves) to 1: six of ten contacts come in clusters of like contacts, a quarter
    from people who return.
    """
    chance = np.random.default_rng((seed, months, per_month, round(clustering * 1000)))
    starts = [_months_later(first, months_later) for months_later in range(months)]
    expected = np.array([odds.SEASON[start.month - 1] * odds.GROWTH_A_MONTH**k for k, start in enumerate(starts)])
    for start, number in zip(starts, chance.poisson(expected / expected.mean() * per_month), strict=True):
        yield _Drawing(chance, int(number), clustering).month(start)


def _months_later(first: dt.date, months: int) -> dt.date:
    years, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + years, month + 1, 1)


class _Drawing:
    def __init__(self, chance: np.random.Generator, number: int, clustering: float) -> None:
        self.chance, self.number, self.clustering = chance, number, clustering
        self.coded: dict[str, Codes] = {}
        self.several: dict[str, Flags] = {}

    def month(self, start: dt.date) -> Month:
        self._draw(by.CHANNEL, odds.CHANNEL, None)
        self._draw(by.ROLE, odds.ROLE, by.CHANNEL)
        for dimension, of_role in ((by.AGE, odds.AGE), (by.GENDER, odds.GENDER), (by.HARM, odds.HARM)):
            self._draw(dimension, of_role, by.ROLE)
        self._draw(by.RETURNING, odds.RETURNING, by.ROLE)
        for dimension, of_harm in (
            (by.HARM_WHEN, odds.HARM_WHEN),
            (by.IN_CHILDHOOD, odds.IN_CHILDHOOD),
            (by.RELATIONSHIP, odds.RELATIONSHIP),
        ):
            self._draw(dimension, of_harm, by.HARM)
        self._draw(by.REGION, odds.REGION, None)
        self._draw(by.LANGUAGE, odds.LANGUAGE, by.REGION)
        self._draw(by.DISABILITY, odds.DISABILITY, by.AGE)
        self._draw(by.WEEKDAY, odds.WEEKDAY, by.CHANNEL)
        self._draw(by.HOUR, odds.HOUR, by.CHANNEL)
        self.several = {by.ETHNICITY.name: self._flags(by.ETHNICITY, odds.ETHNICITY, by.REGION)}
        self._cluster()
        person = self._return()
        self._draw(by.INTERPRETER, odds.INTERPRETER, by.LANGUAGE)
        self._draw(by.OUTCOME, odds.OUTCOME, by.ROLE)
        self.several[by.NEED.name] = self._flags(by.NEED, odds.NEED, by.ROLE)
        self._unstate()
        wait = self._service()
        return Month(start, self.coded, self.several, person, wait)

    # Drawing

    def _draw(self, dimension: Dimension, weights: odds.Odds, given: Dimension | None) -> None:
        """One code a contact, by the code of `given`."""
        conditions = given.codes if given else ("*",)
        condition = self.coded[given.name] if given else np.zeros(self.number, np.uint8)
        drawn = dimension.codes + (("disclosure",) if dimension is by.OUTCOME else ())
        table = np.array([[_row(weights, one).get(code, 0.0) for code in drawn] for one in conditions])
        table = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)
        steps = (np.minimum(table, 1.0) + np.arange(len(conditions))[:, None]).ravel()
        at = np.searchsorted(steps, condition + self.chance.random(self.number) * (1 - 1e-9), side="right")
        self.coded[dimension.name] = (at - condition.astype(np.int64) * len(drawn)).astype(np.uint8)

    def _flags(self, dimension: Dimension, weights: odds.Odds, given: Dimension) -> Flags:
        """For each code whether it is among a contact's; the likeliest where none was drawn."""
        table = np.array([[_row(weights, one).get(code, 0.0) for code in dimension.codes] for one in given.codes])
        condition = self.coded[given.name]
        flags = np.empty((self.number, len(dimension)), np.bool_)
        for place in range(len(dimension)):
            flags[:, place] = self.chance.random(self.number) < table[condition, place]
        alone = np.flatnonzero(~flags.any(axis=1))
        flags[alone, table.argmax(axis=1)[condition[alone]]] = True
        return flags

    # People who are alike, and people who return

    def _cluster(self) -> None:
        """A town's week, a school, a story in the news: contacts that share what one of them brought."""
        number = round(CLUSTERED * self.clustering * self.number)
        if number < 2:
            return
        followers = self.chance.choice(self.number, number, replace=False)
        leaders = self.chance.choice(self.number, max(1, number // 12), replace=False)
        # Few large clusters and many small ones.
        of_each = leaders[(len(leaders) * self.chance.random(number) ** 2).astype(np.int64)]
        self._follow(followers, of_each, SHARED, 0.15)

    def _return(self) -> NDArray[np.int32]:
        """Known persons: most twice or three times in a month, a few on most days."""
        person = np.full(self.number, NOBODY, np.int32)
        number = round((REPEATS + MORE_REPEATS * self.clustering) * self.number)
        if number < 2:
            return person
        rows = self.chance.choice(self.number, number, replace=False)
        names = (max(1, number // 3) * self.chance.random(number) ** 1.7).astype(np.int32)
        person[rows] = names
        _, first, of_each = np.unique(names, return_index=True, return_inverse=True)
        self._follow(rows, rows[first][of_each], LASTING, CHANGES)
        self.coded[by.RETURNING.name][rows] = by.RETURNING.codes.index("returning")
        return person

    def _follow(self, followers: Whole, leaders: Whole, columns: tuple[str, ...], change: float) -> None:
        for name in columns:
            column = self.coded[name]
            same = self.chance.random(len(followers)) >= change
            column[followers[same]] = column[leaders[same]]
        ethnicity = self.several[by.ETHNICITY.name]
        ethnicity[followers] = ethnicity[leaders]

    # What nobody stated, and how it went

    def _unstate(self) -> None:
        shares = np.array([odds.UNSTATED[code] for code in by.CHANNEL.codes])[self.coded[by.CHANNEL.name]]
        for name, measure in odds.UNSTATED_BY_FIELD.items():
            without = self.chance.random(self.number) < shares * measure
            self._forget(name, without)

    def _forget(self, name: str, rows: Flags) -> None:
        if name in self.several:
            self.several[name][rows] = False
            self.several[name][rows, -1] = True
        else:
            self.coded[name][rows] = BY_NAME[name].codes.index(by.NONE_STATED)

    def _service(self) -> NDArray[np.int32]:
        """What became of each contact; whoever was not counselled left nothing to be coded."""
        channel = self.coded[by.CHANNEL.name]
        self._draw(by.FATE, odds.FATE, by.CHANNEL)
        self._draw(by.NOT_COUNSELLING, odds.NOT_COUNSELLING, by.CHANNEL)
        answered = self.coded[by.FATE.name] == 0
        share = np.array([odds.NOT_COUNSELLING_SHARE[code] for code in by.CHANNEL.codes])[channel]
        other = answered & (self.chance.random(self.number) < share)
        self.coded[by.NOT_COUNSELLING.name][~other] = NOTHING
        for name in odds.UNSTATED_BY_FIELD:
            self._forget(name, other | ~answered)
        self._disclose()
        middle, spread = np.array([odds.WAIT[code] for code in by.CHANNEL.codes])[channel].T
        drawn: NDArray[np.float64] = middle * np.exp(spread * self.chance.standard_normal(self.number))
        wait = drawn.astype(np.int32)
        bands = np.searchsorted(by.WAIT_BOUNDS, wait, side="left").astype(np.uint8)
        self.coded[by.WAIT.name] = np.where(answered, bands, np.uint8(NOTHING))
        return wait

    def _disclose(self) -> None:
        """Published by the year alone; in a month such a contact counts as supported."""
        outcome = self.coded[by.OUTCOME.name]
        disclosed = outcome == len(by.OUTCOME)
        outcome[disclosed] = by.OUTCOME.codes.index("supported")
        self.coded[by.DISCLOSURE.name] = np.where(disclosed, 0, 1).astype(np.uint8)


BY_NAME: Mapping[str, Dimension] = {
    dimension.name: dimension for dimension in vars(by).values() if isinstance(dimension, Dimension)
}


def _row(weights: odds.Odds, condition: str) -> odds.Weights:
    return weights.get(condition, weights.get("*", {}))
