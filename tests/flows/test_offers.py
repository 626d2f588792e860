"""How people come to a counsellor: by offers, in order, with a reason, and gently."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from helpline.accounts.models import User
from helpline.conversations.models import State
from helpline.lines.models import Line
from helpline.routing.actions import set_max_capacity, set_presence
from helpline.routing.models import Offer, Presence, QueueEntry
from tests.flows.help_seeker import assert_accessible, eventually
from tests.flows.staff import Desk, Somebody, assert_fits

pytestmark = pytest.mark.flow

OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]

SIZES: list[ViewportSize] = [{"width": 390, "height": 844}, {"width": 1024, "height": 768}]
LAPSE_MS = 40_000  # an offer of 20 s, on a busy machine
# Two tones are rung, and then it rests again: a sound that runs keeps a processor awake for a whole shift.
LISTEN = """(() => {
    window.heard = { tones: 0 };
    const ring = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
        heard.tones += 1;
        heard.by = this;
        return ring.call(this);
    };
})()"""
HAS_RUNG = "heard.tones === 2 && heard.by.state === 'suspended'"


def test_a_queue_of_five_and_two_counsellors(
    open_desk: OpenDesk, line: Line, asha: User, ben: User, picture: Picture
) -> None:
    words = ["The first", "The second", "Somebody in danger", "The fourth", "The fifth"]
    people = [Somebody(line).arrive(in_danger=each == "Somebody in danger") for each in words]
    for person, text in zip(people, words, strict=True):
        person.say(text)
    desks = [open_desk(user) for user in (asha, ben)]
    desks[0].device.add_init_script(LISTEN)
    for desk in desks:
        desk.sign_in()
    for desk in desks:
        expect(desk.waiting).to_have_count(5)
        expect(desk.tab.get_by_role("radio", name="Away")).to_be_checked()
        expect(desk.waiting.first).to_contain_text("In danger now")
    desks[0].be_available(3)
    expect(desks[0].offered).to_contain_text("In danger now")
    expect(desks[0].offered).to_contain_text("whoever can answer is asked at once")
    expect(desks[0].tab.locator("#announcer")).to_contain_text(
        "Somebody for you: Safe to talk, In danger now, Web chat"
    )
    eventually(lambda: bool(desks[0].tab.evaluate(HAS_RUNG)))
    picture(desks[0].tab, "offer-1-in-danger")
    desks[0].take_next()
    expect(desks[0].said("Somebody in danger")).to_be_visible()
    desks[1].be_available(3)
    # Each is offered to one of the two, in the order in which they came.
    for _ in range(2):
        for desk in desks:
            desk.take_next()
    for desk in desks:
        expect(desk.waiting).to_have_count(0)
        expect(desk.tab.get_by_text("Nobody is waiting.")).to_be_visible()
    held = {user: [p for p in people if p.now.counsellor == user] for user in (asha, ben)}
    assert {len(each) for each in held.values()} == {2, 3}
    assert all(person.now.state == State.OPEN for person in people)
    expect(desks[0].tab.locator("#hands")).to_contain_text("3 open · 0 hands free")
    picture(desks[0].tab, "offer-2-hands-full")


def test_an_offer_steals_nothing_and_is_answered_by_keyboard(
    open_desk: OpenDesk, line: Line, asha: User, picture: Picture
) -> None:
    first = Somebody(line).arrive()
    first.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    keys = desk.tab.keyboard
    keys.type("I am writing to ")
    Somebody(line).arrive().say("Is this the right place?")
    expect(desk.offered).to_be_visible()
    keys.type("you.")
    expect(desk.box).to_be_focused()
    expect(desk.box).to_have_value("I am writing to you.")
    expect(desk.offered).to_contain_text("Next in line.")
    expect(desk.offered).to_contain_text("You are the only one free who can.")
    expect(desk.offered.get_by_role("timer")).to_have_text(re.compile(r"\d+ s left"))
    picture(desk.tab, "offer-3-while-writing")
    assert_accessible(desk.tab)
    keys.press("Shift+F2")
    expect(desk.tab.get_by_role("button", name="I need a break")).to_be_focused()
    picture(desk.tab, "offer-4-decline")
    assert_accessible(desk.tab)
    keys.press("Escape")
    expect(desk.box).to_be_focused()
    keys.press("Shift+F2")
    keys.press("ArrowDown")
    expect(desk.tab.get_by_role("button", name="I may know this person")).to_be_focused()
    keys.press("Enter")
    expect(desk.offered).to_be_hidden()
    expect(desk.tab.get_by_text("They are being offered to somebody else.")).to_be_visible()
    expect(desk.box).to_be_focused()
    expect(desk.box).to_have_value("I am writing to you.")
    expect(desk.waiting).to_have_count(1)
    expect(desk.waiting.get_by_role("button")).to_have_count(0)
    assert Offer.objects.get(state=Offer.State.DECLINED).decline_reason == "known_person"


def test_an_offer_cannot_be_missed_on_any_screen(open_desk: OpenDesk, line: Line, asha: User, picture: Picture) -> None:
    Somebody(line).arrive().say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.reply("I am here.")
    Somebody(line).arrive(in_danger=True).say("Is this the right place?")
    expect(desk.offered).to_be_visible()
    Offer.objects.filter(state=Offer.State.OPEN).update(expires_at=timezone.now() + dt.timedelta(minutes=5))
    for size in SIZES:
        desk.tab.set_viewport_size(size)
        desk.tab.emulate_media(color_scheme="light", forced_colors="none")
        expect(desk.offered).to_be_in_viewport(ratio=1)
        expect(desk.box).to_be_in_viewport()
        assert_fits(desk.tab)
        name = f"offer-at-{size['width']}"
        picture(desk.tab, name)
        assert_accessible(desk.tab)
        desk.tab.emulate_media(color_scheme="dark")
        picture(desk.tab, f"{name}-dark")
        assert_accessible(desk.tab)
        desk.tab.emulate_media(forced_colors="active")
        picture(desk.tab, f"{name}-forced-colours")
    desk.tab.keyboard.press("F2")
    expect(desk.said("Is this the right place?")).to_be_visible()


@pytest.mark.timeout(180)
def test_a_lapse_is_said_kindly_and_two_set_away(
    open_desk: OpenDesk, line: Line, asha: User, ben: User, picture: Picture
) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    missing = open_desk(asha).sign_in()
    missing.be_offered()
    there = open_desk(ben).sign_in().be_available()
    expect(missing.tab.get_by_text("It went on to a colleague. Nobody was lost.")).to_be_visible(timeout=LAPSE_MS)
    expect(there.offered).to_be_visible()
    there.take_next()
    expect(there.said("Kia ora")).to_be_visible()
    set_presence(ben, Presence.State.BUSY)
    Somebody(line).arrive()
    expect(missing.offered).to_be_visible()
    away = missing.tab.get_by_role("region", name="You are set to away")
    expect(away).to_be_visible(timeout=LAPSE_MS)
    expect(missing.tab.get_by_role("radio", name="Away")).to_be_checked()
    picture(missing.tab, "offer-5-set-away")
    assert_accessible(missing.tab)
    missing.tab.reload()
    missing.unlock()
    expect(away).to_be_visible()
    away.get_by_role("button", name="I am back").click()
    expect(missing.tab.get_by_role("radio", name="Available")).to_be_checked()
    expect(away).to_be_hidden()
    Somebody(line).arrive()
    expect(missing.waiting).to_have_count(2)
    missing.take_next()


def test_presence_and_capacity_last_through_a_reload(open_desk: OpenDesk, line: Line, asha: User, sunita: User) -> None:
    set_max_capacity(sunita, asha, 2)
    desk = open_desk(asha).sign_in()
    for name in ("Busy", "Wrap-up", "Break", "Debrief", "Available"):
        desk.tab.get_by_role("radio", name=name).check()
        state = {"Wrap-up": "wrap_up"}.get(name, name.lower())
        eventually(Presence.objects.filter(user=asha, state=state).exists)
        desk.tab.reload()
        desk.unlock()
        expect(desk.tab.get_by_role("radio", name=name)).to_be_checked()
    choices = desk.tab.get_by_label("At most").locator("option:not([hidden])")
    expect(choices).to_have_text(["1", "2"])
    desk.tab.get_by_label("At most").select_option("1")
    eventually(lambda: Presence.objects.get(user=asha).capacity == 1)
    expect(desk.tab.locator("#hands")).to_contain_text("1 hand free")


def test_the_class_is_shown_and_changed(open_desk: OpenDesk, line: Line, asha: User, picture: Picture) -> None:
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    desk.tab.keyboard.press("Alt+F8")
    klass = desk.active.get_by_label("Class")
    expect(klass).to_be_focused()
    expect(klass.locator("option:checked")).to_have_text("Normal")
    klass.select_option("Urgent")
    expect(desk.tab.locator("#announcer")).to_have_text("Now in the class: Urgent.")
    eventually(lambda: QueueEntry.objects.get(conversation=person.now).urgency == 2)
    desk.tab.reload()
    desk.unlock()
    expect(desk.active.get_by_label("Class").locator("option:checked")).to_have_text("Urgent")


def test_after_a_heavy_one_a_break_is_offered_first(
    open_desk: OpenDesk, line: Line, asha: User, picture: Picture
) -> None:
    Somebody(line).arrive().say("Kia ora")
    desk = open_desk(asha).sign_in()
    desk.take_next()
    keys = desk.tab.keyboard
    keys.press("F9")
    keys.press("Enter")
    expect(desk.active.get_by_label("Who is in touch")).to_be_focused()
    expect(desk.tab.locator("#hands")).to_contain_text("1 to record")
    keys.press("F3")
    expect(desk.active.get_by_role("checkbox", name="Heavy")).to_be_checked()
    keys.press("F7")
    keys.press("F7")
    expect(desk.active.get_by_role("checkbox", name="Abusive")).not_to_be_checked()
    picture(desk.tab, "offer-6-record-weight")
    assert_accessible(desk.tab)
    keys.press("Control+Enter")
    card = desk.tab.get_by_role("region", name="That was a heavy one")
    expect(card).to_be_visible()
    expect(desk.tab.get_by_text("This shift: 1 heavy")).to_be_visible()
    picture(desk.tab, "offer-7-break")
    assert_accessible(desk.tab)
    Somebody(line).arrive()
    expect(desk.waiting).to_have_count(1)
    expect(desk.offered).to_be_hidden()
    card.get_by_role("button", name="I am all right, go on").click()
    expect(card).to_be_hidden()
    desk.take_next()
    desk.tab.get_by_role("radio", name="Debrief").check()
    eventually(lambda: Presence.objects.get(user=asha).state == Presence.State.DEBRIEF)
