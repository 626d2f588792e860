"""Signing up by a link that a mail brings, and ending it by one press: what each step changes, and for whom."""

import datetime as dt
import re
from collections.abc import Mapping

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.engagement import actions
from helpline.engagement.actions import Wish
from helpline.engagement.models import Mailing, SignUp, Subscriber, Topic, Update
from helpline.engagement.sending import address_ready
from helpline.lines.models import Line
from helpline.vault import tombstones
from helpline.vault.codes import new_code
from helpline.vault.subscribers import link_of
from tests.engagement.making import ready_update, subscribe

pytestmark = pytest.mark.django_db

ADDRESS = "heni@example.org"
FORM = {"topics": ["figures", "news"], "region": "otago", "language": "en", "address": ADDRESS}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def browser(client: Client) -> Client:
    """Of anybody; it never gets a cookie."""
    client.defaults["HTTP_HOST"] = "localhost"
    return client


def ask(browser: Client, path: str, form: Mapping[str, object] | None = None, status: int = 200) -> str:
    answer = browser.get(path) if form is None else browser.post(path, form)
    assert answer.status_code == status, answer.content.decode()
    assert not answer.cookies
    return answer.content.decode()


def mailed_link(language: str = "") -> str:
    found = re.search(rf"http://localhost(/updates/{language}confirm/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_an_address_is_written_to_only_once_its_link_was_used(browser: Client, line: Line) -> None:
    assert "Look into your mail" in ask(browser, "/updates/", FORM)
    assert not Subscriber.objects.exists()
    link = mailed_link()
    for _ in range(2):  # a mail scanner follows it as often as it likes
        page = ask(browser, link)
        assert "Figures: who gets in touch" in page
        assert "Events" not in page.split("<main")[1].split("</form>")[0]
        assert not Subscriber.objects.exists()
    assert "You are signed up" in ask(browser, link, {})
    subscriber = Subscriber.objects.get()
    assert (subscriber.topics, subscriber.region, subscriber.language) == (["figures", "news"], "otago", "en")
    assert not SignUp.objects.exists()
    assert "does not work any more" in ask(browser, link, status=404)  # once
    ask(browser, link, {}, 404)


def test_the_mail_names_nobody_and_nothing(browser: Client, line: Line) -> None:
    ask(browser, "/updates/", FORM)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([ADDRESS], "Please confirm your e-mail address")
    assert sent.message()["From"].startswith("Updates <")
    assert sent.message()["Auto-Submitted"] == "auto-generated"
    assert line.name not in f"{sent.subject}{sent.body}"


def test_no_copy_of_the_database_tells_an_address(browser: Client, line: Line) -> None:
    subscriber = subscribe(line, "Heni@Example.org")
    ask(browser, "/updates/", FORM)
    with connection.cursor() as cursor:
        for table in (SignUp, Subscriber):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table._meta.db_table} t")
            for (row,) in cursor.fetchall():
                assert "example" not in row
                assert ADDRESS.encode().hex() not in row
    assert len(bytes(subscriber.sealed)) == len(bytes(SignUp.objects.get().sealed))
    assert bytes(subscriber.find_hash) == bytes(SignUp.objects.get().find_hash)  # found again, by the key alone


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topics": []}, "Choose at least one."),
        ({"topics": ["gossip"]}, "Choose at least one."),
        ({"address": "heni"}, "That is no e-mail address."),
        ({"address": ""}, "That is no e-mail address."),
        ({"address": f"{'a' * 250}@example.org"}, "That is no e-mail address."),
        ({"region": "atlantis"}, "Choose one of these."),
        ({"language": "xx"}, "Choose one of these."),
    ],
)
def test_bad_input_gets_a_kind_sentence_and_stays(
    browser: Client, line: Line, change: dict[str, object], said: str
) -> None:
    page = ask(browser, "/updates/", {**FORM, **change}, 400)
    assert said in page
    assert 'value="otago" selected' in page or "region" in change
    assert ADDRESS in page or "address" in change
    assert not SignUp.objects.exists()
    assert mail.outbox == []


