"""What stands on each page of figures, section by section: of one period, of one group in it, of hours in a quarter."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from helpline.lines.bilingual import Language
from helpline.publishing import dimensions as by
from helpline.publishing.dimensions import Dimension
from helpline.publishing.programme import Period, Population
from helpline.publishing.published import Figures, PublishedCount
from helpline.publishing.rendering import charts, drawn
from helpline.publishing.rendering.drawn import Figure, Grid, Row, Value
from helpline.publishing.rendering.names import CODES, DIMENSIONS, MONTHS
from helpline.publishing.rendering.texts import TEXTS

TREND_MONTHS = 24
MINUTE = 60


@dataclass(frozen=True)
class Key:
    """A figure that everybody looks for."""

    kind: str
    text: str
    says: str
    before: str
    """The same a year before; empty where that is not known."""


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Page:
    heading: str
    keys: tuple[Key, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Source:
    """What a page may be drawn from: nothing but figures that were published."""

    figures: Figures
    language: Language
    months: Sequence[Figures] = ()
    """Published months up to this one, the oldest first."""
    before: Figures | None = None
    """The same period a year before."""


def period_name(figures: Figures, language: Language) -> str:
    start, last = figures.start, figures.last
    if figures.period == Period.QUARTER:
        return f"{TEXTS['quarter'][language]} {(start.month + 2) // 3}, {start.year}"
    if figures.period == Period.YEAR:
        return str(start.year)
    if start == last:
        return month_name(start, language)
    dash = " to " if language == Language.ENGLISH else " ki "
    return f"{MONTHS[start.month - 1][language]}{dash}{month_name(last, language)}"


def month_name(month: dt.date, language: Language) -> str:
    return f"{MONTHS[month.month - 1][language]} {month.year}"


def period_page(source: Source) -> Page:
    """A month, or several added up."""
    return Page(period_name(source.figures, source.language), _keys(source), tuple(_sections(source)))


def _sections(source: Source) -> Iterable[Section]:
    figures, language = source.figures, source.language

    def of(*dimensions: Dimension, population: Population = Population.CONTACTS) -> list[Figure | None]:
        return [drawn.one_dimension(figures, language, one, population, base="") for one in dimensions]

    yes_no = drawn.together(figures, language, "yes-no", TEXTS["yes_no"][language], (by.DISABILITY, by.INTERPRETER))
    made: list[tuple[str, list[Figure | None]]] = [
        ("trend", [_trend(source)] if source.months else []),
        ("who", [*of(by.ROLE, by.AGE, by.GENDER, by.ETHNICITY, by.REGION, by.RETURNING, by.LANGUAGE), yes_no]),
        ("why", of(by.HARM, by.RELATIONSHIP, by.NEED)),
        ("when", of(by.HARM_WHEN, by.IN_CHILDHOOD)),
        ("channel", of(by.CHANNEL)),
        (
            "fast",
            [
                drawn.by_channel(figures, language, Population.OFFERED, by.FATE),
                drawn.by_channel(figures, language, Population.ANSWERED, by.WAIT),
                _waits(figures, language),
            ],
        ),
        ("followed", [*of(by.OUTCOME), *_disclosures(source)]),
        ("others", of(by.NOT_COUNSELLING, population=Population.NOT_COUNSELLING)),
    ]
    for key, found in made:
        if shown := tuple(figure for figure in found if figure):
            yield Section(key, TEXTS[key][language], shown)


def _disclosures(source: Source) -> Iterable[Figure]:
    """Published by the year alone."""
    found = drawn.one_dimension(source.figures, source.language, by.DISCLOSURE)
    if found:
        yield replace(found, notes=(TEXTS["by_year"][source.language],))


def _keys(source: Source) -> tuple[Key, ...]:
    language, now, before = source.language, _four(source.figures), _four(source.before)
    says = ("got_in_touch", "conversations", "were_answered", "within_a_minute")
    return tuple(
        Key(value.kind, value.text, TEXTS[name][language], former.text if former else "")
        for name, value, former in zip(says, now, before, strict=True)
        if value
    )


def _four(figures: Figures | None) -> list[Value | None]:
    if figures is None:
        return [None] * 4
    offered, answered = figures.count(Population.OFFERED), figures.count(Population.ANSWERED)
    contacts = figures.count(Population.CONTACTS)
    within = [figures.count(Population.ANSWERED, wait=code) for code in ("20s", "1m")]
    quick = within[0] + within[1] if within[0] is not None and within[1] is not None else None
    return [
        drawn.count(offered) if offered is not None else None,
        drawn.count(contacts) if contacts is not None else None,
        _share(answered, offered),
        _share(quick, answered),
    ]


def _share(part: PublishedCount | None, whole: PublishedCount | None) -> Value | None:
    return drawn.share(part, whole) if part is not None and whole is not None else None


def _trend(source: Source) -> Figure:
    language = source.language
    months = _calendar(source.months[-1].start)
    known = {figures.start: figures for figures in source.months}
    names = (TEXTS["got_in_touch"][language].capitalize(), TEXTS["talks"][language])
    populations = (Population.OFFERED, Population.CONTACTS)
    lines = [
        charts.Of(name, [known[month].count(population) if month in known else None for month in months])
        for name, population in zip(names, populations, strict=True)
    ]
    return _over_time("trend", TEXTS["trend"][language], language, months, lines)


def _over_time(
    key: str, title: str, language: Language, months: Sequence[dt.date], lines: Sequence[charts.Of]
) -> Figure:
    named = [(month, _brief(month, language)) for month in months]
    description = ". ".join(f"{line.name}: {_from_to(line, months, language)}" for line in lines) + "."
    picture = charts.trend(f"over-{key}", title, description, named, lines)
    heads = tuple(line.name for line in lines)
    rows = [
        Row(
            month_name(month, language),
            tuple(Value("count", "–" if number is None else str(number)) for number in numbers),
        )
        for month, *numbers in zip(months, *(line.counts for line in lines), strict=True)
    ]
    half = len(rows) // 2
    grids = tuple(Grid(TEXTS["month"][language], heads, tuple(part)) for part in (rows[:half], rows[half:]))
    return Figure(key, title, picture, grids, is_wide=True)


def _brief(month: dt.date, language: Language) -> str:
    """Below a chart. Months in te reo have long names that begin alike."""
    return f"{month:%b %y}" if language == Language.ENGLISH else f"{month:%Y-%m}"


def _from_to(line: charts.Of, months: Sequence[dt.date], language: Language) -> str:
    known = [(month, number) for month, number in zip(months, line.counts, strict=True) if number is not None]
    ends = known[:1] + known[-1:] if len(known) > 1 else known
    return ", ".join(f"{month_name(month, language)} {number}" for month, number in ends)


def _calendar(last: dt.date) -> list[dt.date]:
    """The 24 months up to it."""
    number = last.year * 12 + last.month - 1
    return [dt.date(each // 12, each % 12 + 1, 1) for each in range(number - TREND_MONTHS + 1, number + 1)]


def _waits(figures: Figures, language: Language) -> Figure | None:
    """Times, in a table of their own; nothing to draw."""
    rows = tuple(
        Row(
            CODES["channel"][channel][language],
            (Value("time", _time(wait.median, language)), Value("time", _time(wait.p90, language))),
        )
        for channel, wait in figures.waits.items()
        if channel in CODES["channel"]
    )
    title = TEXTS["waits"][language]
    heads = (TEXTS["median"][language], TEXTS["p90"][language])
    grid = Grid(DIMENSIONS["channel"][language], heads, rows)
    return Figure("waits", title, None, (grid,), (TEXTS["waits_note"][language],), is_wide=True) if rows else None


def _time(seconds: int, language: Language) -> str:
    minutes, rest = divmod(seconds, MINUTE)
    parts = [f"{minutes} {TEXTS['minutes'][language]}"] if minutes else []
    return " ".join([*parts, *([f"{rest} {TEXTS['seconds'][language]}"] if rest or not minutes else [])])


# One group within a period


def group_page(source: Source, dimension: Dimension, code: str) -> Page | None:
    """None where this was not published."""
    figures, language = source.figures, source.language
    whole = drawn.cell_of(figures, Population.CONTACTS, {dimension.name: code})
    everybody = figures.count(Population.CONTACTS)
    if dimension.name not in drawn.CROSSED or whole is None or everybody is None:
        return None
    others = [one for one in drawn.CROSSED.values() if one != dimension]
    shown = [drawn.one_group(figures, language, dimension, code, other) for other in others]
    former = drawn.cell_of(source.before, Population.CONTACTS, {dimension.name: code}) if source.before else None
    keys = (
        Key("count", str(whole), TEXTS["conversations"][language], "" if former is None else str(former)),
        Key("share", drawn.share(whole, everybody).text, TEXTS["this_group"][language], ""),
    )
    sections = [
        Section("trend", TEXTS["trend"][language], tuple(_trend_of(source, dimension, code))),
        Section("group", DIMENSIONS[dimension.name][language], tuple(figure for figure in shown if figure)),
    ]
    heading = f"{CODES[dimension.name][code][language]}, {period_name(figures, language)}"
    return Page(heading, keys, tuple(section for section in sections if section.figures))


def _trend_of(source: Source, dimension: Dimension, code: str) -> Iterable[Figure]:
    if not source.months:
        return
    months = _calendar(source.months[-1].start)
    known = {figures.start: figures for figures in source.months}
    counts = [
        drawn.cell_of(known[month], Population.CONTACTS, {dimension.name: code}) if month in known else None
        for month in months
    ]
    language = source.language
    name = CODES[dimension.name][code][language]
    yield _over_time("trend", f"{name}: {TEXTS['trend'][language]}", language, months, [charts.Of(name, counts)])


# Hours of a quarter


def hours_page(source: Source) -> Page | None:
    """Days and hours, nationally; None for figures without them."""
    figures, language = source.figures, source.language
    days, hours = CODES["weekday"], CODES["hour"]
    counts = {
        (day, hour): figures.count(Population.CONTACTS, weekday=day, hour=hour)
        for hour in by.HOUR.codes
        for day in by.WEEKDAY.codes
    }
    known = {key: number for key, number in counts.items() if number is not None}
    if len(known) != len(counts):
        return None
    rows = [(hours[hour][language], [known[day, hour] for day in by.WEEKDAY.codes]) for hour in by.HOUR.codes]
    names = [days[day].brief(language) for day in by.WEEKDAY.codes]
    title = TEXTS["hours"][language]
    named = [(f"{days[day][language]} {hours[hour][language]}", number) for (day, hour), number in known.items()]
    picture = charts.dots("hours", title, drawn.describe(named), rows, names)
    grid = Grid(
        DIMENSIONS["hour"][language],
        tuple(names),
        tuple(Row(hour, tuple(drawn.count(number) for number in numbers)) for hour, numbers in rows),
    )
    figure = Figure("hours", title, picture, (grid,), (TEXTS["hours_lead"][language],), is_wide=True)
    return Page(period_name(figures, language), (), (Section("hours", title, (figure,)),))
