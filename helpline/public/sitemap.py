"""Where the pages are that may be found by searching, and in which languages: `/sitemap.xml`.

A page that is written elsewhere joins by what lists it: a function of the line in SOURCES, and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation

from helpline.content.consultations import consultations_of, in_language
from helpline.content.events import events_of
from helpline.content.queries import published_of
from helpline.content.questions import questions_of
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.publishing import released


@dataclass(frozen=True)
class Place:
    """One page."""

    paths: Mapping[str, str]
    """By language, such as {"en": "/figures/", "mi": "/mi/figures/"}."""


Source = Callable[[Line], Iterable[Place]]

# What anybody may read and nobody is led to by a link of their own: not the chat, nor what asks for words.
PAGES = (
    *("home", "about", "confidentiality", "digital-safety", "other-lines", "find-help", "contract", "shield"),
    *("posters", "poster-order"),
)


def places(line: Line) -> list[Place]:
    return [place for source in SOURCES for place in source(line)]


def in_each_language(name: str, **asked: str) -> Place:
    """By the name of its address; one that has no other in te reo stands once."""
    paths = {}
    for language in Language:
        with translation.override(language.value):
            paths[language.value] = reverse(name, kwargs=asked)
    if len(set(paths.values())) == 1:
        paths = {Language.ENGLISH.value: paths[Language.ENGLISH.value]}
    return Place(paths)


def pages(line: Line) -> Iterator[Place]:
    for name in PAGES:
        yield in_each_language(name)


def figures(line: Line) -> Iterator[Place]:
    """The latest, how they are made, and each month that was published."""
    for name in ("latest", "archive", "how"):
        yield in_each_language(f"figures:{name}")
    for release in released.releases_of(line):
        yield in_each_language("figures:period", period=released.code_of(release))


def updates(line: Line) -> Iterator[Place]:
    for name in ("sign-up", "archive"):
        yield in_each_language(f"updates:{name}")


def consultations(line: Line) -> Iterator[Place]:
    """The list, each draft, and each of its sections, with what was said."""
    yield in_each_language("consultations:list")
    for page in consultations_of(line):
        yield in_each_language("consultations:one", slug=page.slug)
        for section in in_language(page, Language.ENGLISH).sections:
            yield in_each_language("consultations:section", slug=page.slug, key=str(section.key))


def questions(line: Line) -> Iterator[Place]:
    yield in_each_language("faq")
    for page in questions_of(line, Language.ENGLISH):
        yield in_each_language("question", slug=page.slug)


def events(line: Line) -> Iterator[Place]:
    yield in_each_language("events:list")
    for page in events_of(line):
        yield in_each_language("events:one", slug=page.slug)


def written(line: Line) -> Iterator[Place]:
    """What editors published, in the languages that it is written in; what stands at an address of ours is there."""
    ours = {path for place in pages(line) for path in place.paths.values()}
    for paths in published_of(line):
        if not ours & set(paths.values()):
            yield Place(paths)


SOURCES: tuple[Source, ...] = (pages, figures, updates, consultations, events, questions, written)
