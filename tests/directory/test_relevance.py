"""What people find with their own words, judged by three gradings (tests/directory/judged)."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from statistics import mean

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from helpline.directory.imports import import_parts
from helpline.directory.models import Source
from helpline.directory.search import Wanted, find
from tests.directory.judged import grading
from tests.directory.judged.corpus import Invented, invented, parts
from tests.directory.judged.grading import Question, Rubric, questions

NOW = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)  # Thursday noon in New Zealand
pytestmark = pytest.mark.django_db
SERVICES = {each.id: each for each, _ in invented()}


@dataclass(frozen=True)
class Answer:
    question: Question
    shown: tuple[Invented, ...]
    others: tuple[Invented, ...]

    def ndcg(self, rubric: Rubric) -> float:
        grade = [rubric(self.question, each) for each in self.shown]
        return grading.ndcg(grade, (rubric(self.question, each) for each in SERVICES.values()))

    @property
    def is_hit(self) -> bool:
        """One of the first three is right by all gradings."""
        return any(min(rubric(self.question, each) for rubric in grading.RUBRICS) >= 2 for each in self.shown[:3])


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Answer]]:
    with django_db_blocker.unblock(), transaction.atomic():
        outcome = import_parts(parts(), Source.objects.create(name="Judged"))
        assert not outcome.refused
        yield [_answer(each) for each in questions()]
        transaction.set_rollback(True)


def _answer(question: Question) -> Answer:
    found = find(Wanted(words=question.words), NOW)
    shown = tuple(SERVICES[each.service.id] for each in found.cards)
    return Answer(question, shown, tuple(SERVICES[each.service.id] for each in found.national))


def test_there_are_enough_questions_and_services() -> None:
    assert len(questions()) >= 150
    assert len({each.words for each in questions()}) == len(questions())
    assert len(SERVICES) >= 150
    assert 3 * sum(each.is_held_out for each in questions()) >= len(questions()) - 2


@pytest.mark.parametrize(("one", "other"), list(combinations(grading.RUBRICS, 2)))
def test_the_gradings_differ_and_mostly_agree(
    one: Callable[[Question, Invented], int], other: Callable[[Question, Invented], int]
) -> None:
    pairs = [
        (one(question, service), other(question, service)) for question in questions() for service in SERVICES.values()
    ]
    assert any(first != second for first, second in pairs)
    assert grading.agreement(pairs) > 0.6


def test_the_second_grader_graded_every_question_and_only_what_exists() -> None:
    """A slip in a name would be a grade of 0 that nobody gave."""
    given = json.loads((Path(grading.__file__).parent / "second_grader.json").read_text("utf-8"))
    assert list(given) == [each.words for each in questions()]
    names = {each.name for each in SERVICES.values()}
    names |= {each.name.replace(each.town, "{town}") for each in SERVICES.values() if each.town}
    for words, grades in given.items():
        assert set(grades) <= names, words
        assert set(grades.values()) <= {1, 2, 3}, words


def test_every_question_can_be_answered() -> None:
    for question in questions():
        best = max(min(rubric(question, each) for rubric in grading.RUBRICS) for each in SERVICES.values())
        assert best >= 2, question.words


@pytest.mark.parametrize("is_held_out", [False, True], ids=["tuned on", "held out"])
def test_the_right_services_come_first(answers: list[Answer], is_held_out: bool) -> None:
    some = [each for each in answers if each.question.is_held_out == is_held_out]
    assert mean(each.ndcg(grading.mean_of_makers) for each in some) >= 0.85
    assert mean(each.ndcg(grading.mean) for each in some) >= 0.85
    assert mean(each.is_hit for each in some) >= 0.95


@pytest.mark.parametrize(("is_held_out", "holds"), [(False, 0.87), (True, 0.83)], ids=["tuned on", "held out"])
def test_what_holds_by_the_second_grader_alone(answers: list[Answer], is_held_out: bool, holds: float) -> None:
    """Not the 0.85 that the gradings together are held to: on what was held out it is less (docs/directory.md)."""
    measured = mean(each.ndcg(grading.by_second_grader) for each in answers if each.question.is_held_out == is_held_out)
    sys.stdout.write(f"nDCG@10 by the second grader alone: {measured:.3f}\n")  # seen with -rP
    assert measured >= holds


def test_nobody_is_shown_what_could_harm_them(answers: list[Answer]) -> None:
    """Not among the first five, as asked, and nowhere else either."""
    for each in answers:
        harmful = [
            service.name for service in (*each.shown, *each.others) if grading.is_harmful(each.question, service)
        ]
        assert harmful == [], each.question.words


def test_nobody_is_left_without_an_answer(answers: list[Answer]) -> None:
    for each in answers:
        assert each.shown, each.question.words
        assert each.others or any(not service.region for service in each.shown), each.question.words
