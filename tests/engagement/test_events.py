"""Who has a seat: by a mailed link alone, never more than there are, the longest wait first; and who is told what."""

import datetime as dt
import threading
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from icalendar import Calendar
from pytest_django.fixtures import Settings

from helpline.content.models import EventPage
from helpline.engagement import events
from helpline.engagement.events import NotOpen, Person, RegistrationUnknown
from helpline.engagement.models import Registration
from helpline.lines.models import Line
from helpline.vault import tombstones
from helpline.vault.subscribers import link_of
from tests.engagement.hosting import an_event, comes, in_te_reo
from tests.engagement.mailboxes import Mailboxes

pytestmark = pytest.mark.django_db
HENI = Person("Heni", "heni@example.org", "A house", "A ramp")


def states(event: EventPage) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in event.registrations.order_by("placed_at", "pk"):
        person = events.person_of(each)
        assert person
        found[person.name] = each.state
    return found


def tell() -> None:
    call_command("send_updates")


def test_nobody_has_a_seat_before_the_mailed_link_is_used_and_it_works_once(line: Line) -> None:
    event = an_event(line, capacity=1)
    token = events.register(event, HENI, "en")
    assert token
    assert events.has_room(event)
    assert events.get_asked(event, token).state == "asked"
    assert events.confirm(event, token).state == "coming"
    assert not events.has_room(event)
    with pytest.raises(RegistrationUnknown):
        events.confirm(event, token)


def test_beyond_the_seats_there_is_a_list_and_whoever_waits_longest_comes_next(line: Line) -> None:
    event = an_event(line, capacity=1)
    heni, ben = comes(event, "Heni"), comes(event, "Ben")
    comes(event, "Chandra")
    assert states(event) == {"Heni": "coming", "Ben": "waiting", "Chandra": "waiting"}
    events.leave(heni)
    events.leave(heni)  # done twice is done
    assert states(event) == {"Ben": "coming", "Chandra": "waiting"}
    events.leave(ben)
    assert states(event) == {"Chandra": "coming"}


def test_nobody_passes_those_who_wait(line: Line) -> None:
    event = an_event(line, capacity=1)
    comes(event, "Heni")
    comes(event, "Ben")
    EventPage.objects.filter(pk=event.pk).update(capacity=2)  # an editor finds more chairs
    event.refresh_from_db()
    comes(event, "Chandra")
    assert states(event) == {"Heni": "coming", "Ben": "waiting", "Chandra": "waiting"}
    events.fill(event)
    assert states(event) == {"Heni": "coming", "Ben": "coming", "Chandra": "waiting"}


def test_registering_again_says_anew_who_comes_and_keeps_the_place(line: Line) -> None:
    event = an_event(line, capacity=1)
    before = comes(event, "Heni")
    comes(event, "Ben")
    again = comes(event, "Hēni", address="HENI@example.org", needs="A ramp")
    assert again.code == before.code  # the links of earlier mails go on
    assert states(event) == {"Hēni": "coming", "Ben": "waiting"}
    assert events.person_of(again) == Person("Hēni", "HENI@example.org", "", "A ramp")


@pytest.mark.django_db(transaction=True)
def test_of_two_in_the_same_moment_one_has_the_last_seat(line: Line) -> None:
    event = an_event(line, capacity=1)
    tokens = [events.register(event, Person(name, f"{name}@example.org"), "en") for name in ("a", "b", "c")]
    start = threading.Barrier(len(tokens))

    def confirm(token: str | None) -> None:
        start.wait()
        events.confirm(event, token or "")
        connection.close()

    threads = [threading.Thread(target=confirm, args=[token]) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states(event).values()) == ["coming", "waiting", "waiting"]


