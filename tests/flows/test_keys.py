"""Whose key may be sealed to: two supervisors found the roster, vouch for a newcomer, make new keys for the line."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from helpline.accounts.actions import remove_staff, reset_passphrase
from helpline.accounts.models import User
from helpline.conversations.companions import begin_companion
from helpline.conversations.models import Companion, Disclosure, Whisper
from helpline.lines import roster
from helpline.lines.actions import staff_line
from helpline.lines.models import Line, LineKey, RosterEntry, RosterPin, StagedWrap
from helpline.lines.queries import current_key
from helpline.routing.models import Presence
from helpline.vault import sealing
from helpline.vault.codes import b64url_encode
from helpline.vault.words import fingerprint
from tests.flows.help_seeker import SMALLEST, assert_accessible, eventually
from tests.flows.keys import come_back, open_keys, said, words_of
from tests.flows.staff import SIGN_IN_MS, Desk, Somebody
from tests.people import found_roster, unlocked, vouch_for_all

pytestmark = pytest.mark.flow
OpenDesk = Callable[[User], Desk]
Picture = Callable[[Page, str], None]


def test_two_supervisors_found_the_roster(
    open_desk: OpenDesk, line: Line, sunita: User, grace: User, picture: Picture
) -> None:
    RosterEntry.objects.all().delete()
    LineKey.objects.update(signed_by=None, signature=b"")
    first = open_keys(open_desk(sunita).sign_in())
    expect(first.get_by_text("It is not founded yet.")).to_be_visible()
    first.get_by_label("With whom").select_option(grace.code)
    expect(first.locator("#founding-words")).to_contain_text(words_of(grace))
    assert_accessible(first.page)
    picture(first.page, "keys-1-found")
    first.get_by_role("button", name="The words are the same: sign").click()
    expect(first.locator("#founding-waits")).to_have_text("You have signed. Now Grace opens this page and signs, too.")
    second = open_keys(open_desk(grace).sign_in())
    expect(second.locator("#founding-waits")).to_have_text("Sunita has signed and asks you to.")
    expect(second.locator("#founding-words")).to_contain_text(words_of(sunita))
    second.get_by_role("button", name="The words are the same: sign").click()
    expect(said(second)).to_have_text("Signed.")
    expect(second.locator("#root-words")).to_have_text(fingerprint(roster.root()))
    assert set(roster.vouched()) == {sunita.code, grace.code}
    eventually(RosterPin.objects.filter(user=grace).exists)


def test_a_newcomer_is_vouched_for_by_two(
    open_desk: OpenDesk, line: Line, sunita: User, grace: User, hire: Callable[..., User], picture: Picture
) -> None:
    wei = hire("wei")
    staff_line(line, [wei])
    first = open_keys(open_desk(sunita).sign_in())
    waiting = first.locator("#signing-list .entry")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("comes new, as Counsellor on safe-to-talk")
    expect(waiting).to_contain_text(words_of(wei))
    first.get_by_role("button", name="Sign what is ticked").click()
    expect(said(first)).to_have_text("Tick at least one whose words you have compared.")
    first.get_by_label("I have compared the words of Wei").check()
    assert_accessible(first.page)
    picture(first.page, "keys-2-sign")
    first.get_by_role("button", name="Sign what is ticked").click()
    expect(waiting).to_contain_text("You have signed; another supervisor is needed.")
    second = open_keys(open_desk(grace).sign_in())
    expect(second.locator("#signing-list")).to_contain_text("Sunita has signed; yours is the second signature.")
    second.get_by_label("I have compared the words of Wei").check()
    second.get_by_role("button", name="Sign what is ticked").click()
    expect(second.get_by_text("Nothing waits.")).to_be_visible()
    assert roster.vouches_for(wei, roster.vouched())


def test_somebody_new_is_given_the_lines_new_keys(
    open_desk: OpenDesk, line: Line, sunita: User, grace: User, hire: Callable[..., User], picture: Picture
) -> None:
    wei = hire("wei")
    staff_line(line, [wei])
    vouch_for_all(sunita, grace)
    before = current_key(line, "queue").epoch
    page = open_keys(open_desk(sunita).sign_in())
    expect(page.locator("#line-keys-list")).to_contain_text("Somebody new has none.")
    page.page.set_viewport_size(SMALLEST)
    page.page.emulate_media(color_scheme="dark")
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page.page)
    picture(page.page, "keys-3-smallest")
    page.get_by_role("button", name=re.compile("Make new keys")).click()
    expect(said(page)).to_contain_text("Safe to talk has new keys.", timeout=SIGN_IN_MS)
    expect(page.locator("#line-keys-list")).to_contain_text("Everybody who should have it has it")
    key = current_key(line, "queue")
    assert key.epoch == before + 1
    assert sealing.public_key_of(unlocked(wei).line_seed(line, "queue")) == bytes(key.public_key)


def test_the_desk_hands_nothing_to_a_key_that_the_server_has_swapped(
    open_desk: OpenDesk, line: Line, asha: User, ben: User
) -> None:
    """The server says that Ben's key is one whose private half it knows. The browser has seen the roster."""
    desk = open_desk(asha).sign_in().be_available()
    person = Somebody(line).arrive()
    desk.take_next()
    colleague = open_desk(ben).sign_in().be_available()
    eventually(Presence.objects.filter(user=ben, state="available").exists)
    swap_keys(desk.tab, "**/colleagues.json", "colleagues")
    hand_over_to_ben(desk)
    expect(desk.tab.locator("#offer-note")).to_contain_text("two supervisors have not vouched for that key")
    assert person.now.counsellor == asha
    desk.tab.unroute("**/colleagues.json")
    hand_over_to_ben(desk)
    expect(desk.panes).to_have_count(0)
    expect(colleague.panes).to_have_count(1)
    assert person.now.counsellor == ben


