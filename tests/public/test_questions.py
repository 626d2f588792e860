"""Questions and answers as everybody reads and searches them, without a script or a cookie."""

import re

import pytest
from django.core import mail
from django.test import Client

from helpline.content.models import HomePage, QuestionPage
from helpline.engagement import questions
from helpline.engagement.models import AskedQuestion, Usefulness
from helpline.engagement.questions import Asking
from helpline.lines.models import Line
from helpline.public import questions as views
from helpline.vault.keystore import KeyStore
from helpline.web.limiter import Pace
from tests.public.asking import ask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(written_line: Line) -> Line:
    return Line.objects.get(pk=written_line.pk)


def found(page: str) -> str:
    return page.split('id="found"')[1].split("</section>", maxsplit=1)[0]


def test_all_are_listed_by_who_asks_and_each_has_its_address(client: Client) -> None:
    page = ask(client, "/faq/")
    public, providers = page.split('id="public"')[1].split('id="providers"')
    assert '<a href="/faq/is-it-free/">' in public
    assert '<a href="/faq/how-do-i-refer-someone/">' in providers
    assert "/faq/how-do-i-refer-someone/" not in public
    pages = QuestionPage.objects.filter(locale__language_code="en")
    assert pages.count() == 27
    for each in pages:
        answer = ask(client, each.url)
        assert each.title in answer
        assert 'href="tel:111"' in answer.split("<h1>")[1]
        assert len(answer.encode()) < 40 * 1024
    ask(client, "/faq/nothing/", status=404)


def test_in_te_reo_what_is_not_translated_is_english_and_marked(client: Client) -> None:
    page = ask(client, "/mi/faq/")
    assert '<li><a href="/mi/faq/is-it-free/">He utu tō tēnei?</a>' in page
    assert '<li lang="en"><a href="/mi/faq/visa/">' in page
    answer = re.sub(r"<[^>]+>", "", ask(client, "/mi/faq/is-it-free/"))  # words of te reo in it are marked
    assert "Kāore he utu, ahakoa te roa o te kōrero." in answer
    untranslated = ask(client, "/mi/faq/visa/")
    assert "Kāore anō kia whakamāoritia" in untranslated
    assert '<div class="stack words" lang="en">' in untranslated


def test_words_are_found_in_question_and_answer_in_the_language_of_the_page(client: Client) -> None:
    page = ask(client, "/faq/", {"words": "refers someones"})  # as they are bent
    assert found(page).index("/faq/how-do-i-refer-someone/") > 0
    assert 'value="refers someones"' in page
    assert "/faq/is-it-free/" in found(ask(client, "/faq/", {"words": "zebra free"}))  # not all of them anywhere
    assert "/mi/faq/is-it-free/" in found(ask(client, "/mi/faq/", {"words": "korero roa"}))  # without its macron
    assert "He utu" not in found(ask(client, "/faq/", {"words": "is it free"}))


@pytest.mark.parametrize("words", ["zebra", "'); --", "& | ! :*", "<zebra>", "the", "%00", "\\"])
def test_where_nothing_is_found_it_is_said_kindly_with_the_numbers(client: Client, words: str) -> None:
    answer = found(ask(client, "/faq/", {"words": words}))
    assert "We found nothing with these words." in answer
    assert 'href="tel:1737"' in answer


def test_too_much_and_nothing_are_said_in_a_sentence_and_what_was_typed_stays(client: Client) -> None:
    assert "Write a word or two to look for." in ask(client, "/faq/", {"words": " "}, 400)
    page = ask(client, "/faq/", {"words": "a" * 101}, 400)
    assert "A few words are enough" in page
    assert "a" * 101 in page


def test_a_search_is_shown_again_in_the_other_language(client: Client) -> None:
    assert "He utu tō tēnei?" in found(ask(client, "/mi/faq/", {"words": "utu", "switch": "shown"}))
    typed = ask(client, "/mi/faq/", {"words": "utu", "switch": "typed"})
    assert 'value="utu"' in typed
    assert 'id="found"' not in typed


def test_a_draft_and_another_lines_are_nowhere(client: Client, line: Line) -> None:
    page = QuestionPage.objects.get(slug="visa")
    page.unpublish()
    assert "/faq/visa/" not in ask(client, "/faq/")
    assert "/faq/visa/" not in found(ask(client, "/faq/", {"words": "visa"}))
    ask(client, "/faq/visa/", status=404)
    HomePage.objects.filter(line=line).update(line=Line.objects.create(slug="other", name="Other", hosts=["other"]))
    assert "There are no questions here yet." in ask(client, "/faq/")


