"""Reading consultations: which there are, and their sections in one language."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText, get_text_for_indexing

from helpline.content.models import ConsultationPage, HomePage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line


class ConsultationUnknown(Exception):
    """There is no such consultation here, or it is not for everybody yet."""


class SectionUnknown(Exception):
    """The consultation has no such section."""


@dataclass(frozen=True)
class Piece:
    """Words, and the language that they are in."""

    words: str
    language: str

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class Proposal:
    key: UUID
    text: Piece


@dataclass(frozen=True)
class Section:
    """The key is the same in every language, and in every draft."""

    key: UUID
    number: int
    title: Piece
    text: Piece
    proposals: tuple[Proposal, ...]
    said: Piece
    did: Piece

    @property
    def is_answered(self) -> bool:
        return bool(self.said or self.did)


@dataclass(frozen=True)
class Consultation:
    """A consultation in one language; what is not there in it is there in English."""

    page: ConsultationPage
    title: Piece
    summary: Piece
    outcome: Piece
    sections: tuple[Section, ...]
    is_translated: bool
    is_reviewed: bool

    def section(self, key: UUID) -> Section:
        """Raises SectionUnknown."""
        for section in self.sections:
            if section.key == key:
                return section
        raise SectionUnknown


def consultations_of(line: Line) -> QuerySet[ConsultationPage]:
    """Those that everybody may read, the one that closes last first."""
    home = HomePage.objects.filter(line=line, tongue=Language.ENGLISH).first()
    live: Any = ConsultationPage.objects.live()
    found: QuerySet[ConsultationPage] = live.child_of(home) if home else live.none()
    return found.order_by("-closes_on", "-pk")


def all_consultations() -> QuerySet[ConsultationPage]:
    """Of every line, for staff; drafts too."""
    found: QuerySet[ConsultationPage] = ConsultationPage.objects.filter(locale__language_code=Language.ENGLISH.value)
    return found.order_by("-closes_on", "-pk")


def open_or_answered(today: dt.date) -> list[ConsultationPage]:
    """Of every line, what there is to tell of: those that are open, and closed ones with the summary of their host."""
    live = all_consultations().filter(live=True)
    answered = [page for page in live.filter(closes_on__lt=today) if in_language(page, Language.ENGLISH).outcome]
    return [*live.filter(opens_on__lte=today, closes_on__gte=today), *answered]


def get_page(line: Line, slug: str) -> ConsultationPage:
    """Raises ConsultationUnknown."""
    found = consultations_of(line).filter(slug=slug).first()
    if found is None:
        raise ConsultationUnknown
    return found


def get_any(key: UUID) -> ConsultationPage:
    """For staff, by what it is called in every language. Raises ConsultationUnknown."""
    found = all_consultations().filter(translation_key=key).first()
    if found is None:
        raise ConsultationUnknown
    return found


def is_open(page: ConsultationPage, today: dt.date) -> bool:
    return page.live and page.state_on(today) == "open"


def section_of(page: ConsultationPage, key: UUID) -> Section:
    """Raises SectionUnknown."""
    return in_language(page, Language.ENGLISH).section(key)


def in_language(page: ConsultationPage, language: str) -> Consultation:
    other = None
    if language != Language.ENGLISH:
        twins = ConsultationPage.objects.live().filter(translation_key=page.translation_key)
        other = twins.filter(locale__language_code=language).first()
    own = _sections(other.sections) if other else {}
    sections = [
        _section(number, key, fields, own.get(key, {}), language)
        for number, (key, fields) in enumerate(_sections(page.sections).items(), 1)
    ]

    def piece(name: str) -> Piece:
        return _piece(getattr(page, name), getattr(other, name, ""), language)

    outcome = _piece(_html(RichText(page.outcome)), _html(RichText(other.outcome if other else "")), language)
    is_reviewed = other is not None and other.is_reviewed
    return Consultation(
        page, piece("title"), piece("summary"), outcome, tuple(sections), other is not None, is_reviewed
    )


def _sections(stream: StreamValue) -> dict[UUID, dict[str, Any]]:
    return {UUID(block.id): block.value for block in stream}


def _section(number: int, key: UUID, english: dict[str, Any], own: dict[str, Any], language: str) -> Section:
    def piece(name: str) -> Piece:
        return _piece(_html(english[name]), _html(own.get(name)), language)

    title = _piece(english["title"], own.get("title", ""), language)
    translated = dict(_proposals(own.get("proposals")))
    proposals = tuple(
        Proposal(each, _piece(text, translated.get(each, ""), language))
        for each, text in _proposals(english["proposals"])
    )
    return Section(key, number, title, piece("text"), proposals, piece("said"), piece("did"))


def _proposals(value: object) -> Iterator[tuple[UUID, str]]:
    for block in getattr(value, "bound_blocks", ()):
        yield UUID(block.id), str(block.value)


def _html(written: RichText | None) -> str:
    """As its links lead somewhere. An editor that was opened and left empty has written an empty paragraph."""
    return str(written) if written and get_text_for_indexing(written.source) else ""


def _piece(english: str, own: str, language: str) -> Piece:
    return Piece(own, language) if own else Piece(english, Language.ENGLISH.value)
