"""The index that a search goes through, kept true by whatever changes the directory, in the same transaction.

It is made of what anybody may see. What would be written as it is already is left alone, so that a whole directory can
be gone through after an import; until that commits, and if it never does, searches see the index of before.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from helpline.directory.entries import Entry, entries_of
from helpline.directory.hours import Hours
from helpline.directory.hsds import Model, links_of
from helpline.directory.models import (
    Attribute,
    Findable,
    Index,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Word,
)
from helpline.directory.needs import WHO, Side
from helpline.directory.places import nearest_region
from helpline.directory.words import words_of
from helpline.lines.regions import PLACES

EDITION = 4  # another number, and every index is made anew: raise it with what is indexed, or how
LOCK = 0x4853_4458  # one at a time writes the index
BATCH = 500  # services at a time, with all that hangs on them
REGIONS = {code: 1 << number for number, (code, _) in enumerate(PLACES)}
WHOM = {code: 1 << number for number, code in enumerate(sorted(WHO))}
COUNTRY = 1 << len(REGIONS)
SIDES = {Side.HARMED: COUNTRY << 1, Side.HARMING: COUNTRY << 2}
ROOM = {"taking": 1, "waiting": -1, "full": -1}
NEED = "#"
# How much a word says, by where it stands.
FIELDS = {"name": 3.0, "organization": 2.0, "terms": 2.0, "eligibility": 1.0, "about": 1.0}
USUAL_LENGTH = 60  # words of a service; in a longer one each says less
COLUMNS = (
    *("number", "service", "organization", "side", "is_national", "regions", "for_whom", "languages", "is_free"),
    *("week", "room", "verified_on", "latitude", "longitude", "spots", "words", "digest"),
)


@transaction.atomic
def refresh(services: Collection[UUID] | None = None, progress: Callable[[int], None] = lambda count: None) -> int:
    """Make the index true of these services, or of all; returns how many were written anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        writer = Writer(cursor)
        wanted = _names(services)
        writer.forget_all_but(wanted, services)
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            writer.write(batch, [each for each in entries_of(batch) if not each.is_mediation])
            progress(min(start + BATCH, len(wanted)))
        writer.count()
        if services is None:
            Index.objects.update_or_create(pk=1, defaults={"edition": EDITION, "services": Findable.objects.count()})
            writer.analyse()
    return writer.written


def services_of(model: Model, names: Collection[UUID]) -> set[UUID]:
    """The services that these rows say something of."""
    if model is Service:
        return set(names)
    if model is Organization:
        return set(Service.objects.filter(organization__in=names).values_list("pk", flat=True))
    if model is Location:
        return set(ServiceAtLocation.objects.filter(location__in=names).values_list("service_id", flat=True)) - {None}
    links: dict[str, Any] = {each.attname: each.related_model for each in links_of(model)}
    if model is Attribute:
        links["link_id"] = Service
    found: set[UUID] = set()
    for link, other in links.items():
        if other in {Service, Organization, Location, ServiceAtLocation}:
            held = model.objects.filter(pk__in=names).values_list(link, flat=True)
            found |= services_of(other, [each for each in held if each])
    return found


_built: set[str] = set()
"""Databases of which this process knows that their index is there."""


def ensure_built() -> None:
    """A directory from before there was an index, or of an older edition of it, gets its index when it is needed."""
    name = str(connection.settings_dict["NAME"])
    if name not in _built:
        if not Index.objects.filter(edition=EDITION).exists() and Service.objects.exists():
            refresh()
        _built.add(name)


def _names(services: Collection[UUID] | None) -> list[UUID]:
    some = Service.objects.filter(status="active")
    some = some if services is None else some.filter(pk__in=services)
    return list(some.order_by("pk").values_list("pk", flat=True))


