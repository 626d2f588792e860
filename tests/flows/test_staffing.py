"""Somebody is invited, comes to their first chat, and somebody leaves in the middle of one."""

import base64
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import AuditEvent, AuthenticatorApp, Role, StaffKeyWrap, User
from helpline.conversations.models import Grant
from helpline.lines import rotation
from helpline.lines.models import Course, Line
from helpline.lines.training import set_course
from helpline.vault import totp
from tests.flows.help_seeker import PHONE, Person, assert_accessible
from tests.flows.staff import SCREENS, SIGN_IN_MS, WIDE, Desk, OpenPage, Somebody, assert_well
from tests.lines.test_rotation import both_sign, made_by
from tests.people import Member
from tests.servers import Site

pytestmark = pytest.mark.flow
Picture = Callable[[Page, str], None]


@pytest.fixture
def founders(line: Line, sunita: User, grace: User, unlock: Callable[[User], Member]) -> tuple[Member, Member]:
    """The two supervisors who have founded the roster."""
    return unlock(sunita), unlock(grace)


def invite_tui(tab: Page) -> str:
    """As an operator does, who mistakes one field first; returns the six words."""
    tab.get_by_role("link", name="Invite somebody").click()
    tab.get_by_label("Name", exact=True).fill("Tui")
    tab.get_by_label("Name for signing in").fill("Tui T")
    tab.get_by_label("Pseudonym").fill("Mānuka")
    tab.get_by_role("button", name="Make the invitation").click()
    expect(tab.get_by_text("Small letters a to z, digits, dots and hyphens only.")).to_be_visible()
    expect(tab.get_by_text("Choose at least one line for them to work on.")).to_be_visible()
    expect(tab.get_by_label("Name for signing in")).to_have_value("Tui T")
    assert_accessible(tab)
    tab.get_by_label("Name for signing in").fill("tui")
    tab.get_by_role("checkbox", name="Safe to talk").check()
    tab.get_by_role("button", name="Make the invitation").click()
    expect(tab.get_by_role("heading", name="Tui is invited")).to_be_visible()
    return tab.locator("#six-words").inner_text()


def take_up(tab: Page, site: Site, words: str, picture: Picture) -> str:
    """In the invited person's own browser; returns the passphrase that it made."""
    tab.goto(f"{site.workspace}/join/")
    six = tab.get_by_label("Your six words")
    six.fill("not these six words at all")
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_role("alert")).to_contain_text("These words lead to no invitation.")
    expect(six).to_have_value("not these six words at all")
    assert_accessible(tab)
    six.fill(f"  {words.upper()} ")
    six.press("Enter")
    expect(tab.get_by_role("heading", name="Hello Tui. You are invited as Counsellor")).to_be_visible()
    passphrase = tab.locator("#passphrase").inner_text()
    assert len(passphrase.split()) == 5
    picture(tab, "join-1-passphrase")
    assert_accessible(tab)
    tab.get_by_role("button", name="I have written them down").click()
    assert passphrase not in tab.content()
    typed = tab.get_by_label("Type the five words from your note")
    expect(typed).to_be_focused()
    typed.fill("some other words instead")
    tab.get_by_role("button", name="Make my account").click()
    expect(tab.get_by_role("alert")).to_contain_text("That is not what stood here.")
    typed.fill(passphrase)
    tab.get_by_role("button", name="Make my account").click()
    expect(tab.get_by_role("region", name="Your account is made")).to_be_focused(timeout=SIGN_IN_MS)
    assert_accessible(tab)
    return passphrase


def sign_in_for_the_first_time(tab: Page, passphrase: str) -> None:
    """And set up the app on their phone."""
    tab.get_by_role("link", name="Sign in").click()
    tab.get_by_label("Name").fill("tui")
    tab.get_by_label("Passphrase").fill(passphrase)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("heading", name="A second key to your desk")).to_be_visible(timeout=SIGN_IN_MS)
    tab.get_by_text("The app cannot read it").click()
    secret = base64.b32decode(tab.locator("#enrol-secret").inner_text().replace(" ", ""))
    tab.get_by_role("textbox", name="Code").fill(totp.code_at(secret, totp.step_at(time.time())))
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="I have them on paper").click()
    expect(tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)