@pytest.mark.parametrize(
    "closed",
    [
        {"is_called_off": True},
        {"takes_registrations": False},
        {"registration_until": timezone.now() - dt.timedelta(hours=1)},
        {"live": False},
        {"days": -1},
    ],
    ids=["called off", "none taken", "too late", "draft", "over"],
)
def test_where_nobody_registers_nobody_is_mailed_nor_confirmed(line: Line, closed: dict[str, object]) -> None:
    open_one = an_event(line)
    token = events.register(open_one, HENI, "en")
    event = an_event(line, "other", **closed)  # type: ignore[arg-type]  # the values above
    with pytest.raises(NotOpen):
        events.register(event, HENI, "en")
    EventPage.objects.filter(pk=open_one.pk).update(is_called_off=True)
    open_one.refresh_from_db()
    with pytest.raises(NotOpen):
        events.confirm(open_one, token or "")


def test_nobody_fills_a_mailbox_that_is_not_theirs(line: Line) -> None:
    event = an_event(line)
    tokens = [events.register(event, HENI, "en") for _ in range(5)]
    assert [bool(token) for token in tokens] == [True, True, True, False, False]


def test_no_copy_of_the_database_tells_who_comes(line: Line) -> None:
    comes(an_event(line), "Heni", needs="A ramp", organization="House of spring")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM engagement_registration r")
        [(row,)] = cursor.fetchall()
    for told in ("Heni", "heni@", "ramp", "spring"):
        assert told.encode().hex() not in row
        assert told not in row


# Who is told what


def test_who_has_just_been_told_is_not_told_the_same_by_another_clock(line: Line, mailboxes: Mailboxes) -> None:
    begins = timezone.localtime() + dt.timedelta(days=9)
    comes(an_event(line, starts_at=begins, ends_at=begins + dt.timedelta(hours=1)), "Heni")
    tell()
    assert mailboxes.taken == []


def test_whoever_moves_up_is_told_once_and_whoever_waits_is_not(line: Line, mailboxes: Mailboxes) -> None:
    event = an_event(line, capacity=1)
    heni = comes(event, "Heni")
    comes(event, "Ben")
    comes(event, "Chandra")
    tell()
    assert mailboxes.taken == []
    events.leave(heni)
    tell()
    tell()
    [taken] = mailboxes.taken
    assert taken.to == "ben@example.org"
    assert "you have a seat" in taken.part("plain")
    assert taken.mail["Subject"] == "Your registration"


def test_more_chairs_let_people_move_up_by_themselves(line: Line, mailboxes: Mailboxes) -> None:
    event = an_event(line, capacity=1)
    comes(event, "Heni")
    comes(event, "Ben")
    EventPage.objects.update(capacity=None)
    tell()
    assert [each.to for each in mailboxes.taken] == ["ben@example.org"]


def test_another_place_and_calling_off_are_told_to_everybody_once(line: Line, mailboxes: Mailboxes) -> None:
    event = an_event(line, capacity=1)
    comes(event, "Heni")
    comes(event, "Ben")
    EventPage.objects.update(place="Hall")
    tell()
    tell()
    assert sorted(each.to for each in mailboxes.taken) == ["ben@example.org", "heni@example.org"]
    assert all("Hall" in each.part("plain") for each in mailboxes.taken)
    EventPage.objects.update(is_called_off=True)
    tell()
    tell()
    later = mailboxes.taken[2:]
    assert sorted(each.to for each in later) == ["ben@example.org", "heni@example.org"]
    assert all("called off" in each.part("plain") for each in later)
    assert all(calendar_in(each.mail)["STATUS"] == "CANCELLED" for each in later)


def test_they_are_reminded_once_when_it_is_soon(line: Line, mailboxes: Mailboxes) -> None:
    event = an_event(line, online_address="https://meet.example.org/a")
    comes(event, "Heni")
    tell()
    assert mailboxes.taken == []
    soon = timezone.now() + dt.timedelta(days=1)
    EventPage.objects.update(starts_at=soon, ends_at=soon + dt.timedelta(hours=2))
    event.refresh_from_db()
    long_ago = timezone.now() - dt.timedelta(days=9)
    Registration.objects.update(placed_at=long_ago, told=events.news_of(event, "coming"))
    comes(event, "Ben")  # has just been told everything
    tell()
    tell()
    [taken] = mailboxes.taken
    assert taken.to == "heni@example.org"
    text = taken.part("plain")
    for said in ("It is soon", "Library, upstairs", "left at the clock", "https://meet.example.org/a", "/mine/"):
        assert said in text
    entry = calendar_in(taken.mail)
    assert (entry["SUMMARY"], entry["LOCATION"]) == ("Hui in Hastings", "Library, upstairs, 1 Example Street, Hastings")


