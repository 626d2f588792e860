"""Reading questions and answers: those of one line in one language, and those in which some words are."""

import re
from collections.abc import Iterable
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector

from helpline.content.models import HomePage, QuestionPage
from helpline.content.models.questions import folded
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

LONGEST_SEARCH: Final = 100
MOST_WORDS: Final = 8
# PostgreSQL knows no te reo: its words are compared as they stand, and by how they begin.
DICTIONARY: Final = {Language.ENGLISH: "english", Language.TE_REO: "simple"}


class QuestionUnknown(Exception):
    """There is no such question here, or it is not published."""


def questions_of(line: Line, language: str) -> list[QuestionPage]:
    """In the order of the editors; what is not there in te reo stands there in English."""
    own = {page.translation_key: page for page in _published(line, language)} if language != Language.ENGLISH else {}
    return [own.get(page.translation_key, page) for page in _published(line, Language.ENGLISH)]


def get_question(line: Line, language: str, slug: str) -> QuestionPage:
    """By its name in either language. Raises QuestionUnknown."""
    for page in questions_of(line, language):
        if page.slug == slug:
            return page
    named = next((page for each in Language for page in _published(line, each) if page.slug == slug), None)
    twin = named and next(
        (page for page in questions_of(line, language) if page.translation_key == named.translation_key), None
    )
    if twin is None:
        raise QuestionUnknown
    return twin


def search(line: Line, language: str, asked: str) -> list[QuestionPage]:
    """Those with all of the words, or else with any; the nearest first."""
    words = re.findall(r"\w+", folded(asked[:LONGEST_SEARCH]).replace("_", " "))[:MOST_WORDS]
    shown = questions_of(line, language)
    for between in (" & ", " | "):
        if words and (found := _ranked(shown, between.join(f"{word}:*" for word in words))):
            return found
    return []


def _ranked(shown: Iterable[QuestionPage], terms: str) -> list[QuestionPage]:
    keys = [page.pk for page in shown]
    found: list[QuestionPage] = []
    for language, dictionary in DICTIONARY.items():
        query = SearchQuery(terms, search_type="raw", config=dictionary)
        vector = SearchVector("plain", config=dictionary)
        pages = QuestionPage.objects.filter(pk__in=keys, locale__language_code=language.value)
        ranked = pages.annotate(found=vector, rank=SearchRank(vector, query)).filter(found=query)
        found.extend(ranked.select_related("locale"))
    return sorted(found, key=lambda page: -page.rank)


def _published(line: Line, language: str) -> list[QuestionPage]:
    home = HomePage.objects.live().filter(line=line, tongue=language).first()
    if home is None:
        return []
    live = QuestionPage.objects.live().child_of(home).filter(alias_of=None)
    return list(live.select_related("locale").order_by("order", "title"))