def test_somebody_is_invited_and_takes_their_first_chat(
    site: Site,
    line: Line,
    hire: Callable[..., User],
    founders: tuple[Member, Member],
    open_page: OpenPage,
    open_device: Callable[..., BrowserContext],
    picture: Picture,
) -> None:
    operator = open_page(hire("kiri", Role.OPERATOR), "/staff/", viewport=WIDE)
    words = invite_tui(operator)
    picture(operator, "staff-2-invited")
    assert_accessible(operator)
    tab = open_device(viewport=WIDE, reduced_motion="reduce").new_page()
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.post_data or ""))
    passphrase = take_up(tab, site, words, picture)

    # Nothing that opens anything has left that browser, and the operator's page has no more of it.
    assert not any(passphrase in body or passphrase.split()[0] in body.split('"') for body in sent)
    tui = User.objects.get(username="tui")
    assert (len(tui.public_key), len(tui.signing_key)) == (1216, 32)
    assert [wrap.kind for wrap in StaffKeyWrap.objects.filter(user=tui)] == ["passphrase"]
    sign_in_for_the_first_time(tab, passphrase)

    # Nobody has signed the new keys yet, so nobody is offered.
    desk = Desk.__new__(Desk)
    desk.device, desk.site, desk.user, desk.tab = tab.context, site, tui, tab
    desk.be_available()
    somebody = Somebody(line).arrive()
    expect(desk.waiting).to_have_count(1)
    operator.goto(f"{site.workspace}/staff/")
    expect(operator.locator("li").filter(has_text="Tui").last).to_contain_text("Waits for two supervisors to sign")
    expect(desk.offered).to_be_hidden()
    assert not Grant.objects.filter(user=tui).exists()
    somebody.end()

    # Two supervisors sign, one of them makes new keys for the line: the first chat comes.
    both_sign(founders)
    rotation.rotate(founders[0].user, line, made_by(founders[0], line))
    tab.reload()
    tab.get_by_label("Passphrase").fill(passphrase)
    tab.get_by_role("button", name="Unlock", exact=True).click()
    expect(tab.locator("#desk")).to_be_visible(timeout=SIGN_IN_MS)
    somebody = Somebody(line).arrive()
    somebody.say("Kia ora, is anybody there?")
    desk.take_next()
    expect(desk.said("Kia ora, is anybody there?")).to_be_visible()
    operator.reload()
    expect(operator.locator("li").filter(has_text="Tui").last).not_to_contain_text("Waits")
    kinds = AuditEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert [kind for kind in kinds if kind in {"invited", "joined_staff"}] == ["invited", "joined_staff"]


def test_somebody_leaves_in_the_middle_of_a_chat(
    site: Site,
    line: Line,
    asha: User,
    ben: User,
    hire: Callable[..., User],
    open_page: OpenPage,
    come: Callable[..., Person],
    open_desk: Callable[[User], Desk],
    picture: Picture,
) -> None:
    leaving = open_desk(asha).sign_in().be_available()
    person = come(viewport=PHONE).start()
    person.say("I would like to talk about tonight.")
    leaving.take_next()
    leaving.reply("I am here.")
    expect(person.said("I am here.")).to_be_visible()

    operator = open_page(hire("kiri", Role.OPERATOR), "/staff/", viewport=WIDE)
    operator.get_by_role("link", name="Asha").click()
    operator.get_by_role("link", name="End their access …").click()
    expect(operator.get_by_text("One person is talking with them.")).to_be_visible()
    picture(operator, "staff-4-leave")
    assert_accessible(operator)
    operator.get_by_role("button", name="End their access now").click()
    expect(operator.get_by_role("heading", name="Asha has no access any more")).to_be_visible()
    expect(operator.get_by_text("One person is next in line again.")).to_be_visible()
    assert_accessible(operator)

    # Their desk is closed at once, and nothing that is said from now on reaches it.
    expect(leaving.tab.locator("#door")).to_be_visible(timeout=SIGN_IN_MS)
    expect(leaving.tab.locator("#desk")).to_be_hidden()
    person.sees("has had to go, and a colleague goes on with you")
    person.say("I am still here.")
    assert leaving.said("I am still here.").count() == 0
    assert not Grant.objects.filter(user=asha).exists()

    # A colleague goes on, with everything that was said.
    colleague = open_desk(ben).sign_in()
    colleague.take_next()
    for said in ("I would like to talk about tonight.", "I am here.", "I am still here."):
        expect(colleague.said(said)).to_be_visible()
    person.sees("Rimu has joined.")

    # The same passphrase opens nothing any more.
    leaving.tab.get_by_label("Name").fill("asha")
    leaving.give_passphrase("Sign in")
    expect(leaving.tab.get_by_role("alert").first).to_contain_text("do not go together", timeout=SIGN_IN_MS)