def test_what_is_published_anew_is_found_anew(client: Client) -> None:
    page = QuestionPage.objects.get(slug="visa")
    page.body = [("paragraph", "<p>About <b>zebras</b>.</p>")]
    page.save_revision().publish()
    assert "/faq/visa/" in found(ask(client, "/faq/", {"words": "zebra"}))


def test_by_its_name_alone_it_leads_to_where_questions_are(client: Client) -> None:
    for language in ("", "/mi"):
        answer = client.get(f"{language}/is-it-free/", headers={"host": "localhost"})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{language}/faq/is-it-free/")


def test_the_menu_leads_there_and_a_search_engine_finds_it(client: Client) -> None:
    assert 'href="/faq/"' in ask(client, "/about/")
    assert "/faq/is-it-free/" in ask(client, "/sitemap.xml")


# Whether it was of use


def test_one_press_is_counted_and_thanked_without_knowing_who(client: Client) -> None:
    assert "Was this useful?" in ask(client, "/faq/visa/")
    ask(client, "/faq/visa/useful/", {"useful": "yes"}, 302)
    ask(client, "/faq/visa/useful/", {"useful": "no"}, 302)
    ask(client, "/faq/visa/useful/", {"useful": "<b>"}, 302)
    ask(client, "/faq/nothing/useful/", {"useful": "yes"}, 404)
    [counted] = Usefulness.objects.all()
    assert (counted.page.slug, counted.yes, counted.no) == ("visa", 1, 1)
    page = ask(client, "/faq/visa/?thanks")
    assert "We count what was pressed, and not who pressed it." in page
    assert "useful/" not in page


def test_presses_are_paced(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.useful, "pace", Pace("useful", 1, 0.001))
    ask(client, "/faq/visa/useful/", {"useful": "yes"}, 302)
    ask(client, "/faq/visa/useful/", {"useful": "yes"}, 503)
    assert Usefulness.objects.get().yes == 1


# Asking


def test_the_page_says_first_that_it_is_no_way_to_get_help(client: Client) -> None:
    page = ask(client, "/faq/ask/").split("<h1>")[1]
    assert page.index("This is not the way to get help") < page.index('href="tel:1737"') < page.index('<form id="ask"')


def test_a_question_is_kept_sealed_with_or_without_an_address(client: Client, key_store: KeyStore) -> None:
    ask(client, "/faq/ask/", {"question": " Do you come to hui? ", "address": ""}, 302)
    ask(client, "/mi/faq/ask/", {"question": "Ka haere mai?", "address": "somebody@example.org"}, 302)
    first, second = AskedQuestion.objects.all()
    assert questions.open_asked(first) == Asking("Do you come to hui?")
    assert questions.open_asked(second) == Asking("Ka haere mai?", "somebody@example.org")
    assert (first.language, second.language) == ("en", "mi")
    assert "after 60 days in any case" in ask(client, "/faq/asked/")
    assert not mail.outbox


def test_what_cannot_be_is_said_and_what_was_typed_stays(client: Client) -> None:
    page = ask(client, "/faq/ask/", {"question": "Do you?", "address": "nobody"}, 400)
    assert "This does not look like an e-mail address." in page
    assert "Do you?" in page
    assert 'value="nobody"' in page
    assert "Write what you would like to know." in ask(client, "/faq/ask/", {}, 400)
    assert "at most 500 letters" in ask(client, "/faq/ask/", {"question": "a" * 501}, 400)
    assert not AskedQuestion.objects.exists()


def test_while_it_cannot_be_kept_safely_nothing_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_OPEN", 0)
    page = ask(client, "/faq/ask/", {"question": "Do you come?"}, 503)
    assert "Very many questions wait just now." in page
    assert "Do you come?" in page


def test_switching_the_language_keeps_what_was_typed_and_sends_nothing(client: Client) -> None:
    page = ask(client, "/mi/faq/ask/", {"question": "Do you come?", "address": "nobody", "switch": "typed"})
    assert "Do you come?" in page
    assert 'value="nobody"' in page
    assert not AskedQuestion.objects.exists()
