"""The server holds no plaintext of a chat with JavaScript, and none at rest of a chat without.

A word that exists nowhere else is typed in a real browser, in both directions, and then looked for in everything that
our processes remember. The control plants such a word in every place and spelling, so that the search is known to see.
"""

import re
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import psycopg
import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.accounts.models import User
from tests.canary.furnish import SERVICE
from tests.canary.house import House
from tests.canary.mailbox import Mailbox, hand_over, until
from tests.canary.search import AT_REST, EVERYWHERE, new_canary, search, spellings
from tests.channels.email.mailing import LINE, a_mail
from tests.flows.help_seeker import Person
from tests.flows.staff import Desk
from tests.flows.without_script import Person as PersonWithoutScript
from tests.peers.smsc import PASSWORD, Smsc, smsc
from tests.people import passphrase_of
from tests.servers import free_port

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]  # some twenty memory dumps of each search
Device = Callable[..., BrowserContext]


@pytest.fixture
def desk(house: House, open_device: Device) -> Desk:
    desk = Desk(open_device(), house, User(username="asha"))  # type: ignore[arg-type]  # a house has the addresses of a site
    return desk.sign_in().be_available()


def test_the_control_finds_the_word_in_every_place_and_spelling(house: House) -> None:
    word = new_canary()
    blob = b" ".join(form for forms in spellings(word).values() for form in forms)
    with held_in_memory(house, "/live/c/" + "A" * 22 + "/messages", blob), held_in_memory(house, "/chat/start", blob):
        plant_in_database(house, word, blob)
        for log in house.logs():
            with log.open("ab") as file:
                file.write(blob)
        found = search(house, word)[word]
    assert found >= {(place, spelling) for place in EVERYWHERE - {"memory of postgres"} for spelling in spellings(word)}
    assert ("memory of postgres", "utf-8") in found
    unsaid = new_canary()
    assert search(house, unsaid) == {unsaid: set()}


