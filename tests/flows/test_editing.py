"""An editor writes a page and has it looked at; a colleague publishes it at its time; it is translated and read."""

import datetime as dt
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, expect
from wagtail.models import Revision

from helpline.accounts.models import Role, User
from helpline.content.founding import found
from helpline.content.models import ContactNumber, HomePage
from helpline.content.models.numbers import STALE_AFTER
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from tests.flows.reading import well
from tests.flows.staff import WIDE, OpenPage
from tests.servers import Site

pytestmark = pytest.mark.flow

Picture = Callable[[Page, str], None]
SUBMIT = re.compile("^Submit")


@pytest.fixture
def refused() -> list[str]:
    """What a browser refuses to run or load at the editors' door."""
    return []


@pytest.fixture
def let_in(open_page: OpenPage, refused: list[str]) -> Callable[[User], Page]:
    """From the staff door, as everybody comes."""

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "X-Frame-Options" in message.text:
            refused.append(message.text)

    def let_in(user: User) -> Page:
        tab = open_page(user, "/edit-site/", viewport=WIDE, reduced_motion="reduce")
        tab.on("console", note)
        tab.get_by_role("button", name="Go to the editor").click()
        expect(tab.get_by_role("heading", name="Helpline")).to_be_visible()
        return tab

    return let_in


@pytest.mark.timeout(500)  # two editors and a reader, some twenty pages of Wagtail's
def test_written_given_a_time_looked_at_published_translated_and_read(
    site: Site,
    line: Line,
    mira: User,
    hire: Callable[..., User],
    let_in: Callable[[User], Page],
    refused: list[str],
    open_device: Callable[..., BrowserContext],
    picture: Picture,
) -> None:
    found()
    home = HomePage.objects.get(line=line, tongue=Language.ENGLISH)
    writer, reader = let_in(mira), open_device(viewport=WIDE).new_page()
    colleague = let_in(hire("rewi", Role.EDITOR))

    _write(writer, home, picture)
    _give_it_a_time(writer)
    _submit(writer)
    assert _status(reader, f"{site.public}/support-for-families/") == 404
    _publish(colleague, "Support for families", picture)

    # Approved for a time it is public then, and not before
    assert _status(reader, f"{site.public}/support-for-families/") == 404
    _let_the_time_come()
    assert _status(reader, f"{site.public}/support-for-families/") == 200
    expect(reader.get_by_text("Say that you believe them.")).to_be_visible()
    well(reader)

    # In te reo it is marked as missing until somebody has written it, and then as awaiting a native speaker
    reader.goto(f"{site.public}/mi/support-for-families/")
    expect(reader.get_by_text("Kāore anō kia whakamāoritia")).to_be_visible()
    expect(reader.locator("article[lang=en]").get_by_text("Say that you believe them.")).to_be_visible()
    well(reader)
    _translate(writer)
    _submit(writer)
    _publish(colleague, "Tautoko mō te whānau", picture)
    reader.goto(f"{site.public}/mi/support-for-families/")
    expect(reader.get_by_role("heading", name="Tautoko mō te whānau")).to_be_visible()
    well(reader)

    assert refused == []


def test_a_picture_needs_words_an_old_address_leads_on_and_a_number_is_checked(
    site: Site,
    line: Line,
    mira: User,
    let_in: Callable[[User], Page],
    refused: list[str],
    open_device: Callable[..., BrowserContext],
    picture: Picture,
) -> None:
    found()
    on = timezone.localdate() - STALE_AFTER - dt.timedelta(days=1)
    ContactNumber.objects.update(checked_on=timezone.localdate())
    ContactNumber.objects.create(slug="a-line", name="A line", value="0800 000 000", checked_on=on)
    editor = let_in(mira)
    door = editor.url.rstrip("/")
    _upload(editor, door)
    _lead_on(editor, door)
    reader = open_device().new_page()
    reader.goto(f"{site.public}/where-it-was/")
    assert reader.url == f"{site.public}/"

    editor.goto(f"{door}/snippets/content/contactnumber/")
    expect(editor.get_by_text("Nobody checked it for three months. Please try it.")).to_have_count(1)
    picture(editor, "editing-numbers")
    editor.get_by_role("row", name="A line").get_by_role("checkbox").check()
    editor.get_by_role("link", name="Checked today").click()
    editor.get_by_role("button", name="Yes, all were checked today").click()
    expect(editor.get_by_text("One number was checked today.")).to_be_visible()
    expect(editor.get_by_text("Nobody checked it for three months. Please try it.")).to_have_count(0)
    assert refused == []


