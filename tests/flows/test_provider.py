"""Coming in with the organisation's own sign-in: the door, the provider's page, the second step, the five words."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from helpline.accounts.models import ProviderIdentity, User
from tests import conftest
from tests.flows.help_seeker import assert_accessible
from tests.flows.staff import SIGN_IN_MS, Desk
from tests.oidc_provider import Provider, running
from tests.people import code_of, passphrase_of
from tests.servers import Site

pytestmark = [pytest.mark.flow, pytest.mark.django_db]
OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def kauri() -> Iterator[Provider]:
    """By the name `localhost`, so that the staff door at 127.0.0.1 is another site to it, as it will be in life."""
    with running(Provider()) as own:
        yield own


@pytest.fixture(scope="module")
def _site_process(django_db_setup: None, kauri: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running site, told of the provider."""
    environment = {"HELPLINE_ADDRESS_HEADER": "X-Network", **kauri.environment}
    own = Site(conftest._url_of_test_database(), tmp_path_factory.mktemp("site") / "site.log", environment)
    own.start()
    yield own
    own.stop()


def go_there(desk: Desk, button: str = "Come in with Kauri Trust", say: str = "Go on") -> Page:
    tab = desk.tab
    tab.get_by_role("button", name=button).click()
    expect(tab.get_by_role("heading", name="Kauri Trust")).to_be_visible()
    with tab.expect_request("**/sign-in/provider/back*") as back:
        tab.get_by_role("link", name=say).click()
    assert "cookie" not in back.value.all_headers()  # the control: it comes from another site
    return tab


def confirm(tab: Page) -> None:
    tab.get_by_label("Passphrase").fill(passphrase_of("asha"))
    tab.get_by_role("button", name="Go on", exact=True).click()
    expect(tab.get_by_role("button", name="Make new ones")).to_be_visible(timeout=SIGN_IN_MS)


def test_link_it_once_and_come_in_with_it(open_desk: OpenDesk, asha: User, picture: Picture) -> None:
    desk = open_desk(asha).sign_in()
    tab = desk.tab

    # Linked by asha, signed in, after her five words.
    tab.goto(f"{desk.site.workspace}/account/")
    expect(tab.get_by_text("Not linked with Kauri Trust")).to_be_visible()
    confirm(tab)
    go_there(desk, "Link it")
    expect(tab.get_by_role("heading", name="Your account")).to_be_visible()
    expect(tab.get_by_text("Linked with Kauri Trust", exact=False).first).to_be_visible()
    assert_accessible(tab)
    picture(tab, "account-provider")
    assert ProviderIdentity.objects.get().user == asha

    # On another day.
    tab.context.clear_cookies()
    desk.open()
    expect(tab.get_by_role("button", name="Come in with Kauri Trust")).to_be_visible()
    assert_accessible(tab)
    picture(tab, "door-5-provider")
    go_there(desk)
    code = tab.get_by_role("textbox", name="Code")
    expect(code).to_be_visible()
    assert tab.url == f"{desk.site.workspace}/"  # what came back is out of the address
    code.fill(code_of(asha))
    tab.get_by_role("button", name="Go on", exact=True).click()

    # Signed in, and the keys are shut: nothing from there opens them.
    expect(tab.get_by_text("Your keys stay shut until your five words or a passkey open them.")).to_be_visible()
    expect(tab.locator("#desk")).to_be_hidden()
    expect(tab.get_by_role("button", name="Come in with Kauri Trust")).to_be_hidden()
    assert_accessible(tab)
    picture(tab, "door-6-keys-shut")
    tab.get_by_label("Passphrase").fill("not these five words here")
    tab.get_by_role("button", name="Unlock", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("That is not your passphrase", timeout=SIGN_IN_MS)
    desk.unlock()

    # Taken back, it leads nowhere.
    tab.goto(f"{desk.site.workspace}/account/")
    confirm(tab)
    tab.get_by_role("button", name="Remove the link").click()
    expect(tab.get_by_text("Not linked with Kauri Trust")).to_be_visible()
    assert not ProviderIdentity.objects.exists()
    tab.context.clear_cookies()
    go_there(desk.open())
    expect(tab.get_by_role("alert")).to_contain_text("nobody here has linked that account yet")


def test_whoever_is_not_linked_or_says_no_there_comes_in_the_usual_way(open_desk: OpenDesk, asha: User) -> None:
    desk = open_desk(asha).open()
    tab = go_there(desk)
    expect(tab.get_by_role("alert")).to_contain_text("nobody here has linked that account yet")
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    tab.emulate_media(color_scheme="dark")
    assert_accessible(tab)
    go_there(desk, say="Rather not")
    expect(tab.get_by_role("alert")).to_contain_text("You were not signed in there.")
    tab.get_by_label("Name").fill("asha")
    desk.give_passphrase("Sign in")
    desk.give_code()
