"""A supervisor's night at the board, in real browsers."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from helpline.accounts.models import AuditEvent, User
from helpline.conversations.companions import call_for_help
from helpline.conversations.disclosures import Request, ask_disclosure
from helpline.conversations.models import Disclosure, Grant
from helpline.lines.models import Line, LineKey
from helpline.lines.queries import current_key
from helpline.routing.actions import note_contact_weight, requeue, set_presence
from helpline.routing.models import Presence, QueueEntry
from helpline.vault import sealing
from helpline.vault.codes import new_code
from tests.flows.help_seeker import Person, assert_accessible, eventually
from tests.flows.staff import WIDE, Desk, Somebody, assert_fits
from tests.people import take
from tests.servers import Site

pytestmark = pytest.mark.flow
BEFORE_IT = ["roster_signed", "signed_in"]  # a line with its staff, who come in

OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]
NARROW: ViewportSize = {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "": {},
    "-dark": {"color_scheme": "dark"},
    "-forced-colours": {"forced_colors": "active"},
}


class Board(Desk):
    """The same page, at the board."""

    def go(self) -> "Board":
        """From the desk: the same key goes back, and a page on its way from the board to the desk is still there."""
        expect(self.tab.locator("#desk")).to_be_visible()
        self.tab.keyboard.press("F4")
        expect(self.tab.locator("#board")).to_be_visible()
        return self

    def part(self, name: str) -> Locator:
        return self.tab.get_by_role("region", name=re.compile(f"^{name}"))

    def row(self, of: str, text: str) -> Locator:
        return self.part(of).locator(".row-one").filter(has_text=text)

    def hears(self, text: str) -> None:
        expect(self.tab.locator("#announcer")).to_have_text(re.compile(text))


@pytest.fixture
def open_board(site: Site, line: Line, open_device: Callable[..., BrowserContext]) -> Callable[..., Board]:
    def make(user: User, **options: object) -> Board:
        device = open_device(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        return Board(device, site, user)

    return make


def a_busy_evening(line: Line, asha: User, ben: User) -> tuple[Somebody, Somebody, Somebody]:
    """Asha has had a heavy shift, Ben is alone with somebody, two wait, one of them in danger."""
    for user in (asha, ben):
        set_presence(user, Presence.State.AVAILABLE)
    with_asha, with_ben = (Somebody(line).arrive() for _ in range(2))
    take(asha, with_asha.conversation)
    take(ben, with_ben.conversation)
    for _ in range(3):
        note_contact_weight(asha, heavy=True)
    in_danger = Somebody(line).arrive(in_danger=True)
    Somebody(line).arrive()
    return with_asha, with_ben, in_danger


def test_the_board_shows_how_things_stand_and_follows_without_a_refresh(
    open_board: Callable[..., Board], line: Line, asha: User, ben: User, sunita: User, picture: Picture
) -> None:
    with_asha, _, in_danger = a_busy_evening(line, asha, ben)
    board = open_board(sunita)
    board.sign_in()
    board.go()
    card = board.part("Lines").locator(".card")
    expect(card).to_contain_text("2 wait")
    expect(card).to_contain_text("In danger now: 1")
    expect(board.part("Waiting").locator(".row-one")).to_have_count(2)
    expect(board.part("Open conversations").locator(".row-one")).to_have_count(2)
    expect(board.part("On duty").locator(".member").filter(has_text="Asha")).to_contain_text("Limit reached")
    expect(board.part("Needs you")).to_contain_text("Asha has reached a limit of this shift: 3 heavy")
    call_for_help(with_asha.now, asha)
    expect(board.part("Needs you")).to_contain_text("Asha calls for help")
    board.hears("Asha calls for help in Chat")
    picture(board.tab, "board-1")
    assert_accessible(board.tab)
    in_danger.end()
    expect(card).to_contain_text("1 waits")
    expect(card.locator(".line-abandoned")).to_have_text("1")


def test_it_reads_on_any_screen(
    open_board: Callable[..., Board], line: Line, asha: User, ben: User, sunita: User, picture: Picture
) -> None:
    with_asha, *_ = a_busy_evening(line, asha, ben)
    call_for_help(with_asha.now, asha)
    board = open_board(sunita)
    board.sign_in()
    board.go()
    for size, (name, look) in product((NARROW, WIDE), LOOKS.items()):
        board.tab.set_viewport_size(size)
        board.tab.emulate_media(**{"color_scheme": "light", "forced_colors": "none", **look})
        expect(board.part("Needs you")).to_contain_text("Asha calls for help")
        assert_fits(board.tab)
        assert_accessible(board.tab)
        picture(board.tab, f"board-at-{size['width']}{name}")


def test_reading_along_joining_and_leaving_are_told_to_both(
    open_board: Callable[..., Board],
    open_desk: OpenDesk,
    come: Callable[..., Person],
    line: Line,
    asha: User,
    sunita: User,
    picture: Picture,
) -> None:
    """Three browsers: who writes, who answers, who supervises."""
    person = come()
    person.start()
    desk = open_desk(asha).sign_in().be_available()
    person.say("Is somebody there?")
    desk.take_next()
    desk.reply("I am. There is no hurry.")
    board = open_board(sunita)
    board.sign_in()
    board.go()
    row = board.row("Open conversations", "with Asha")
    expect(row).to_be_visible()
    assert "somebody there" not in board.tab.content()

    # Reading along: in her own pane, and both know before she reads a word.
    row.get_by_role("button", name="Read along").click()
    expect(board.active).to_contain_text("Is somebody there?")
    expect(board.active).to_contain_text("You read along. The person and Kōwhai know.")
    expect(board.active.get_by_label("Reply")).to_be_hidden()
    told = "Rātā, a supervisor, is reading along."
    person.sees(told)
    expect(desk.said(told)).to_be_visible()
    expect(board.said("There is no hurry.").locator(".author")).to_have_text("Kōwhai")
    picture(board.tab, "board-2-reading-along")
    assert_accessible(board.tab)

    # Joining: under her own name.
    board.active.get_by_role("button", name="Join").click()
    expect(board.box).to_be_focused()
    board.tab.keyboard.type("I am here too, to help Kōwhai.")
    board.tab.keyboard.press("Enter")
    person.sees("I am here too, to help Kōwhai.")
    person.sees("Rātā, a supervisor, has joined.")
    expect(desk.said("I am here too, to help Kōwhai.").locator(".author")).to_have_text("Rātā")
    picture(board.tab, "board-3-joined")
    assert_accessible(board.tab)

    # And leaving.
    board.active.get_by_role("button", name="Leave").click()
    expect(board.panes).to_have_count(0)
    person.sees("Rātā has left.")
    expect(desk.said("Rātā has left.")).to_be_visible()
    done = AuditEvent.objects.filter(actor=sunita).exclude(kind__in=BEFORE_IT).order_by("id")
    assert list(done.values_list("kind", flat=True)) == ["read_along", "words_opened", "join", "leave"]


def test_a_call_for_help_is_answered_in_one_press(
    open_board: Callable[..., Board], open_desk: OpenDesk, line: Line, asha: User, sunita: User
) -> None:
    person = Somebody(line).arrive()
    person.say("I do not know what to do.")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    board = open_board(sunita)
    board.sign_in()
    # She is at her desk, and hears it there.
    desk.active.get_by_role("button", name="Help me now").click()
    board.hears("Asha calls for help in Chat")
    expect(board.tab.locator("#board-badge")).to_have_text("1")
    board.go()
    board.tab.keyboard.press("Tab")
    expect(board.part("Needs you").get_by_role("button")).to_be_focused()
    board.tab.keyboard.press("Enter")
    expect(board.active).to_contain_text("I do not know what to do.")
    expect(desk.said("Rātā, a supervisor, is reading along.")).to_be_visible()
    expect(board.tab.locator("#board-badge")).to_be_hidden()
    board.go()
    expect(board.part("Needs you")).to_contain_text("Nothing needs you just now.")
    done = AuditEvent.objects.exclude(kind__in=BEFORE_IT).order_by("id")
    assert list(done.values_list("actor__username", "kind")) == [
        ("asha", "words_opened"),
        ("asha", "help_called"),
        ("sunita", "help_answered"),
        ("sunita", "read_along"),
        ("sunita", "words_opened"),
    ]


def test_breaking_confidentiality_takes_two_people(
    open_board: Callable[..., Board], line: Line, asha: User, sunita: User, picture: Picture
) -> None:
    person = Somebody(line).arrive()
    take(asha, person.conversation)
    reason = "Somebody is in danger tonight. I would tell 111 where they are."
    supervisors = bytes(current_key(line, LineKey.Purpose.SUPERVISOR).public_key)
    request = Request(
        code=new_code(),
        sealed_to_supervisors=b"",
        sealed_own=b"",
        is_person_told=True,
    )
    sealed = [
        sealing.seal_disclosure(key, reason, code=person.own.code, disclosure_code=request.code)
        for key in (supervisors, bytes(asha.public_key))
    ]
    ask_disclosure(person.now, asha, replace(request, sealed_to_supervisors=sealed[0], sealed_own=sealed[1]))
    board = open_board(sunita)
    board.sign_in()
    board.go()
    board.part("Needs you").get_by_role("button", name="Read the reason").click()
    question = board.tab.get_by_role("dialog", name="Break confidentiality?")
    expect(question).to_contain_text(reason)
    expect(question).to_contain_text("The person is told that help is being called.")
    picture(board.tab, "board-4-disclosure")
    assert_accessible(board.tab)
    question.get_by_role("button", name="I agree").click()
    board.hears("You have agreed. Asha sees it now.")
    expect(board.part("Needs you")).to_contain_text("Nothing needs you just now.")
    disclosure = Disclosure.objects.get()
    assert (disclosure.state, disclosure.asked_by, disclosure.answered_by) == ("approved", asha, sunita)
    assert "111" not in str(list(AuditEvent.objects.values("kind", "line", "detail")))


def test_a_conversation_is_given_to_a_colleague_who_reads_it_at_once(
    open_board: Callable[..., Board],
    open_desk: OpenDesk,
    line: Line,
    asha: User,
    ben: User,
    sunita: User,
    picture: Picture,
) -> None:
    person = Somebody(line).arrive()
    person.say("Is anybody there?")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    colleague = open_desk(ben).sign_in().be_available()
    board = open_board(sunita)
    board.sign_in()
    board.go()
    row = board.row("Open conversations", "with Asha")
    row.get_by_role("button", name=re.compile("^Change")).click()
    picture(board.tab, "board-5-change")
    assert_accessible(board.tab)
    board.tab.get_by_role("button", name="Give to a colleague …").click()
    expect(board.tab.get_by_role("radio", name=re.compile("^Ben"))).to_be_visible()
    picture(board.tab, "board-6-give")
    assert_accessible(board.tab)
    board.tab.get_by_role("button", name="Give", exact=True).click()
    expect(board.row("Open conversations", "with Ben")).to_be_visible()
    expect(colleague.said("Is anybody there?")).to_be_visible()
    expect(colleague.said("Rimu is now with you.")).to_be_visible()
    grants = Grant.objects.filter(conversation=person.now, reader="staff")
    assert list(grants.values_list("user__username")) == [("ben",)]

    # The class, and how many he holds.
    board.row("Open conversations", "with Ben").get_by_role("button", name=re.compile("^Change")).click()
    board.tab.get_by_role("radio", name="Urgent").check()
    board.tab.get_by_role("button", name="Change the class").click()
    expect(board.row("Open conversations", "with Ben")).to_contain_text("Urgent")
    board.tab.get_by_label("Most at once for Ben").select_option("2")
    board.hears("Ben holds at most 2 now.")
    # And ended, with a word to both.
    board.row("Open conversations", "with Ben").get_by_role("button", name=re.compile("^Change")).click()
    board.tab.get_by_role("button", name="End it …").click()
    board.tab.get_by_role("button", name="End it", exact=True).click()
    expect(colleague.said("Rātā, a supervisor, has ended this conversation.")).to_be_visible()
    assert person.now.closed_by == "system"


def test_somebody_whose_page_is_gone_gets_a_new_key_by_itself(
    open_board: Callable[..., Board], open_desk: OpenDesk, line: Line, asha: User, sunita: User
) -> None:
    person = Somebody(line).arrive()
    person.say("Is anybody there?")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    expect(desk.said("Is anybody there?")).to_be_visible()
    eventually(lambda: Grant.objects.filter(conversation=person.now, reader="staff").exists())
    board = open_board(sunita)
    board.sign_in()
    requeue(person.now, asha)
    QueueEntry.objects.update(waiting_since=timezone.now() - dt.timedelta(seconds=20))
    eventually(lambda: Grant.objects.filter(conversation=person.now, reader="queue").exists())
    assert AuditEvent.objects.filter(actor=sunita, kind="key_opened").exists()
