"""Updates, from end to end in a browser: signed up for, confirmed, written, looked at, received, ended by one press."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.accounts.models import User
from helpline.engagement.models import Subscriber
from helpline.engagement.sending import send_waiting
from helpline.lines.models import Line
from tests.engagement.mailboxes import Mailboxes, listening, reach
from tests.flows.reading import mailed, on_both_screens, press, unseen, well
from tests.flows.staff import WIDE, OpenPage
from tests.servers import Site

pytestmark = pytest.mark.flow

Picture = Callable[[Page, str], None]


@pytest.mark.timeout(400)  # two people, some fifteen pages, each looked at by axe
@on_both_screens
def test_signed_up_confirmed_received_and_ended_by_one_press(
    site: Site,
    line: Line,
    mira: User,
    sunita: User,
    settings: Any,
    open_page: OpenPage,
    open_device: Callable[..., BrowserContext],
    screen: dict[str, Any],
    picture: Picture,
) -> None:
    """On the small screen without a script; axe is one itself, and looks at the wide one."""
    look = well if screen.get("java_script_enabled", True) else unseen

    # Given somebody of the sector who asks for news and events, after a slip of the keyboard
    tab = open_device(**screen).new_page()
    tab.goto(f"{site.public}/updates/")
    look(tab)
    tab.get_by_label("News of the sector").check()
    tab.get_by_label("Events: hui, roadshows, training").check()
    tab.get_by_label("Your e-mail address").fill("heni@example")
    press(tab, "Sign up")
    expect(tab.get_by_text("That is no e-mail address.")).to_be_visible()
    expect(tab.get_by_label("News of the sector")).to_be_checked()
    look(tab)
    tab.get_by_label("Your e-mail address").fill("heni@example.org")
    press(tab, "Sign up")
    expect(tab.get_by_role("heading", name="Look into your mail")).to_be_visible()
    look(tab)
    tab.goto(mailed(site, "/updates/confirm/"))
    look(tab)
    press(tab, "Yes, send me these")
    expect(tab.get_by_text("You are signed up.")).to_be_visible()
    look(tab)

    # When an editor writes an update, and a supervisor reads and sends it
    _write_and_send(open_page, mira, sunita, look, picture)

    # Then it comes, once, in both forms
    with listening() as mailboxes:
        reach(settings, mailboxes)
        assert send_waiting(port=site.port).handed_over == 1
        assert send_waiting(port=site.port).handed_over == 0
    stop = _read(mailboxes)

    # And one press of a mail program ends that topic: no cookie, no page
    assert httpx.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscriber.objects.get().topics == ["events"]
    tab.goto(stop.replace("/news/", "/events/"))
    look(tab)
    press(tab, "Stop this")
    expect(tab.get_by_role("heading", name="You will get no more mails.")).to_be_visible()
    look(tab)
    assert not Subscriber.objects.exists()
    assert tab.context.cookies(site.public) == []
    tab.goto(f"{site.public}/updates/archive/")
    look(tab)
    tab.get_by_role("link", name="A new room in Dunedin").click()
    expect(tab.get_by_text("There is a new room.")).to_be_visible()
    look(tab)


def _write_and_send(
    open_page: OpenPage, mira: User, sunita: User, look: Callable[[Page], None], picture: Picture
) -> None:
    editor = open_page(mira, "/updates/", viewport=WIDE)
    look(editor)
    editor.get_by_role("link", name="Write an update").click()
    editor.get_by_label("Topic").select_option("news")
    editor.get_by_label("Text", exact=True).fill("Kia ora.\n\nThere is a new room.\n\n- It is warm.")
    press(editor, "Save, and see how it looks")
    expect(editor.get_by_text("Give it a title.")).to_be_visible()
    look(editor)
    editor.get_by_label("Title", exact=True).fill("A new room in Dunedin")
    press(editor, "Save, and see how it looks")
    look(editor)
    press(editor, "Ask somebody to have a look")
    expect(editor.get_by_text("Somebody else has a look, and sends it.")).to_be_visible()
    code = editor.url.rstrip("/").rpartition("/")[2]
    reader = open_page(sunita, f"/updates/{code}/", viewport=WIDE)
    expect(reader.get_by_role("button", name="I have read it: send it")).to_be_visible()
    look(reader)
    picture(reader, "updates-second-look")
    press(reader, "I have read it: send it")
    expect(reader.get_by_text("It goes out with the next run.")).to_be_visible()


def _read(mailboxes: Mailboxes) -> str:
    """What came, and the address that ends it."""
    [taken] = mailboxes.taken
    assert (taken.to, taken.mail["Subject"]) == ("heni@example.org", "A new room in Dunedin")
    assert "<li>It is warm.</li>" in taken.part("html")
    assert "- It is warm." in taken.part("plain")
    stop = str(taken.mail["List-Unsubscribe"]).strip().strip("<>")
    assert stop in taken.part("plain")
    return stop
