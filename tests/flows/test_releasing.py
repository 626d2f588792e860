"""Two people release a month: each looks at it in a browser of their own and signs it with their own key."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from helpline.accounts.models import Role, User
from helpline.lines.models import Line, LineMembership
from helpline.publishing.models import Note, Release
from helpline.publishing.queries import is_genuine
from tests.flows.help_seeker import SMALLEST, assert_accessible
from tests.flows.staff import SIGN_IN_MS, Desk
from tests.people import code_of, passphrase_of
from tests.publishing.releases import a_proposal

pytestmark = pytest.mark.flow
OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]


@pytest.fixture
def ana(hire: Callable[..., User], line: Line) -> User:
    """An analyst, who holds no words and has no desk."""
    user = hire("ana", Role.ANALYST)
    LineMembership.objects.create(user=user, line=line)
    return user


def open_figures(desk: Desk) -> Page:
    """Through both steps of the door, and then by the menu's page."""
    tab = desk.open().tab
    tab.get_by_label("Name").fill(desk.user.username)
    desk.give_passphrase("Sign in")
    expect(tab.get_by_role("textbox", name="Code")).to_be_visible(timeout=SIGN_IN_MS)
    tab.get_by_role("textbox", name="Code").fill(code_of(desk.user))
    tab.get_by_role("button", name="Go on", exact=True).click()
    expect(tab.locator("#no-desk, #desk").filter(visible=True).first).to_be_visible(timeout=SIGN_IN_MS)
    tab.goto(f"{desk.site.workspace}/figures/")
    tab.get_by_role("link", name="September 2026").click()
    return tab


def sign(form: Locator, words: str, button: str) -> None:
    form.get_by_label("Passphrase").fill(words)
    form.get_by_role("button", name=button).click()


def test_a_month_is_released_by_two(open_desk: OpenDesk, line: Line, ana: User, sunita: User, picture: Picture) -> None:
    a_proposal(line)
    first = open_figures(open_desk(ana))
    expect(first.get_by_text("Nobody has signed yet.")).to_be_visible()
    assert_accessible(first)
    picture(first, "figures-1-propose")
    sign(first.locator("#sign"), "not these five words", "Sign, and propose")
    expect(first.locator("#sign-said")).to_have_text("These five words do not open your key. Nothing was signed.")
    sign(first.locator("#sign"), passphrase_of(ana.username), "Sign, and propose")
    expect(first.get_by_text("Ana has signed; the next signature")).to_be_visible(timeout=SIGN_IN_MS)
    expect(first.locator("#sign")).to_have_count(0)  # hers is given

    second = open_figures(open_desk(sunita))
    sign(second.locator("#sign"), passphrase_of(sunita.username), "Sign, and release for good")
    expect(second.get_by_text("by Ana and Sunita. It stays as it is.")).to_be_visible(timeout=SIGN_IN_MS)
    assert is_genuine(Release.objects.get())

    second.get_by_label("A new note: what should readers know?").fill("The chat was closed\non two days.")
    second.get_by_role("button", name="Keep it, for two people to sign").click()
    for tab, user in ((second, sunita), (first, ana)):
        tab.reload()
        sign(tab.locator("#sign-note"), passphrase_of(user.username), "Sign this note")
        expect(tab.locator("#sign-note")).to_have_count(0, timeout=SIGN_IN_MS)
    expect(first.get_by_label("A new note: what should readers know?")).to_be_visible()
    assert is_genuine(Note.objects.get())
    first.set_viewport_size(SMALLEST)
    assert_accessible(first)
    picture(first, "figures-2-noted")
