"""The page of those who answer what people ask."""

import html
from collections.abc import Callable, Mapping

import pytest
from django.core import mail
from django.test import Client

from helpline.accounts.models import Role, User
from helpline.content.models import QuestionPage
from helpline.engagement import questions
from helpline.engagement.models import AskedQuestion
from helpline.engagement.questions import Asking
from helpline.lines.models import Line
from helpline.vault.keystore import KeyStore

pytestmark = pytest.mark.django_db
At = Callable[..., str]
ASKING = Asking("Do you come to our hui?\nWe would like that.", "somebody@example.org")
DRAFT = {"title": "Do you come to hui?", "audience": "providers"}


@pytest.fixture
def at(client: Client) -> At:
    """A page as somebody sees it."""

    def at(user: User, path: str, status: int = 200, sent: Mapping[str, object] | None = None) -> str:
        client.force_login(user)
        headers = {"host": "127.0.0.1:8123"}
        where = f"/questions/{path}"
        answer = client.get(where, headers=headers) if sent is None else client.post(where, sent, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return html.unescape(answer.content.decode())

    return at


@pytest.fixture
def line(written_line: Line) -> Line:
    return Line.objects.get(pk=written_line.pk)


@pytest.fixture
def asked(line: Line, key_store: KeyStore) -> AskedQuestion:
    return questions.ask(line, "en", ASKING)


def test_a_question_becomes_a_draft_and_who_asked_is_told_once_it_is_published(
    at: At, asked: AskedQuestion, mira: User
) -> None:
    assert f'href="/questions/{asked.code}/"' in at(mira, "")
    page = at(mira, f"{asked.code}/")
    assert "Do you come to our hui?<br>We would like that." in page
    assert "They would like a link to the answer." in page
    assert "somebody@example.org" not in page
    at(mira, f"{asked.code}/begin", 302, DRAFT)
    assert "It is a draft among the pages of the line." in at(mira, f"{asked.code}/")
    assert "The answer is not published yet." in at(mira, f"{asked.code}/answered", 409, {})
    assert not mail.outbox
    QuestionPage.objects.get(slug="do-you-come-to-hui").get_latest_revision().publish()
    assert "Send the link, and erase the question" in at(mira, f"{asked.code}/")
    at(mira, f"{asked.code}/answered", 302, {})
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["somebody@example.org"], "Your question")
    assert "http://localhost:8123/faq/do-you-come-to-hui/\n" in sent.body
    assert "hui?" not in sent.body
    assert not AskedQuestion.objects.exists()
    assert "This question is not here" in at(mira, f"{asked.code}/", 404)


def test_what_is_answered_already_needs_no_draft(at: At, line: Line, asked: AskedQuestion, mira: User) -> None:
    other = questions.ask(line, "mi", Asking("He utu?"))
    page = QuestionPage.objects.get(slug="is-it-free", locale__language_code="mi")
    assert "Choose one of our questions." in at(mira, f"{other.code}/lead", 400, {"page": "0"})
    at(mira, f"{other.code}/lead", 302, {"page": page.pk})
    assert "It is answered: erase the question" in at(mira, f"{other.code}/")
    at(mira, f"{other.code}/answered", 302, {})
    assert list(AskedQuestion.objects.all()) == [asked]
    assert not mail.outbox


def test_while_no_mail_goes_nothing_is_erased(at: At, asked: AskedQuestion, mira: User, settings: object) -> None:
    page = QuestionPage.objects.get(slug="is-it-free", locale__language_code="en")
    at(mira, f"{asked.code}/lead", 302, {"page": page.pk})
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]  # the fixture
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]  # nobody is there
    assert "The mail server cannot be reached" in at(mira, f"{asked.code}/answered", 503, {})
    assert AskedQuestion.objects.exists()


def test_what_was_typed_stays_and_is_refused_in_a_sentence(at: At, asked: AskedQuestion, mira: User) -> None:
    page = at(mira, f"{asked.code}/begin", 400, {"title": "a" * 121, "audience": "providers"})
    assert "a" * 121 in page
    assert "has at most 120 letters." in page
    assert '<option value="providers" selected>' in page


def test_one_can_be_put_aside(at: At, asked: AskedQuestion, mira: User) -> None:
    at(mira, f"{asked.code}/aside", 302, {})
    assert "Nothing waits." in at(mira, "")


def test_how_useful_each_is_is_shown(at: At, asked: AskedQuestion, mira: User) -> None:
    questions.count_useful(QuestionPage.objects.get(slug="visa"), was_useful=False)
    title = QuestionPage.objects.get(slug="visa").title
    assert f'<td lang="en">{title}</td><td>0</td><td>1</td>' in at(mira, "")


def test_it_is_for_editors_and_operators(at: At, asked: AskedQuestion, asha: User, sunita: User, mira: User) -> None:
    for user in (asha, sunita):
        at(user, "", 403)
        at(user, f"{asked.code}/", 403)
        at(user, f"{asked.code}/aside", 403, {})
    User.objects.filter(pk=mira.pk).update(role=Role.OPERATOR)
    mira.refresh_from_db()
    assert "Do you come to our hui?" in at(mira, f"{asked.code}/")
