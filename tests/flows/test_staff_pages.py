"""Pages of staff beside the desk, drawn by the server: readable by everybody, on any screen, and by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from helpline.accounts.actions import audit, forget_in_audit
from helpline.accounts.models import AuditEvent, Role, User
from helpline.channels import carriers, outbox
from helpline.channels.models import Carrier
from helpline.lines.models import Line
from helpline.routing.blocks import end_and_block
from helpline.vault.codes import new_code
from tests.channels.conftest import carrier, plain_manner  # noqa: F401  # a line that can be texted
from tests.channels.texting import reply, send_all, text_in
from tests.flows.staff import SCREENS, OpenPage, assert_well
from tests.people import HelpSeeker, take

pytestmark = pytest.mark.flow


def test_an_auditor_looks_for_what_somebody_did(
    open_page: OpenPage, line: Line, hire: Callable[..., User], asha: User, sunita: User
) -> None:
    founding = AuditEvent.objects.count()
    erased = new_code()
    for code in (erased, new_code()):
        audit(AuditEvent.Kind.WORDS_OPENED, sunita, line=line, conversation_code=code, detail=asha.code)
    forget_in_audit(erased)
    audit(AuditEvent.Kind.HELP_CALLED, asha, line=line, conversation_code=new_code())
    tab = open_page(hire("aroha", Role.AUDITOR), "/audit/", **SCREENS[1])
    expect(tab.locator(".events li")).to_have_count(founding + 4)  # and that she looks
    assert_well(tab)
    tab.get_by_label("Name to sign in with").fill("asha")
    tab.keyboard.press("Enter")
    expect(tab.locator(".events li")).to_have_count(1)
    expect(tab.locator(".events")).to_contain_text("Called for help")
    expect(tab.get_by_label("Name to sign in with")).to_have_value("asha")
    tab.get_by_label("From").fill("last week")
    tab.get_by_role("button", name="Look").press("Enter")
    expect(tab.get_by_text("Write the day like this: 2026-11-26.")).to_be_visible()
    expect(tab.get_by_label("From")).to_have_value("last week")
    assert_well(tab)


def test_a_counsellor_sees_who_read_her_conversations(
    open_page: OpenPage, line: Line, asha: User, sunita: User
) -> None:
    audit(AuditEvent.Kind.WORDS_OPENED, sunita, line=line, conversation_code=new_code(), detail=asha.code)
    tab = open_page(asha, "/account/", **SCREENS[1])
    tab.locator("#menu summary").press("Enter")
    tab.get_by_role("link", name="Who read your conversations").press("Enter")
    expect(tab.locator(".events")).to_contain_text("Sunita")
    assert_well(tab)


def test_a_supervisor_tries_a_text_again_by_keyboard(
    open_page: OpenPage,
    carrier: Carrier,  # noqa: F811  # the fixture's name
    asha: User,
    sunita: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 1)
    conversation = text_in(carrier).conversation
    assert conversation
    send_all()
    take(asha, conversation)
    reply(conversation, asha)
    [claimed] = outbox.claim(1)
    outbox.refused(claimed.delivery, carriers.UNREACHABLE)
    tab = open_page(sunita, "/texts/", **SCREENS[1])
    expect(tab.get_by_text("The carrier cannot be reached.")).to_be_visible()
    assert_well(tab)
    tab.get_by_role("button", name="Try again").press("Enter")
    expect(tab.get_by_text("Everything that was said has gone.")).to_be_visible()
    assert_well(tab)


def test_a_supervisor_looks_at_a_block_by_keyboard(open_page: OpenPage, line: Line, asha: User, sunita: User) -> None:
    for reason in ("sexual", "prank"):
        conversation = HelpSeeker().start(line)
        take(asha, conversation)
        end_and_block(asha, conversation, reason, 24)
    tab = open_page(sunita, "/blocks/", **SCREENS[1])
    expect(tab.get_by_role("heading", name="To look at")).to_be_visible()
    tab.locator(".blocks li").first.get_by_text("Ask for longer").press("Enter")
    assert_well(tab)
    tab.get_by_label("From its beginning").first.select_option("three months")
    tab.get_by_role("button", name="Ask a second person").first.press("Enter")
    expect(tab.get_by_text("Sunita asks that it last until")).to_be_visible()
    tab.get_by_role("button", name="Let it stand").first.press("Enter")
    expect(tab.get_by_role("heading", name="Looked at")).to_be_visible()
    tab.get_by_role("button", name="Lift it").first.press("Enter")
    expect(tab.locator(".blocks li")).to_have_count(1)
    assert_well(tab)
