"""Somebody texts or mails, and is met at the same desk as everybody else."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.accounts.models import User
from helpline.channels.models import Address, Carrier, Delivery, Template
from helpline.channels.sms.words import GOODBYE
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from tests.channels.conftest import carrier, plain_manner
from tests.channels.email.mailing import a_mail
from tests.channels.email.test_mail_servers import lmtp_port, mailed, post, postfix
from tests.channels.sms.conftest import connect, network
from tests.channels.texting import PHONE, send_all, text_in
from tests.flows.help_seeker import Person
from tests.flows.staff import SCREENS, SIGN_IN_MS, Desk, assert_well
from tests.peers.postfix import Postfix
from tests.peers.smsc import Smsc
from tests.servers import Carry, Site

__all__ = ["carrier", "connect", "lmtp_port", "mailed", "network", "plain_manner", "postfix"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db]
OpenDesk = Callable[[User], Desk]
REO = "Kei te haumaru koe ināianei? Kei konei mātou, ā, ka whakarongo mātou ki a koe."
GONE = "gone@person.example"


def test_what_is_different_about_a_text_is_shown_on_any_screen(
    open_device: Callable[..., BrowserContext],
    site: Site,
    line: Line,
    asha: User,
    carrier: Carrier,
) -> None:
    Template.objects.create(line=line, title="Safe now?", text="Are you safe right now?", edited_by=asha)
    text_in(carrier, "Kia ora, can you talk?")
    desk = Desk(open_device(reduced_motion="reduce", **SCREENS[1]), site, asha)
    desk.sign_in().take_next()
    expect(desk.said("can you talk?")).to_be_visible()
    send_all()
    desk.tab.keyboard.press("Shift+F7")
    expect(desk.tab.locator("#answers li")).to_have_count(1)
    assert_well(desk.tab)
    desk.tab.keyboard.press("Escape")
    desk.box.fill(REO)
    expect(desk.active.get_by_text("2 texts, room for 56 more")).to_be_visible()
    desk.box.press("Enter")
    expect(desk.said("ka whakarongo").locator(".state")).to_have_text("Waits to be sent")
    Delivery.objects.filter(state="pending").update(state="failed", reason="unknown_address")
    desk.active.get_by_text("What they need").click()
    desk.active.get_by_label("Safe time to write").select_option("evening")
    expect(desk.said("ka whakarongo").locator(".state")).to_contain_text("their address does not exist any more")
    desk.active.get_by_label("Interpreter needed").check()
    desk.active.get_by_label("Language").select_option("sm")
    expect(desk.active.locator(".chips")).to_contain_text("Gagana Sāmoa")
    expect(desk.active.locator(".chips")).to_contain_text("Interpreter")
    assert Address.objects.get().window == "evening"
    assert_well(desk.tab)


def test_a_text_is_answered_in_te_reo_and_stop_is_seen_kindly(
    open_desk: OpenDesk,
    line: Line,
    asha: User,
    network: Smsc,
    connect: Callable[..., Carrier],
    carry: Carry,
) -> None:
    Template.objects.create(line=line, title="Haumaru", language="mi", text=REO, edited_by=asha)
    Template.objects.create(line=line, title="Safe now?", text="Are you safe right now?", edited_by=asha)
    connect(network)
    carry.start()
    network.deliver("Kia ora, can you talk?", id="mo-1")
    network.wait_for("submitted")  # the fixed first reply
    desk = open_desk(asha).sign_in()
    desk.take_next()
    expect(desk.said("can you talk?")).to_be_visible()

    desk.tab.keyboard.press("Shift+F7")
    expect(desk.tab.locator("#answers li")).to_have_count(2)
    desk.tab.keyboard.type("haumaru")
    expect(desk.tab.locator("#answers li")).to_have_count(1)
    desk.tab.keyboard.press("Enter")
    expect(desk.box).to_have_value(REO)
    desk.tab.keyboard.type(" Asha")
    expect(desk.active.get_by_text(re.compile("^2 texts"))).to_be_visible()
    desk.box.press("Enter")
    parts = network.wait_for("submitted", 4)[2:]  # after that somebody has joined
    assert "".join(each["text"] for each in sorted(parts, key=lambda each: each["header"])) == f"{REO} Asha"
    expect(desk.said("ka whakarongo").locator(".state")).to_have_text("Delivered", timeout=SIGN_IN_MS)

    network.deliver("STOP", id="mo-2")
    expect(desk.active.get_by_text("that was their right")).to_be_visible(timeout=SIGN_IN_MS)
    assert "can you talk?" not in desk.tab.content()
    assert network.wait_for("submitted", 5)[-1]["text"] == GOODBYE["en"]
    assert not Conversation.objects.exists()
    assert not Address.objects.exists()


def test_six_words_lead_from_a_text_to_the_web_chat(
    open_desk: OpenDesk,
    open_device: Callable[..., BrowserContext],
    site: Site,
    asha: User,
    carrier: Carrier,
) -> None:
    text_in(carrier, "I would rather write on a page.")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    send_all()
    desk.active.get_by_text("What they need").click()
    desk.active.get_by_role("button", name="Go on in the web chat").click()
    desk.tab.get_by_role("button", name="Send the six words").click()
    expect(desk.said("press “I have a return code”").locator(".state")).to_have_text(
        "Waits to be sent", timeout=SIGN_IN_MS
    )
    ((to, invitation),) = send_all()
    assert to == PHONE
    words = invitation.rpartition(": ")[2]

    person = Person(open_device(), site).open()
    person.come_back(words)
    person.sees("I would rather write on a page.")
    expect(desk.active.get_by_text("They read in the web chat now")).to_be_visible(timeout=SIGN_IN_MS)
    desk.reply("Here you are.")
    person.sees("Here you are.")
    assert send_all() == []
    assert not Address.objects.exists()


def test_a_mail_is_answered_by_a_promised_time_and_what_comes_back_is_said(
    open_desk: OpenDesk,
    asha: User,
    postfix: Postfix,
    mailed: Carry,
) -> None:
    post(postfix, a_mail("Hello, is anybody there?", of=GONE), of=GONE)
    asha.skills = ["email"]
    asha.save()
    desk = open_desk(asha).sign_in()
    desk.take_next()
    expect(desk.active.get_by_text("By e-mail · An answer is promised by")).to_be_visible()
    desk.reply("Tēnā koe, I am here.")
    expect(desk.said("Tēnā koe").locator(".state")).to_contain_text("and came back", timeout=SIGN_IN_MS)
    expect(desk.active.locator(".parts")).to_be_hidden()
