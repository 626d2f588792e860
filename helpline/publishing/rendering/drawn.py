"""One picture with its table: what a page, a document and a reader who hears it are given alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpline.lines.bilingual import Language
from helpline.publishing import dimensions as by
from helpline.publishing.dimensions import Dimension
from helpline.publishing.programme import MONTHLY, Cell, Population
from helpline.publishing.published import Figures, PublishedCount
from helpline.publishing.rendering import charts
from helpline.publishing.rendering.charts import Chart
from helpline.publishing.rendering.names import CODES, DIMENSIONS
from helpline.publishing.rendering.texts import TEXTS

# Below it a percentage tells of the rounding more than of people.
SMALLEST_WHOLE = 30

# By which one can go on to a page of its own: whatever is crossed with something.
CROSSED: Mapping[str, Dimension] = {
    dimension.name: dimension
    for table in MONTHLY.closed
    if table.population == Population.CONTACTS and len(table.dimensions) > 1
    for dimension in table.dimensions
}


@dataclass(frozen=True)
class Value:
    """One field of a table. `kind` says what it is: a count, a share (of counts), or a time."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    head: str
    values: tuple[Value, ...]
    href: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Grid:
    first: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Figure:
    """`grids` hold what `chart` shows; a picture is never alone."""

    id: str
    title: str
    chart: Chart | None
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    is_wide: bool = False


def count(number: PublishedCount) -> Value:
    return Value("count", str(number))


def share(part: PublishedCount, whole: PublishedCount) -> Value:
    of = part.of(whole) if int(whole) >= SMALLEST_WHOLE else None
    return Value("share", "–" if of is None else f"{of.whole}%")


def cell_of(figures: Figures, population: Population, codes: Mapping[str, str]) -> PublishedCount | None:
    """In whichever order the programme crosses them."""
    for names in (list(codes), list(codes)[::-1]):
        found = figures.get(Cell(".".join((population, *names)), tuple(codes[name] for name in names)))
        if found is not None:
            return found
    return None


def parts_of(
    figures: Figures, population: Population, dimension: Dimension, within: Mapping[str, str] | None = None
) -> list[tuple[str, PublishedCount]]:
    """The count for each code; empty where the table was not published."""
    found = [(code, cell_of(figures, population, {**(within or {}), dimension.name: code})) for code in dimension.codes]
    parts = [(code, number) for code, number in found if number is not None]
    return parts if len(parts) == len(found) else []


def describe(parts: Sequence[tuple[str, PublishedCount]]) -> str:
    """For who hears the picture: the three largest; all are in the table beside it."""
    largest = sorted(parts, key=lambda part: -int(part[1]))[:3]
    return "; ".join(f"{name}: {number}" for name, number in largest if number) + "."


def one_dimension(
    figures: Figures,
    language: Language,
    dimension: Dimension,
    population: Population = Population.CONTACTS,
    base: str | None = None,
) -> Figure | None:
    """How many of each code. `base`: where the pages of single codes are, if there are any."""
    parts = parts_of(figures, population, dimension)
    whole = cell_of(figures, population, {})
    if not parts or whole is None:
        return None
    words, title = CODES[dimension.name], DIMENSIONS[dimension.name][language]
    is_linked = base is not None and dimension.name in CROSSED
    rows = [
        Row(
            words[code][language],
            (count(number), share(number, whole)),
            f"{base}{dimension.name}/{code}/" if is_linked else "",
        )
        for code, number in parts
    ]
    heads = (TEXTS["count"][language], TEXTS["share"][language])
    total = Row(TEXTS["total"][language], (count(whole), Value("share", "")), is_total=True)
    drawn = charts.bars(
        f"{population}-{dimension.name}".replace("_", "-"),
        title,
        describe([(words[code][language], number) for code, number in parts]),
        [(words[code].brief(language), number) for code, number in parts],
    )
    notes = (TEXTS["several"][language],) if dimension.several else ()
    grid = Grid(title, heads, (*rows, total))
    return Figure(dimension.name, title, drawn, (grid,), notes)