def _upload(tab: Page, door: str) -> None:
    made = BytesIO()
    Image.new("RGB", (60, 40), (20, 120, 90)).save(made, "PNG")
    tab.goto(f"{door}/images/add/")
    tab.get_by_label("Title").fill("Walk")
    tab.locator("input[type=file]").set_input_files(
        {"name": "walk.png", "mimeType": "image/png", "buffer": made.getvalue()}
    )
    words = tab.get_by_label("Words for whoever does not see it")
    words.fill(" ")
    tab.get_by_role("button", name="Upload").click()
    expect(tab.get_by_text("This field is required.").first).to_be_visible()
    words.fill("Two people walk beside the sea.")
    tab.locator("input[type=file]").set_input_files(
        {"name": "walk.png", "mimeType": "image/png", "buffer": made.getvalue()}
    )
    tab.get_by_role("button", name="Upload").click()
    expect(tab.get_by_text("'Walk' added")).to_be_visible()


def _lead_on(tab: Page, door: str) -> None:
    tab.goto(f"{door}/redirects/add/")
    tab.get_by_label("Redirect from").fill("/where-it-was/")
    tab.get_by_role("button", name="Choose a page").click()
    tab.get_by_role("link", name="Safe to talk", exact=True).first.click()
    expect(tab.get_by_text("Redirect to a page")).to_be_visible()
    tab.get_by_role("button", name="Create").click()
    expect(tab.get_by_text("/where-it-was").first).to_be_visible()


def _write(tab: Page, home: HomePage, picture: Picture) -> None:
    tab.goto(f"{tab.url.rstrip('/')}/pages/{home.pk}/add_subpage/")
    tab.get_by_role("link", name="Information page", exact=True).click()
    tab.wait_for_load_state()  # an address follows the title once the page's script listens
    tab.get_by_role("textbox", name="Title").fill("Support for families")
    tab.keyboard.press("Tab")
    expect(tab.locator("[name=slug]")).to_have_value("support-for-families")
    tab.get_by_role("textbox", name="Summary").fill("How families can help.")
    tab.get_by_role("button", name="Insert a block").click()
    tab.get_by_role("option", name="Text").click()
    tab.locator(".public-DraftEditor-content").click()
    tab.keyboard.type("Listen first. Say that you believe them.")
    expect(tab.locator("[name=body-0-value]")).to_have_value(re.compile("believe them"))  # it follows after a moment
    tab.get_by_role("button", name="Toggle preview").click()
    preview = tab.locator("#w-preview-iframe").content_frame
    expect(preview.get_by_text("Say that you believe them.")).to_be_visible()
    picture(tab, "editing-a-page")


def _give_it_a_time(tab: Page) -> None:
    tab.get_by_role("button", name="Toggle status").click()
    tab.get_by_role("button", name="Set schedule").click()
    at = timezone.localtime() + dt.timedelta(days=2)
    tab.get_by_role("textbox", name="Go live date/time").fill(f"{at:%Y-%m-%d %H:%M}")
    tab.keyboard.press("Tab")  # and the calendar closes
    _nothing_is_under_way(tab)
    with tab.expect_response(lambda answer: answer.ok and _follows_a_form(answer)):
        tab.get_by_role("button", name="Save schedule").press("Enter")
    tab.wait_for_load_state()


def _follows_a_form(answer: Response) -> bool:
    sent = answer.request.redirected_from
    return sent is not None and sent.method == "POST"


def _let_the_time_come() -> None:
    past = timezone.now() - dt.timedelta(minutes=1)
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_due")


def _submit(tab: Page) -> None:
    _is_kept(tab)
    tab.get_by_role("button", name="More actions").click()
    tab.get_by_role("button", name=SUBMIT).click()
    expect(tab.get_by_text("submitted for moderation").first).to_be_visible()


def _is_kept(tab: Page) -> None:
    """Wagtail keeps a draft by itself, half a second after the last change. A page that is sent in that moment is sent
    twice, and the second of the two has an address that is taken, or is asked which of the two shall stay.
    """
    expect(tab.get_by_role("heading", name=re.compile("^Editing"), level=1)).to_be_visible()
    _nothing_is_under_way(tab)


def _nothing_is_under_way(tab: Page) -> None:
    tab.wait_for_timeout(1500)  # a busy machine's half a second
    expect(tab.locator("#w-autosave-indicator").get_by_text("Saving…")).to_be_hidden()


def _publish(tab: Page, title: str, picture: Picture) -> None:
    """By somebody else, to whose eyes it comes first."""
    tab.goto(re.sub(r"(://[^/]+/).*", r"\1", tab.url))
    expect(tab.get_by_role("heading", name="Awaiting your review")).to_be_visible()
    picture(tab, "editing-second-look")
    tab.get_by_role("link", name=title).first.click()
    publish = tab.get_by_role("button", name="Publish", exact=True)
    expect(publish).to_be_visible()
    with tab.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 302):
        publish.click()
    expect(publish).to_have_count(0)


def _translate(tab: Page) -> None:
    tab.get_by_role("link", name="Support for families").first.click()
    tab.get_by_role("button", name="Actions").first.click()
    tab.get_by_role("link", name="Translate").click()
    tab.get_by_label("Te reo Māori").check()
    tab.get_by_role("button", name="Submit").click()
    tab.get_by_role("textbox", name="Title").fill("Tautoko mō te whānau")


def _status(tab: Page, address: str) -> int:
    answer = tab.goto(address)
    assert answer
    return answer.status