class Writer:
    """Writes what differs."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.written = 0
        self._kept = dict(Word.objects.values_list("word", "pk"))
        self._difference: Counter[int] = Counter()

    def forget_all_but(self, wanted: Sequence[UUID], among: Collection[UUID] | None) -> None:
        known = Findable.objects.all() if among is None else Findable.objects.filter(service__in=among)
        gone = set(known.values_list("service", flat=True)) - set(wanted)
        self._take_away(list(Findable.objects.filter(service__in=gone).values_list("number", "words")))

    def write(self, names: Sequence[UUID], entries: Sequence[Entry]) -> None:
        """Of these services, those that may be found."""
        some = Findable.objects.filter(service__in=names).values("number", "service", "digest", "words")
        known = {each["service"]: each for each in some}
        fresh = []
        for entry in entries:
            digest = blake2b(json.dumps(_facts(entry), sort_keys=True).encode(), digest_size=16).digest()
            before = known.get(entry.service)
            if before is None or bytes(before["digest"]) != digest:
                fresh.append((entry, digest, before["number"] if before else None))
        stays = {entry.service for entry in entries} - {entry.service for entry, _, _ in fresh}
        self._take_away([(each["number"], each["words"]) for each in known.values() if each["service"] not in stays])
        if fresh:
            self._add(fresh)
            self.written += len(fresh)

    def _take_away(self, some: list[tuple[int, list[int]]]) -> None:
        """A posting is found by its word first."""
        if not some:
            return
        pairs = [(word, number) for number, words in some for word in words]
        self._cursor.execute(
            "DELETE FROM directory_posting USING unnest(%s::int[], %s::int[]) AS gone (word, number)"
            " WHERE word_id = gone.word AND directory_posting.number = gone.number",
            [[word for word, _ in pairs], [number for _, number in pairs]],
        )
        self._difference.subtract(word for word, _ in pairs)
        Findable.objects.filter(pk__in=[number for number, _ in some]).delete()

    def _add(self, fresh: list[tuple[Entry, bytes, int | None]]) -> None:
        weights = [weigh(entry) for entry, _, _ in fresh]
        self._learn({word for each in weights for word in each})
        numbers = self._numbers([number for _, _, number in fresh])
        self._copy(
            "directory_findable",
            COLUMNS,
            [
                _row(number, entry, [self._kept[word] for word in each], digest)
                for number, (entry, digest, _), each in zip(numbers, fresh, weights, strict=True)
            ],
        )
        shown = [
            (number, entry.shown["name"], entry.shown["about"], json.dumps(entry.shown))
            for number, (entry, _, _) in zip(numbers, fresh, strict=True)
        ]
        self._copy("directory_shown", ("findable_id", "name", "about", "shown"), shown)
        postings = [
            (self._kept[word], number, scope_of(entry), round(weight, 4))
            for number, (entry, _, _), each in zip(numbers, fresh, weights, strict=True)
            for word, weight in each.items()
        ]
        self._copy("directory_posting", ("word_id", "number", "scope", "weight"), sorted(postings))
        self._difference.update(posting[0] for posting in postings)

    def _learn(self, words: Collection[str]) -> None:
        new = sorted(set(words) - self._kept.keys())
        if new:
            Word.objects.bulk_create([Word(word=word) for word in new])
            self._kept |= dict(Word.objects.filter(word__in=new).values_list("word", "pk"))

    def _numbers(self, known: list[int | None]) -> list[int]:
        self._cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('directory_findable', 'number')) FROM generate_series(1, %s)",
            [known.count(None)],
        )
        new = iter([number for (number,) in self._cursor.fetchall()])
        return [next(new) if number is None else number for number in known]

    def _copy(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        with self._cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def count(self) -> None:
        """How many services have each word: the more, the less it says."""
        changed = [(word, by) for word, by in self._difference.items() if by]
        self._cursor.execute(
            "UPDATE directory_word SET services = services + changed.by"
            " FROM unnest(%s::int[], %s::int[]) AS changed (word, by) WHERE id = changed.word",
            [[word for word, _ in changed], [by for _, by in changed]],
        )

    def analyse(self) -> None:
        """Else the next question is planned as if the tables were empty."""
        self._cursor.execute("ANALYZE directory_findable, directory_posting, directory_word, directory_shown")


def _facts(entry: Entry) -> dict[str, Any]:
    """All that is written of a service."""
    return {
        "shown": entry.shown,
        "texts": entry.texts,
        "needs": entry.needs,
        "side": entry.side,
        "regions": sorted(entry.regions),
        "spots": entry.spots,
        "edition": EDITION,
    }


def _row(number: int, entry: Entry, words: list[int], digest: bytes) -> tuple[Any, ...]:
    first = entry.spots[0] if entry.spots else (None, None)
    capacity = entry.shown["capacity"]
    return (
        number,
        entry.service,
        entry.organization,
        entry.side,
        entry.reach == "national",
        sum(REGIONS[each] for each in entry.regions if each in REGIONS),
        sum(WHOM[each] for each in entry.for_whom),
        sorted(entry.languages),
        bool(entry.is_free),
        week_of(entry.hours),
        ROOM[capacity["word"]] if capacity else 0,
        entry.shown["verified_on"] or None,
        *first,
        [each for spot in entry.spots[1:] for each in spot],
        sorted(words),
        digest,
    )


def scope_of(entry: Entry) -> int:
    """Bits of where it may be found and for which side, so that most of what is elsewhere is passed over early."""
    around = entry.regions | {nearest_region(*each) for each in entry.spots}
    where = COUNTRY if entry.reach == "national" else sum(REGIONS[each] for each in around if each in REGIONS)
    return where | (SIDES[Side(entry.side)] if entry.side else sum(SIDES.values()))


def week_of(hours: Sequence[Hours]) -> list[int]:
    """Hours of the week in which it may be open, days and months aside: few are left to be looked at closely."""
    found = set()
    for each in hours:
        for day in () if each.is_shut else each.days:
            start = day * 24 + each.opens // 60
            found |= {hour % 168 for hour in range(start, day * 24 + -(-(each.opens + each.minutes) // 60))}
    return sorted(found)


def weigh(entry: Entry) -> dict[str, float]:
    """Words and needs of a service, and how much each says there (after BM25)."""
    raw: dict[str, float] = defaultdict(float)
    length = 0
    for kind, text in entry.texts.items():
        words = words_of(text)
        length += len(words)
        for word in words:
            raw[word] += FIELDS[kind]
    room = 1.2 * (0.5 + 0.5 * length / USUAL_LENGTH)
    needs = {NEED + code: sureness for code, sureness in entry.needs.items()}
    return {word: weight / (weight + room) for word, weight in raw.items()} | needs