def one_group(figures: Figures, language: Language, dimension: Dimension, code: str, other: Dimension) -> Figure | None:
    """Of those with `code`: how many of each of another dimension, beside all contacts."""
    parts = parts_of(figures, Population.CONTACTS, other, {dimension.name: code})
    of_all = dict(parts_of(figures, Population.CONTACTS, other))
    whole = cell_of(figures, Population.CONTACTS, {dimension.name: code})
    everybody = cell_of(figures, Population.CONTACTS, {})
    if not parts or not of_all or whole is None or everybody is None:
        return None
    words, title = CODES[other.name], DIMENSIONS[other.name][language]
    rows = tuple(
        Row(words[each][language], (count(number), share(number, whole), share(of_all[each], everybody)))
        for each, number in parts
    )
    heads = tuple(TEXTS[name][language] for name in ("count", "share", "all_share"))
    description = describe([(words[each][language], number) for each, number in parts])
    key = f"in-{other.name}".replace("_", "-")
    if int(whole) < SMALLEST_WHOLE or int(everybody) < SMALLEST_WHOLE:
        named = [(words[each].brief(language), number) for each, number in parts]
        return Figure(other.name, title, charts.bars(key, title, description, named), (Grid(title, heads, rows),))
    compared = [
        charts.Compared(words[each].brief(language), number, mine, all_of_them)
        for each, number in parts
        if (mine := number.of(whole)) and (all_of_them := of_all[each].of(everybody))
    ]
    notes = tuple(TEXTS[name][language] for name in ("compared", *(("several",) if other.several else ())))
    drawn = charts.compared(key, title, description, compared)
    return Figure(other.name, title, drawn, (Grid(title, heads, rows),), notes)


def by_channel(figures: Figures, language: Language, population: Population, dimension: Dimension) -> Figure | None:
    """For each channel the parts of a dimension, as one bar each."""
    words, title = CODES[dimension.name], DIMENSIONS[dimension.name][language]
    channels = [
        (channel, parts_of(figures, population, dimension, {"channel": channel})) for channel in by.CHANNEL.codes
    ]
    used = [(channel, parts) for channel, parts in channels if any(number for _, number in parts)]
    if not used:
        return None
    named = [(CODES["channel"][channel][language], parts) for channel, parts in used]
    drawn = charts.stacks(
        f"{population}-{dimension.name}-by-channel",
        title,
        " ".join(
            f"{name}: {describe([(words[code][language], number) for code, number in parts])}" for name, parts in named
        ),
        [(name, [(words[code].brief(language), number) for code, number in parts]) for name, parts in named],
    )
    rows = tuple(
        Row(words[code][language], tuple(count(dict(parts)[code]) for _, parts in used)) for code in dimension.codes
    )
    grid = Grid(title, tuple(name for name, _ in named), rows)
    return Figure(f"{dimension.name}-by-channel", title, drawn, (grid,), is_wide=True)


def together(
    figures: Figures, language: Language, key: str, title: str, dimensions: Sequence[Dimension]
) -> Figure | None:
    """Several questions with the same answers (yes, no, not stated), as one bar each."""
    asked = [(dimension, parts_of(figures, Population.CONTACTS, dimension)) for dimension in dimensions]
    answered = [(dimension, parts) for dimension, parts in asked if parts]
    if not answered:
        return None
    codes = dimensions[0].codes
    words = CODES[dimensions[0].name]
    named = [
        (DIMENSIONS[dimension.name][language], [(words[code][language], number) for code, number in parts])
        for dimension, parts in answered
    ]
    description = " ".join(f"{name}: {describe(parts)}" for name, parts in named)
    rows = tuple(Row(name, tuple(count(number) for _, number in parts)) for name, parts in named)
    grid = Grid(title, tuple(words[code][language] for code in codes), rows)
    return Figure(key, title, charts.stacks(key, title, description, named), (grid,))