def test_a_desk_says_what_a_course_takes_away(
    line: Line,
    asha: User,
    open_page: OpenPage,
    hire: Callable[..., User],
    open_desk: Callable[[User], Desk],
    picture: Picture,
) -> None:
    set_course(Course(slug="induction", name="Induction", months=12), [line])
    desk = open_desk(asha).sign_in()
    expect(desk.tab.get_by_role("list", name="Your training")).to_have_text(
        re.compile("You have not done the course “Induction” yet. Until then you are not offered: Safe to talk.")
    )
    picture(desk.tab, "desk-course-missing")
    assert_accessible(desk.tab)
    desk.be_available()
    Somebody(line).arrive()
    expect(desk.waiting).to_have_count(1)

    operator = open_page(hire("kiri", Role.OPERATOR), f"/staff/{asha.code}/", **SCREENS[1])
    expect(operator.get_by_text("“Induction” not done yet.")).to_be_visible()
    operator.get_by_label("Completed on").fill("last year")
    operator.get_by_role("button", name="Record it").click()
    expect(operator.get_by_text("Write the day as year, month and day, like 2026-11-26.")).to_be_visible()
    expect(operator.get_by_label("Completed on")).to_have_value("last year")
    expect(desk.offered).to_be_hidden()
    operator.get_by_label("Completed on").fill(time.strftime("%Y-%m-01"))
    operator.get_by_role("button", name="Record it").click()
    expect(operator.get_by_text("Saved.")).to_be_visible()
    expect(operator.get_by_text("“Induction” not done yet.")).to_be_hidden()
    desk.be_offered()

    # Their phone is lost: they are out at once, and set up another after their five words.
    operator.get_by_role("button", name="Reset their second step").click()
    expect(operator.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    expect(desk.tab.locator("#door")).to_be_visible(timeout=SIGN_IN_MS)
    assert not AuthenticatorApp.objects.filter(user=asha).exists()
    desk.tab.get_by_label("Name").fill("asha")
    desk.give_passphrase("Sign in")
    expect(desk.tab.get_by_role("heading", name="A second key to your desk")).to_be_visible(timeout=SIGN_IN_MS)


def test_the_pages_about_colleagues_on_any_screen(
    line: Line, asha: User, hire: Callable[..., User], open_page: OpenPage, picture: Picture
) -> None:
    set_course(Course(slug="induction", name="Induction", months=12), [line])
    tab = open_page(hire("kiri", Role.OPERATOR), "/staff/", **SCREENS[1])
    for path, name in (
        ("/staff/", "staff-1-list"),
        (f"/staff/{asha.code}/", "staff-3-member"),
        ("/staff/invite/", ""),
        ("/staff/courses/", "staff-5-courses"),
        (f"/staff/{asha.code}/leave/", ""),
        (f"/staff/{'A' * 22}/", ""),
    ):
        tab.goto(tab.url.split("/staff/")[0] + path)
        assert_well(tab)
        if name:
            tab.set_viewport_size(WIDE)
            tab.emulate_media(color_scheme="light")
            picture(tab, name)
    tab.goto(tab.url.split("/staff/")[0] + "/staff/courses/")
    tab.locator("summary").filter(has_text="Induction").press("Enter")
    assert_well(tab)