def test_who_is_signed_up_already_cannot_be_told_from_the_answer(browser: Client, line: Line) -> None:
    new = ask(browser, "/updates/", FORM)
    ask(browser, mailed_link(), {})
    assert ask(browser, "/updates/", FORM) == new
    assert len(mail.outbox) == 2
    ask(browser, "/updates/", {**FORM, "topics": ["events"]})
    ask(browser, mailed_link(), {})
    assert Subscriber.objects.get().topics == ["events"]  # what was asked for last


def test_nobody_fills_a_mailbox_that_is_not_theirs(browser: Client, line: Line) -> None:
    for _ in range(actions.MAILS_AT_ONCE + 2):
        assert "Look into your mail" in ask(browser, "/updates/", {**FORM, "address": "  HENI@example.org "})
    assert len(mail.outbox) == actions.MAILS_AT_ONCE


def test_a_mail_server_that_is_away_is_said_and_what_was_written_stays(
    browser: Client, line: Line, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False  # nobody listens there
    page = ask(browser, "/updates/", FORM, 503)
    assert "We could not send you a mail just now." in page
    assert ADDRESS in page
    assert not SignUp.objects.exists()


def test_what_nobody_confirms_is_gone_after_two_days(line: Line) -> None:
    token = actions.sign_up(line, ADDRESS, Wish(("news",), "", "en"))
    assert token
    SignUp.objects.update(expires_at=timezone.now())
    with pytest.raises(actions.LinkUnknown):
        actions.confirm(line, token)
    assert actions.forget_lapsed() == 1
    assert not SignUp.objects.exists()


def test_a_link_is_of_one_line(browser: Client, line: Line) -> None:
    other = Line.objects.create(slug="other", name="Other", hosts=["other.localhost"])
    token = actions.sign_up(other, ADDRESS, Wish(("news",), "", "en"))
    theirs = subscribe(other, "ana@example.org")
    for path in (f"confirm/{token}/", f"mine/{link_of(theirs.code)}/", f"mine/{link_of(theirs.code)}/news/"):
        ask(browser, f"/updates/{path}", {}, 404)
    assert Subscriber.objects.get() == theirs


def test_one_press_ends_one_topic_without_a_cookie_and_with_the_last_one_everything(
    browser: Client, line: Line
) -> None:
    """RFC 8058: a mail program posts this, from anywhere, with nothing but the address."""
    subscriber = subscribe(line, ADDRESS, ("news", "events"))
    path = f"/updates/mine/{link_of(subscriber.code)}"
    page = ask(browser, f"{path}/news/")
    assert "You still get" in page
    assert "Events" in page
    assert set(Subscriber.objects.get().topics) == {"news", "events"}  # looking ends nothing
    answer = Client(enforce_csrf_checks=True).post(
        f"{path}/news/", ONE_CLICK, headers={"host": "localhost", "sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 200
    assert Subscriber.objects.get().topics == ["events"]
    ask(browser, f"{path}/news/", ONE_CLICK)  # twice is once
    assert Subscriber.objects.get().topics == ["events"]
    assert "We have erased your address" in ask(browser, f"{path}/events/", ONE_CLICK)
    assert not Subscriber.objects.exists()
    ask(browser, f"{path}/events/", ONE_CLICK, 404)


def test_nothing_but_the_link_of_the_mail_opens_anything(browser: Client, line: Line) -> None:
    code = subscribe(line, ADDRESS).code
    right = link_of(code)
    wrong = ["A" * 44, code, right[:-1], right[:22] + link_of(new_code())[22:], right.swapcase()]
    for link in wrong:
        for path in (f"{link}/", f"{link}/news/"):
            ask(browser, f"/updates/mine/{path}", {"topics": ["news"]}, 404)
        ask(browser, f"/updates/mine/{link}/all/", {}, 404)
    ask(browser, f"/updates/mine/{right}/gossip/", {}, 404)
    assert set(Subscriber.objects.get().topics) == set(Topic.values)


def test_what_somebody_gets_is_changed_on_their_page_which_does_not_say_who_they_are(
    browser: Client, line: Line
) -> None:
    subscriber = subscribe(line, ADDRESS)
    path = f"/updates/mine/{link_of(subscriber.code)}/"
    assert "example.org" not in ask(browser, path)  # a forwarded mail tells nobody an address
    assert "Saved." in ask(browser, path, {"topics": ["events"], "region": "", "language": "mi"})
    subscriber.refresh_from_db()
    assert (subscriber.topics, subscriber.region, subscriber.language) == (["events"], "", "mi")
    assert "Choose at least one." in ask(browser, path, {"region": "", "language": "mi"}, 400)
    assert "We have erased your address" in ask(browser, f"{path}all/", {})
    assert not Subscriber.objects.exists()


def test_what_waits_is_not_sent_to_whoever_has_ended_it(line: Line) -> None:
    ready_update(line)
    stays, stops, goes = (subscribe(line, f"{name}@example.org") for name in ("ana", "bea", "cleo"))
    address_ready()
    actions.stop(stops, "news")
    actions.end(goes)
    assert [each.subscriber for each in Mailing.objects.all()] == [stays]


def test_restoring_an_old_backup_writes_to_nobody_who_had_ended_it_and_sends_nothing_twice(line: Line) -> None:
    gone, less, stays = (subscribe(line, f"{name}@example.org", ("news", "events")) for name in ("ana", "bea", "cleo"))
    actions.sign_up(line, ADDRESS, Wish(("news",), "", "en"))
    ready_update(line)
    address_ready()
    rows = [gone, Subscriber.objects.get(pk=less.pk)]
    actions.end(Subscriber.objects.get(pk=gone.pk))
    actions.stop(less, "news")
    tombstones.write_out()
    for row in rows:  # as they stood in the backup
        row.save(force_insert=row.pk == gone.pk) if row is gone else row.save()
    actions.settle_restored()
    assert {each.code: set(each.topics) for each in Subscriber.objects.all()} == {
        less.code: {"events"},
        stays.code: {"news", "events"},
    }
    assert not SignUp.objects.exists()
    assert not Mailing.objects.exists()
    assert Update.objects.get().state == Update.State.SENT


def test_an_operator_ends_it_for_whoever_asks_by_another_way(line: Line) -> None:
    subscribe(line, ADDRESS)
    assert not actions.end_by_address(line, "ana@example.org")
    assert actions.end_by_address(line, " Heni@example.org\n")
    assert not Subscriber.objects.exists()


def test_everything_is_there_in_te_reo(browser: Client, line: Line) -> None:
    page = ask(browser, "/updates/mi/")
    assert '<html lang="mi"' in page
    assert "awaits review by a native speaker" in page
    assert 'formaction="/updates/"' in page
    ask(browser, "/updates/mi/", {**FORM, "language": "mi"})
    assert mail.outbox[-1].subject == "Whakaūngia tō īmēra"
    link = mailed_link("mi/")
    assert "Āe, tukuna mai" in ask(browser, link)
    assert "Kua rēhita koe" in ask(browser, link, {})
    own = f"/updates/mi/mine/{link_of(Subscriber.objects.get().code)}/"
    assert "Whakamutua katoatia" in ask(browser, own)
    assert "Kua mukua tō īmēra" in ask(browser, f"{own}all/", {})


def test_an_address_ends_with_its_day(line: Line) -> None:
    actions.sign_up(line, ADDRESS, Wish(("news",), "", "en"))
    later = timezone.now() + dt.timedelta(hours=actions.CONFIRM_HOURS - 1)
    assert actions.forget_lapsed(later) == 0
    assert actions.forget_lapsed(later + dt.timedelta(hours=1)) == 1