def swap_keys(tab: Page, address: str, *places: str) -> None:
    """From now on the server gives out a key whose private half it knows."""
    ghost = b64url_encode(sealing.public_key_of(sealing.generate_seed()))

    def lie(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        for place in places:
            given = body[place] if isinstance(body[place], list) else [body[place]]
            for each in given:
                each["public_key"] = ghost
        route.fulfill(response=answer, json=body)

    tab.route(address, lie)


def test_nor_is_a_whisper_or_a_disclosure_sealed_to_a_swapped_key(
    open_desk: OpenDesk, line: Line, asha: User, sunita: User
) -> None:
    desk = open_desk(asha).sign_in().be_available()
    person = Somebody(line).arrive()
    for answer in ("company", "words"):  # either may be the one that tells who has joined, even one asked for before
        swap_keys(desk.tab, f"**/{answer}.json", "companions")
    desk.take_next()
    begin_companion(person.now, sunita, Companion.Kind.JOINED)
    box = desk.active.get_by_role("textbox", name="Whisper to Rātā")
    box.fill("Is this right?")
    box.press("Enter")
    expect(desk.active.locator(".whispers .error")).to_contain_text("two supervisors have not vouched for that key")
    expect(box).to_have_value("Is this right?")
    swap_keys(desk.tab, "**/disclosures.json", "supervisor_key")
    desk.active.get_by_role("button", name="Disclose").click()
    dialog = desk.tab.get_by_role("dialog", name="Break confidentiality")
    for label in ("Why", "What is told", "To whom"):
        dialog.get_by_label(label).fill("Kept here")
    dialog.get_by_role("radio", name=re.compile("^Yes")).check()
    dialog.get_by_role("button", name="Ask a supervisor").click()
    expect(desk.tab.locator("#offer-note")).to_contain_text("two supervisors have not vouched for that key")
    desk.active.get_by_role("button", name="Disclose").click()
    expect(dialog.get_by_label("Why")).to_have_value("Kept here")
    assert not Whisper.objects.exists()
    assert not Disclosure.objects.exists()


def hand_over_to_ben(desk: Desk) -> None:
    desk.box.press("Alt+F9")
    dialog = desk.tab.get_by_role("dialog", name="Hand over to")
    dialog.get_by_role("radio", name="Ben").check()
    dialog.get_by_role("button", name="Hand over").click()


def test_whoever_left_is_withdrawn_and_new_keys_are_due(
    open_desk: OpenDesk, line: Line, sunita: User, grace: User, asha: User, ben: User
) -> None:
    remove_staff(ben)
    supervisor = open_desk(sunita).sign_in()
    expect(supervisor.tab.locator("#keys-news-list")).to_contain_text("Something waits for a supervisor")
    expect(supervisor.tab.locator("#menu-badge")).to_be_visible()
    page = open_keys(supervisor)
    expect(page.locator("#signing-list")).to_contain_text("Somebody who has left")
    expect(page.locator("#line-keys-list")).to_contain_text("Somebody who had them has left")
    page.get_by_role("button", name=re.compile("Make new keys")).click()
    expect(said(page)).to_contain_text("Safe to talk has new keys.", timeout=SIGN_IN_MS)
    holders = current_key(line, "queue").wraps.values_list("user__username", flat=True)
    assert set(holders) == {"asha", "sunita"}


def test_a_browser_that_is_closed_half_way_leaves_the_keys_that_were_there(
    open_desk: OpenDesk, line: Line, sunita: User
) -> None:
    supervisor = open_desk(sunita).sign_in()
    page = open_keys(supervisor)
    before = set(LineKey.objects.values_list("pk", "retired_at"))
    supervisor.tab.route("**/keys/rotate", lambda route: route.abort())
    page.get_by_role("button", name=re.compile("Make new keys")).click()
    eventually(StagedWrap.objects.filter(purpose="supervisor").exists)
    supervisor.tab.close()
    assert set(LineKey.objects.values_list("pk", "retired_at")) == before
    supervisor.tab = supervisor.device.new_page()
    page = open_keys(supervisor)
    page.get_by_role("button", name=re.compile("Make new keys")).click()
    expect(said(page)).to_contain_text("Safe to talk has new keys.", timeout=SIGN_IN_MS)
    assert not StagedWrap.objects.exists()


def test_a_lost_passphrase_opens_ones_own_again_and_colleagues_hear_of_the_new_key(
    open_desk: OpenDesk, line: Line, asha: User, ben: User, sunita: User, grace: User
) -> None:
    desk = open_desk(asha).sign_in().be_available()
    person = Somebody(line).arrive()
    person.say("Kia ora")
    desk.take_next()
    expect(desk.said("Kia ora")).to_be_visible()
    colleague = open_desk(ben).sign_in()
    eventually(RosterPin.objects.filter(user=ben).exists)  # has seen the roster as it is
    passphrase = reset_passphrase(asha)
    asha.refresh_from_db()
    supervisor = open_desk(sunita).sign_in()
    page = open_keys(supervisor)
    expect(page.locator("#signing-list")).to_contain_text("has NEW KEYS")
    page.get_by_role("button", name="Seal it to their new key").click()
    expect(said(page)).to_contain_text("two supervisors have not vouched for that key")
    for each in (supervisor, open_desk(grace).sign_in()):
        page = open_keys(each)
        page.get_by_label("I have compared the words of Asha").check()
        page.get_by_role("button", name="Sign what is ticked").click()
        expect(said(page)).to_have_text("Signed.")
    page = open_keys(supervisor)
    page.get_by_role("button", name="Seal it to their new key").click()
    expect(said(page)).to_have_text("Asha can read it again.")
    expect(page.locator("#resealing")).to_be_hidden()
    again = come_back(open_desk(asha).open(), passphrase)
    expect(again.said("Kia ora")).to_be_visible(timeout=SIGN_IN_MS)
    colleague.tab.reload()
    colleague.unlock()
    news = colleague.tab.locator("#keys-news-list")
    expect(news).to_contain_text(f"Asha has new keys: {words_of(asha)}.")


def test_a_roster_that_is_founded_anew_is_believed_only_after_comparing(
    open_desk: OpenDesk, line: Line, asha: User, sunita: User, grace: User
) -> None:
    counsellor = open_desk(asha).sign_in()
    eventually(RosterPin.objects.filter(user=asha).exists)
    before = fingerprint(roster.root())
    roster.give_up()
    time.sleep(1)  # founded in the same second with the same keys it would be the same roster
    found_roster(sunita, grace)
    after = fingerprint(roster.root())
    assert before != after
    page = open_keys(counsellor)
    expect(page.locator("#root-words")).to_have_text(before)
    expect(page.locator("#other-root")).to_contain_text(after)
    expect(said(page)).to_contain_text("is not the one you know")
    page.get_by_role("button", name="Yes, these are the words they read to me").click()
    expect(page.locator("#root-words")).to_have_text(after)
    expect(page.locator("#other-root")).to_be_hidden()