@contextmanager
def held_in_memory(house: House, path: str, blob: bytes) -> Iterator[None]:
    """A process holds what was posted for as long as the post is not complete."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {'A' * 43}\r\nContent-Length: 9000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", house.proxy.port)) as connection:
        connection.sendall(head.encode() + blob)
        yield


def plant_in_database(house: House, word: str, blob: bytes) -> None:
    with psycopg.connect(house.database.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE planted (blob bytea)")
        connection.execute("INSERT INTO planted VALUES (%s)", [blob])
        connection.execute(f"DO $$ BEGIN RAISE LOG '{word}'; END $$")


def test_a_chat_with_javascript_leaves_no_word_with_us(house: House, desk: Desk, open_device: Device) -> None:
    asked, answered = new_canary(), new_canary()
    person = Person(open_device(), house).open().start()  # type: ignore[arg-type]  # as above
    person.say(f"Kia ora, {asked}")
    desk.take_next()
    expect(desk.said(asked)).to_be_visible()
    desk.reply(f"Tēnā koe, {answered}")
    expect(person.said(answered)).to_be_visible()
    told = hand_on(desk, person)
    code = person.get_code()
    secret_words = [asked, answered, told, code, passphrase_of("asha")]
    known = conversation_code(house)
    found = search(house, *secret_words, known)
    assert {place for place, _ in found.pop(known)} >= {"memory of live", "database files", "proxy"}
    assert found == {word: set() for word in secret_words}


def hand_on(desk: Desk, person: Person) -> str:
    """Let a service be told something; returns the word that was in it."""
    told = new_canary()
    service = {"service": {"id": str(SERVICE), "name": "Harbour Counselling"}, "need": "counselling"}
    desk.tab.evaluate("detail => document.dispatchEvent(new CustomEvent('refer', { detail }))", service)
    desk.active.get_by_role("button", name="Hand on to Harbour Counselling").click()
    dialog = desk.tab.get_by_role("dialog", name="Hand on to a service")
    dialog.get_by_label(re.compile("A note for the service")).fill(f"Would like {told}.")
    dialog.get_by_role("button", name="Ask the person").click()
    expect(person.tab.get_by_text(told)).to_be_visible()
    person.tab.get_by_role("checkbox", name=re.compile("wrote for them")).check()
    person.press("Yes, tell them")
    person.sees("They have not read it yet.")
    desk.active.get_by_role("button", name="Show the link").click()
    expect(desk.active.get_by_role("textbox", name=re.compile("Link for"))).to_be_visible()
    return told


def test_a_chat_without_javascript_leaves_no_word_at_rest(house: House, desk: Desk, open_device: Device) -> None:
    asked, answered = new_canary(), new_canary()
    person = PersonWithoutScript(open_device(java_script_enabled=False), house).open()
    person.press("Start the chat")
    person.say(f"Kia ora, {asked}")
    desk.take_next()
    expect(desk.said(asked)).to_be_visible()
    desk.reply(f"Tēnā koe, {answered}")
    expect(person.said(f"Tēnā koe, {answered}")).to_be_visible()
    looked_for = new_canary()
    page = httpx.post(
        f"{house.public}/find-help/", data={"words": looked_for, "where": f"Near {looked_for}"}, timeout=30
    )
    assert looked_for in page.text, "what was typed stays on the page, and nowhere else"
    at_rest = search(house, asked, answered, looked_for)
    assert {place for place, _ in at_rest.pop(looked_for)}.isdisjoint(AT_REST)
    for places in at_rest.values():
        found = {place for place, _ in places}
        assert found.isdisjoint(AT_REST | {"memory of postgres"})
        assert found  # it passes through, which is the control of the chat with JavaScript


def test_no_text_mail_number_or_address_is_on_the_disk(house: House) -> None:
    """Not even while they are on their way, and not in what PostgreSQL has written to be able to recover."""
    asked, answered, mailed, mailed_back = (new_canary() for _ in range(4))
    number, address = f"64{secrets.randbelow(10**9):09}", f"{new_canary()}@person.example"
    with smsc() as network, Mailbox() as mailbox:
        lmtp = free_port()
        ways = carriers(network, mailbox, lmtp)
        house.work("tests.canary.carried", {"do": "connect", "carriers": ways, "secret": PASSWORD})
        house.carry()
        network.deliver(f"Kia ora, {asked}", id="m1", sender=f"+{number}")
        network.wait_for("acknowledged")
        hand_over(lmtp, a_mail(f"Kia ora, {mailed}", of=address), address)
        words = {"sms": f"Tēnā koe, {answered}", "email": f"Tēnā koe, {mailed_back}"}
        house.work("tests.canary.carried", {"do": "answer", "words": words})
        assert answered in network.wait_for("submitted", 2)[-1]["text"]  # after the first reply
        until(lambda: any(mailed_back in mail for mail in mailbox.mails))
        secret_words = [asked, answered, mailed, mailed_back, number, address]
        known = conversation_code(house)
        on_the_way = search(house, *secret_words, known, is_at_rest=True)
        house.work("tests.canary.carried", {"do": "end"})
        until(lambda: addresses(house) == 0)
        after_the_end = search(house, *secret_words, known, is_at_rest=True)
    for found in (on_the_way, after_the_end):
        assert {place for place, _ in found.pop(known)} >= {"database files"}, "it was there, which is the control"
        assert found == {word: set() for word in secret_words}


def carriers(network: Smsc, mailbox: Mailbox, lmtp: int) -> list[dict[str, object]]:
    own = {"address": LINE}
    return [
        {"name": "texts", "channel": "sms", "kind": "smpp", "options": network.options()},
        {"name": "mail-in", "channel": "email", "kind": "lmtp", "options": {**own, "port": lmtp}},
        {"name": "mail-out", "channel": "email", "kind": "smtp", "options": {**own, "port": mailbox.port}},
    ]


def addresses(house: House) -> int:
    with psycopg.connect(house.database.url()) as connection:
        row = connection.execute("SELECT count(*) FROM channels_address").fetchone()
    assert row
    return int(row[0])


def conversation_code(house: House) -> str:
    with psycopg.connect(house.database.url()) as connection:
        row = connection.execute("SELECT code FROM conversations_conversation ORDER BY id DESC").fetchone()
    assert row
    return str(row[0])
