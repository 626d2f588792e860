"""Everything that goes wrong on the way: too much, too little, too late, no network, no database, no script."""

import re
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Browser, Route, expect

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, Message
from helpline.lines.models import Line
from helpline.routing.actions import end
from tests.flows.help_seeker import Person, eventually, reply, take, the_conversation
from tests.servers import Site

pytestmark = pytest.mark.flow
Come = Callable[..., Person]
TRYING = "Not sent yet. We keep trying."
ZONE = ZoneInfo("Pacific/Auckland")
BACK_MS = 30_000  # pauses between attempts grow to 15 s


@pytest.fixture
def talking(come: Come, on_shift: User) -> Person:
    person = come().start()
    take(on_shift)
    person.sees(f"You are talking with {on_shift.pseudonym}.")
    return person


@pytest.fixture
def broken(browser: Browser, site: Site, line: Line) -> Iterator[Person]:
    """A device on which a script may fail: elsewhere that fails the test."""
    device = browser.new_context(reduced_motion="reduce")
    yield Person(device, site)
    device.close()


@pytest.fixture
def database_away(site: Site) -> Iterator[Callable[[bool], None]]:
    """Take the database away from everybody but this test, and give it back."""
    found = connection.settings_dict
    connection.ensure_connection()
    own = connection.connection.info.backend_pid

    def away(is_away: bool) -> None:
        # From beside it: nobody may lock a database from within.
        with psycopg.connect(
            host=found["HOST"], port=found["PORT"] or None, user=found["USER"], dbname="postgres", autocommit=True
        ) as beside:
            beside.execute(f'ALTER DATABASE "{found["NAME"]}" WITH ALLOW_CONNECTIONS {not is_away}')
            if is_away:
                beside.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
                    [found["NAME"], own],
                )

    yield away
    away(False)
    site.stop()  # so that the next story meets a live process that has found the database again
    site.start()


# Too much, too little


def test_nothing_and_spaces_are_not_sent(talking: Person) -> None:
    for text in ("", "   \n  "):
        talking.box.fill(text)
        talking.press("Send")
        talking.sees("There is nothing to send yet.")
    assert not Message.objects.exists()


def test_too_long_a_message_stays_in_the_box_until_it_fits(talking: Person) -> None:
    talking.box.fill("ā" * 4097)  # two bytes each: one letter too many
    talking.sees("This is too long for one message.")
    talking.press("Send")
    expect(talking.box).to_have_value("ā" * 4097)
    assert not Message.objects.exists()
    talking.box.fill("ā" * 4096)
    talking.sees("You have room for about 0 more letters")
    talking.press("Send")
    talking.sees_state("ā" * 4096, "Sent")


def test_whatever_is_typed_is_shown_as_text(talking: Person) -> None:
    awkward = "<img src=x onerror=alert(1)> & \u202e\u0000 ‘quotes’ 🌱 ﷽ \\n {name}"
    talking.box.fill(awkward)
    talking.press("Send")
    talking.sees_state("<img src=x", "Sent")
    assert talking.tab.locator("#log img").count() == 0
    reply("<b>bold</b>")
    expect(talking.said("<b>bold</b>")).to_be_visible()


# Too late


def test_a_chat_that_ended_before_the_message_came_gives_the_words_back(talking: Person) -> None:
    talking.tab.route("**/chat/state", lambda route: route.abort())
    talking.tab.route("**/stream", lambda route: route.abort())
    talking.tab.reload()  # a page that has not heard of the end
    talking.tab.unroute("**/chat/state")
    expect(talking.tab.locator("#talk")).to_be_visible(timeout=BACK_MS)
    talking.tab.route("**/chat/state", lambda route: route.abort())
    talking.box.fill("Said too late")
    end(the_conversation(), "counsellor")
    talking.press("Send")
    talking.sees_state("Said too late", "Not sent")
    talking.tab.unroute("**/chat/state")
    talking.tab.unroute("**/stream")
    talking.sees("This chat has ended")
    expect(talking.tab.get_by_label("You wrote this, but it was not sent.")).to_have_value("Said too late")


def test_words_in_the_box_wait_through_a_cut_network(talking: Person) -> None:
    talking.device.set_offline(True)
    talking.box.fill("Written in a tunnel")
    talking.press("Send")
    talking.sees_state("Written in a tunnel", TRYING)
    talking.sees("The connection is gone.")
    talking.box.fill("and more")
    talking.device.set_offline(False)
    expect(talking.said("Written in a tunnel").locator(".state")).to_have_text("Sent", timeout=BACK_MS)
    expect(talking.box).to_have_value("and more")
    talking.sees("You are connected again.")
    assert Message.objects.count() == 1


def test_a_lost_answer_is_not_a_second_message(talking: Person) -> None:
    answers = iter([True])

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        if next(answers, False):
            route.abort()
        else:
            route.fulfill(response=answer)

    talking.tab.route("**/messages", lose_the_first)
    talking.box.fill("Once is enough")
    talking.press("Send")
    expect(talking.said("Once is enough").locator(".state")).to_have_text("Sent", timeout=BACK_MS)
    expect(talking.tab.locator(".entry")).to_have_count(1)
    assert Message.objects.count() == 1


def test_a_reload_half_way_sends_what_was_on_its_way(talking: Person) -> None:
    talking.tab.route("**/messages", lambda route: route.abort())
    for text in ("First of two", "Second of two"):
        talking.box.fill(text)
        talking.press("Send")
    talking.sees_state("First of two", TRYING)
    talking.tab.unroute("**/messages")
    talking.tab.reload()
    for text in ("First of two", "Second of two"):
        expect(talking.said(text).locator(".state")).to_have_text("Sent", timeout=BACK_MS)
    assert Message.objects.count() == 2
    talking.tab.reload()
    expect(talking.tab.locator(".entry .words")).to_have_text(["First of two", "Second of two"])


