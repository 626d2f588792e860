"""Events as everybody reads them, and registering without JavaScript, cookie or account."""

import re

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from helpline.content.models import EventPage
from helpline.engagement.models import Registration
from helpline.lines.models import Line
from helpline.vault.subscribers import link_of
from tests.engagement.hosting import an_event, comes, in_te_reo
from tests.public.asking import ask

pytestmark = pytest.mark.django_db
AT = "/events/hui/"
FORM = {"name": "Hēni", "organization": "A house", "address": "heni@example.org", "needs": "A ramp"}
QUESTION = {"type": "question", "value": {"question": "Who pays?", "answer": "<p>The ministry does.</p>"}}


@pytest.fixture
def event(line: Line) -> EventPage:
    return an_event(line)


def mailed_path(kind: str) -> str:
    found = re.search(rf"http://localhost(/(?:mi/)?events/hui/{kind}/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_the_list_has_what_comes_and_what_was_and_no_draft(client: Client, line: Line, event: EventPage) -> None:
    an_event(line, "past", days=-30, title="Roadshow in Gore", questions=[QUESTION])
    an_event(line, "draft", title="Not yet", live=False)
    other = Line.objects.create(slug="other", name="Other", hosts=["other.localhost"])
    an_event(other, "elsewhere", title="Of another line")
    page = ask(client, "/events/")
    assert page.index("Coming") < page.index("Hui in Hastings") < page.index("Past") < page.index("Roadshow in Gore")
    assert "Not yet" not in page
    assert "Of another line" not in page
    assert "With questions and answers" in page
    ask(client, "/events/draft/", status=404)
    ask(client, "/events/elsewhere/", status=404)


def test_one_event_says_when_where_how_to_get_there_and_what_was_asked(client: Client, line: Line) -> None:
    an_event(line, online_address="https://meet.example.org/a", capacity=40, questions=[QUESTION])
    page = ask(client, AT)
    for said in ("Library, upstairs", "1 Example Street", "left at the clock", "There is a lift", "40 people"):
        assert said in page
    assert "Who pays?" in page
    assert "The ministry does." in page
    assert "meet.example.org" not in page  # for whoever registered


def test_somebody_registers_by_the_mailed_link_and_gives_their_place_back(client: Client, event: EventPage) -> None:
    assert "Look into your mail" in ask(client, f"{AT}register/", FORM)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["heni@example.org"], "Your registration")
    link = mailed_path("confirm")
    for _ in range(2):  # a mail scanner follows it as often as it likes
        assert "Is this right?" in ask(client, link)
    assert not Registration.objects.exclude(state="asked").exists()
    page = ask(client, link, {})
    for said in ("You have a seat", "Hēni", "A house", "A ramp"):
        assert said in page
    assert "heni@example.org" not in page
    own = mailed_path("mine")
    assert "You have a seat" in ask(client, own)
    assert "is erased" in ask(client, own, {})
    assert not Registration.objects.exists()
    assert "opens nothing" in ask(client, own, status=404)
    assert "opens nothing" in ask(client, link, status=404)


def test_whatever_is_known_of_an_address_the_answer_is_the_same(client: Client, event: EventPage) -> None:
    first = ask(client, f"{AT}register/", FORM)
    comes(event, "Heni")
    assert ask(client, f"{AT}register/", FORM) == first


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"address": "heni"}, "no e-mail address"), ({"name": " "}, "what to call you"), ({"needs": "x" * 501}, "500")],
)
def test_what_was_typed_stays_when_something_is_missing(
    client: Client, event: EventPage, wrong: dict[str, str], said: str
) -> None:
    page = ask(client, f"{AT}register/", {**FORM, "organization": "House of spring", **wrong}, 400)
    assert said in page
    assert "House of spring" in page
    assert not Registration.objects.exists()


def test_whoever_types_for_too_long_is_told_so_and_loses_nothing(client: Client, event: EventPage) -> None:
    EventPage.objects.update(is_called_off=True)
    page = ask(client, f"{AT}register/", FORM, 409)
    assert "too late" in page
    assert "A ramp" in page


def test_a_mail_that_cannot_go_leaves_the_form_as_it_was(client: Client, event: EventPage, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]  # the fixture
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]  # nobody listens there
    page = ask(client, f"{AT}register/", FORM, 503)
    assert "We could not send you a mail just now" in page
    assert "A ramp" in page
    assert not Registration.objects.exists()


def test_in_te_reo_its_own_words_stand_where_they_are_and_a_mark_where_not(client: Client, event: EventPage) -> None:
    page = ask(client, f"/mi{AT}")
    assert "Kāore anō kia whakamāoritia" in page
    in_te_reo(event, title="Hui ki Heretaunga", place="Whare pukapuka")
    page = ask(client, f"/mi{AT}")
    assert "Hui ki Heretaunga" in page
    assert "Whare pukapuka" in page
    assert "Kāore anō kia whakamāoritia" not in page


def test_the_language_is_switched_without_losing_what_was_typed(client: Client, event: EventPage) -> None:
    page = ask(client, f"/mi{AT}register/", {**FORM, "address": "heni@", "switch": "typed"})
    for typed in ("Hēni", "A house", "heni@", "A ramp"):
        assert typed in page
    assert mail.outbox == []


def test_calendars_read_it_and_nobody_who_comes_is_in_it(client: Client, line: Line, event: EventPage) -> None:
    an_event(line, "next", title="Roadshow in Gore", days=30, online_address="https://meet.example.org/a")
    comes(event, "Heni")
    one = client.get(f"{AT}event.ics", headers={"host": "localhost"})
    assert one.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [entry] = Calendar.from_ical(one.content).walk("VEVENT")
    assert entry.decoded("DTSTART") == event.starts_at
    assert str(entry["URL"]) == "http://localhost/events/hui/"
    every = client.get("/events/calendar.ics", headers={"host": "localhost"})
    found = [str(each["SUMMARY"]) for each in Calendar.from_ical(every.content).walk("VEVENT")]
    assert found == ["Hui in Hastings", "Roadshow in Gore"]
    assert b"heni" not in one.content.lower() + every.content.lower()
    assert b"meet.example.org" not in every.content


def test_the_link_of_one_event_opens_no_other(client: Client, line: Line, event: EventPage) -> None:
    an_event(line, "other")
    link = link_of(comes(event, "Heni").code)
    ask(client, f"/events/other/mine/{link}/", status=404)
    ask(client, f"{AT}mine/{link[:-1]}x/", status=404)