def test_each_is_written_to_in_the_language_they_registered_in(line: Line, mailboxes: Mailboxes) -> None:
    event = an_event(line)
    in_te_reo(event, title="Hui ki Heretaunga")
    comes(event, "Heni", "mi")
    EventPage.objects.filter(pk=event.pk).update(place="Hall")
    tell()
    [taken] = mailboxes.taken
    text = taken.part("plain")
    assert taken.mail["Subject"] == "Tō rēhitatanga"
    assert "Hui ki Heretaunga" in text
    assert "/mi/events/hui/mine/" in text
    assert "arotake" in text  # that these words await a speaker's review


def test_a_mail_server_that_is_away_loses_nothing(line: Line, mailboxes: Mailboxes, settings: Settings) -> None:
    comes(an_event(line), "Heni")
    EventPage.objects.update(place="Hall")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    with pytest.raises(CommandError, match="is away"):
        tell()
    settings.EMAIL_PORT = port
    tell()
    assert len(mailboxes.taken) == 1


def test_a_mailbox_that_is_gone_holds_nobody_else_up(line: Line, mailboxes: Mailboxes) -> None:
    event = an_event(line)
    comes(event, "Heni")
    comes(event, "Ben")
    mailboxes.refuse["heni@example.org"] = "550 no such mailbox"
    EventPage.objects.update(place="Hall")
    tell()
    tell()
    assert [each.to for each in mailboxes.taken] == ["ben@example.org"]


def calendar_in(sent: EmailMessage) -> dict[str, str]:
    parsed = BytesParser(policy=policy.default).parsebytes(sent.as_bytes())
    [part] = [each for each in parsed.walk() if each.get_content_type() == "text/calendar"]
    written = part.get_payload(decode=True)
    assert isinstance(written, bytes)
    made = Calendar.from_ical(written)
    [entry] = made.walk("VEVENT")
    return {name: str(entry[name]) for name in ("SUMMARY", "LOCATION", "STATUS", "UID")}


# How it ends


def test_two_weeks_after_it_nobody_knows_who_came(line: Line) -> None:
    event = an_event(line)
    comes(event, "Heni")
    ended = timezone.now() - dt.timedelta(days=events.KEPT_DAYS)
    EventPage.objects.update(starts_at=ended, ends_at=ended + dt.timedelta(hours=1))
    assert events.forget_people(timezone.now()) == 0
    call_command("erase_due")
    assert events.forget_people(timezone.now() + dt.timedelta(hours=2)) == 1
    assert not Registration.objects.exists()


def test_a_form_whose_link_nobody_used_is_forgotten_in_two_days(line: Line) -> None:
    event = an_event(line)
    token = events.register(event, HENI, "en")
    Registration.objects.update(asked_at=timezone.now() - dt.timedelta(hours=events.CONFIRM_HOURS))
    with pytest.raises(RegistrationUnknown):
        events.confirm(event, token or "")
    call_command("erase_due")
    assert not Registration.objects.exists()


def test_what_was_left_stays_left_when_an_old_backup_is_restored(line: Line) -> None:
    event = an_event(line)
    heni, ben = comes(event, "Heni"), comes(event, "Ben")
    held = Registration.objects.get(pk=heni.pk)
    events.leave(heni)
    held.pk = None
    held.save()  # as the backup had it
    tombstones.write_out()
    events.settle_restored()
    assert states(event) == {"Ben": "coming"}
    assert list(tombstones.buried([heni.code, ben.code])) == [heni.code]
    with pytest.raises(RegistrationUnknown):
        events.get_registration(event, link_of(heni.code))
    assert mail.outbox == []
