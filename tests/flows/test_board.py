"""A supervisor's night at the board, in real browsers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from helpline.accounts.models import AuditEvent, User
from helpline.conversations.companions import call_for_help
from helpline.lines.models import Line
from helpline.routing.actions import note_contact_weight, set_presence
from helpline.routing.models import Presence
from helpline.vault import passphrases
from tests.flows.help_seeker import Person, assert_accessible
from tests.flows.staff import WIDE, Desk, Somebody
from tests.people import take
from tests.servers import Site

pytestmark = pytest.mark.flow

OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]
NARROW: ViewportSize = {"width": 390, "height": 844}
LOOKS = {
    "": {},
    "-dark": {"color_scheme": "dark"},
    "-forced-colours": {"forced_colors": "active"},
}


@pytest.fixture
def argon2_kib() -> int:
    return passphrases.MEMORY_KIB  # a browser signs in here


class Board(Desk):
    """The same page, at the board."""

    def go(self) -> "Board":
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


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["390", "1440"])
def test_it_reads_on_any_screen(
    open_board: Callable[..., Board],
    line: Line,
    asha: User,
    ben: User,
    sunita: User,
    picture: Picture,
    look: str,
    size: ViewportSize,
) -> None:
    with_asha, *_ = a_busy_evening(line, asha, ben)
    call_for_help(with_asha.now, asha)
    board = open_board(sunita, viewport=size, **LOOKS[look])
    board.sign_in()
    board.go()
    expect(board.part("Needs you")).to_contain_text("Asha calls for help")
    assert board.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(board.tab)
    picture(board.tab, f"board-at-{size['width']}{look}")


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
    done = AuditEvent.objects.filter(actor=sunita).order_by("id").values_list("kind", flat=True)
    assert list(done) == ["read_along", "join", "leave"]