def test_a_start_whose_answer_was_lost_starts_one_chat(come: Come, on_shift: User) -> None:
    person = come()
    answers = iter([True])

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        if next(answers, False):
            route.abort()
        else:
            route.fulfill(response=answer)

    person.tab.route("**/chat/start", lose_the_first)
    person.start()
    person.sees("You are next.")
    assert Conversation.objects.count() == 1


def test_a_start_that_is_refused_says_so_and_can_be_tried_again(come: Come, on_shift: User, line: Line) -> None:
    person = come()
    line.channels = ["voice"]
    line.save()
    person.tab.locator("#start-button").click()
    person.sees("This chat is not open here any more.")
    line.channels = ["webchat"]
    line.save()
    person.start()


# The other side is away


def test_the_server_restarts_in_the_middle(talking: Person, site: Site) -> None:
    talking.say("Before")
    site.kill()
    talking.box.fill("While it was away")
    talking.press("Send")
    talking.sees_state("While it was away", TRYING)
    site.start()
    expect(talking.said("While it was away").locator(".state")).to_have_text("Sent", timeout=BACK_MS)
    reply("And I am still here")
    expect(talking.said("And I am still here")).to_be_visible(timeout=BACK_MS)
    assert Message.objects.count() == 3


def test_the_database_goes_away_and_comes_back(talking: Person, database_away: Callable[[bool], None]) -> None:
    talking.say("Before")
    database_away(True)
    talking.box.fill("While it was away")
    talking.press("Send")
    talking.sees_state("While it was away", TRYING)
    talking.box.fill("still typing")
    database_away(False)
    expect(talking.said("While it was away").locator(".state")).to_have_text("Sent", timeout=BACK_MS)
    expect(talking.box).to_have_value("still typing")
    reply("I got both")
    expect(talking.said("I got both")).to_be_visible(timeout=BACK_MS)
    assert Message.objects.count() == 3


def test_without_the_database_the_page_gives_the_phone_number(
    come: Come, line: Line, database_away: Callable[[bool], None]
) -> None:
    line.phone = "0800 000 000"
    line.save()
    person = come()
    database_away(True)
    person.open()
    person.sees("Chat cannot open just now")
    person.sees("0800 000 000")
    database_away(False)
    person.tab.get_by_role("link", name="Try again").click()
    expect(person.tab.locator("#start")).to_be_visible()


# Odd devices


def test_a_clock_that_is_years_off_shows_the_right_times(come: Come, on_shift: User) -> None:
    person = come(timezone_id="Pacific/Auckland", locale="en-NZ")
    person.tab.clock.set_system_time("2001-02-03T04:05:06Z")
    person.open().start()
    person.say("What time is it?")
    said_at = Message.objects.get().at
    shown = re.compile(f"^{said_at.astimezone(ZONE):%-I[:.]%M}")
    expect(person.said("What time is it?").locator(".facts")).to_have_text(
        shown
    )  # the time comes back with the message


def test_two_copies_of_one_tab_show_the_same(come: Come, on_shift: User) -> None:
    """A duplicated tab is refused (test_device_safety); two readers of one chat still never cross."""
    person = come().start()
    take(on_shift)
    store = person.tab.evaluate("({...sessionStorage})")
    other = Person(person.device, person.site).open("/about/")
    other.tab.evaluate("store => Object.entries(store).forEach(([k, v]) => sessionStorage.setItem(k, v))", store)
    other.open()
    other.sees("That chat is not open here any more")
    person.say("Still mine")


def test_a_script_that_dies_half_way_says_what_to_do(broken: Person, on_shift: User) -> None:
    broken.open().start()
    broken.say("Safe already")
    broken.tab.evaluate("setTimeout(() => { throw new Error('half-way') })")
    broken.sees("Something on this page stopped working. What was sent is safe.")
    broken.tab.reload()
    expect(broken.said("Safe already")).to_be_visible()


def test_a_script_that_never_comes_leaves_a_way_on(broken: Person) -> None:
    broken.tab.route("**/webchat/talk.js", lambda route: route.abort())
    broken.open()
    broken.sees("Nothing happens?")
    broken.tab.get_by_role("link", name="Use the simple page").click(no_wait_after=True)
    broken.tab.wait_for_url("**/live/plain", wait_until="commit")


def test_a_message_that_cannot_be_opened_says_so_and_nothing_stops(talking: Person) -> None:
    reply("This one is fine")
    expect(talking.said("This one is fine")).to_be_visible()
    Message.objects.update(sealed=bytes(Message.objects.get().sealed[:-1]) + b"!")
    talking.tab.reload()
    talking.sees("This message cannot be opened on this device.")
    reply("And so is this one")
    expect(talking.said("And so is this one")).to_be_visible()


def test_what_was_kept_for_another_chat_is_not_shown(talking: Person) -> None:
    eventually(lambda: the_conversation().state == "open")
    talking.tab.evaluate(
        """() => sessionStorage.setItem("outbox", JSON.stringify(
            [{ client_id: "A".repeat(22), key_id: "A".repeat(22), sealed: "A".repeat(400), key: "A".repeat(1558) }]))"""
    )
    talking.tab.reload()
    talking.say("Only this")
    expect(talking.tab.locator(".entry")).to_have_count(1)
    expect(talking.tab.locator("#trouble")).to_be_hidden()
    eventually(lambda: bool(talking.tab.evaluate("sessionStorage.getItem('outbox')") == "[]"))
