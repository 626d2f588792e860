"""What people ask: read by whoever answers it, and gone once it is answered, put aside, or sixty days old."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from helpline.accounts.models import User
from helpline.content.models import QuestionPage
from helpline.engagement import questions
from helpline.engagement.models import AskedQuestion, Usefulness
from helpline.engagement.models.questions import SEALED_QUESTION_BYTES
from helpline.engagement.questions import AskedUnknown, Asking, TooManyQuestions
from helpline.lines.models import Line
from helpline.vault import tombstones
from helpline.vault.keystore import KeyStore

pytestmark = pytest.mark.django_db
ASKING = Asking("Do you come to our hui in Ōtaki?", "somebody@example.org")


@pytest.fixture
def line(written_line: Line) -> Line:
    return Line.objects.get(pk=written_line.pk)


@pytest.fixture
def asked(line: Line, key_store: KeyStore) -> AskedQuestion:
    return questions.ask(line, "en", ASKING)


def test_only_who_answers_finds_it_and_a_copy_of_the_database_tells_nothing(
    asked: AskedQuestion, mira: User, asha: User, sunita: User
) -> None:
    assert questions.open_asked(questions.get_asked_for(mira, asked.code)) == ASKING
    assert b"taki" not in bytes(asked.sealed)
    for user in (asha, sunita):
        with pytest.raises(AskedUnknown):
            questions.get_asked_for(user, asked.code)


def test_the_longest_fits(line: Line, key_store: KeyStore) -> None:
    longest = Asking("👩🏽‍🚀"[:1] * 500, "a" * 254)
    asked = questions.ask(line, "mi", longest)
    assert questions.open_asked(asked) == longest
    assert len(asked.sealed) <= SEALED_QUESTION_BYTES


def test_with_another_key_it_opens_no_more(asked: AskedQuestion, key_store: KeyStore) -> None:
    key_store.destroy("questions")
    assert questions.open_asked(asked) is None


def test_after_sixty_days_it_goes(asked: AskedQuestion) -> None:
    assert questions.end_questions(asked.asked_on + dt.timedelta(days=59)) == 0
    AskedQuestion.objects.update(asked_on=asked.asked_on - dt.timedelta(days=60))
    call_command("erase_due")
    assert not AskedQuestion.objects.exists()


def test_an_old_backup_does_not_bring_it_back(asked: AskedQuestion, line: Line) -> None:
    other = questions.ask(line, "en", ASKING)
    before = AskedQuestion.objects.get(pk=asked.pk)
    questions.end(asked)
    tombstones.write_out()
    before.save(force_insert=True)  # as the backup had it
    questions.settle_restored()
    assert list(AskedQuestion.objects.all()) == [other]


def test_whoever_floods_the_form_is_held_off(asked: AskedQuestion, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_OPEN", 1)
    with pytest.raises(TooManyQuestions):
        questions.ask(line, "en", ASKING)


def test_a_draft_has_the_editors_words_a_free_address_and_none_of_the_strangers(
    asked: AskedQuestion, line: Line, mira: User
) -> None:
    titles = ("Ask", "Ask", "Is it free?", "？")
    slugs = [questions.begin_answer(mira, asked, title, "providers").slug for title in titles]
    assert slugs == ["ask-2", "ask-3", "is-it-free-2", "question"]
    page = QuestionPage.objects.get(slug="ask-2")
    assert (page.live, page.audience, page.latest_revision.user) == (False, "providers", mira)
    assert "taki" not in str(page.latest_revision.content)


def test_presses_are_counted_by_page_and_month_and_nothing_else_is(line: Line) -> None:
    page = QuestionPage.objects.get(slug="visa")
    for was_useful in (True, True, False):
        questions.count_useful(page, was_useful=was_useful)
    [counted] = Usefulness.objects.all()
    assert (counted.page, counted.yes, counted.no) == (page, 2, 1)
    assert counted.month == timezone.localdate().replace(day=1)
    assert (questions.usefulness()[0].slug, questions.usefulness()[0].yes) == ("visa", 2)
