"""What we ask of a vendor, over a real connection; and beside what its own library would ask."""

import json
from typing import Any

import pytest
from messagebird.client import Client as MessageBirdClient
from messagebird.http_client import HttpClient as MessageBirdHttp
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as TwilioResponse
from twilio.rest import Client as TwilioClient

from helpline.channels.sms.webhooks.asking import Answer, Asking, Unreachable, ask, is_allowed
from helpline.channels.sms.webhooks.basic import Basic
from helpline.channels.sms.webhooks.messagebird import MessageBird
from helpline.channels.sms.webhooks.provider import Credentials, OptionsWrong, Provider, Sending, require_options
from helpline.channels.sms.webhooks.twilio import Twilio
from helpline.channels.sms.webhooks.vonage import Vonage
from tests.peers.texting_house import House, Refusal
from tests.peers.vendors import KINDS, OPTIONS, SECRETS, secret_of

WORDS = "Kia ora! Kei te pēhea koe? 🌱 & = % +"
REPORT = "https://carriers.example.org/hooks/sms/one/receipt"
SENDING = Sending("+6400000009", WORDS, "a-reference-of-22-lett", REPORT)
PROVIDERS: dict[str, Provider] = {
    "twilio": Twilio(),
    "vonage": Vonage(),
    "messagebird": MessageBird(),
    "basic": Basic(),
}


def asking(house: House, secret: str = "", **options: Any) -> Asking:
    secret = secret or Credentials.of(SECRETS[house.kind]).send
    return PROVIDERS[house.kind].asking(SENDING, house.options | options, secret)


@pytest.mark.parametrize("kind", KINDS)
def test_a_vendor_takes_a_text_and_names_it(kind: str) -> None:
    with House(kind) as house:
        answer = ask(asking(house))
    assert answer.is_yes
    [taken] = house.taken
    assert (taken.to.lstrip("+"), taken.text) == ("6400000009", WORDS)
    assert PROVIDERS[kind].ids_in(answer) == [taken.name]
    assert taken.report_to == ("" if kind == "basic" else REPORT)  # an aggregator is told once, in its own pages


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_secret_is_no_yes(kind: str) -> None:
    with House(kind) as house:
        answer = ask(asking(house, secret="another:one"))
    assert (answer.status, house.taken) == (401, [])


def test_an_aggregator_may_want_a_form_and_names_of_its_own() -> None:
    with House("basic") as house:
        assert ask(asking(house, format="form", names={"reference": "our_ref"})).is_yes
    [(headers, asked)] = house.asked
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked == {
        "destination": "+6400000009",
        "content": WORDS,
        "our_ref": SENDING.reference,
        "source": "1737",
    }


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b"[17]", ["17"]),
        (b'["a", "b"]', ["a", "b"]),
        (b'{"id": "a", "message_id": "b"}', ["a"]),
        (b'{"messageId": 5}', ["5"]),
        (b"{}", []),
        (b"OK", []),
        (b'"a"', []),
        (b"", []),
    ],
)
def test_an_aggregator_that_names_none_took_it_all_the_same(body: bytes, ids: list[str]) -> None:
    assert Basic().ids_in(Answer(200, body)) == ids


# What goes wrong on the way


def test_a_redirect_is_not_followed() -> None:
    with House("basic") as elsewhere, House("basic") as house:
        house.always = Refusal(307, headers={"Location": str(elsewhere.options["url"])})
        assert ask(asking(house)).status == 307
    assert elsewhere.asked == []


def test_a_pause_that_is_asked_for_is_kept_within_reason() -> None:
    with House("basic") as house:
        house.refusals.extend(Refusal(429, headers={"Retry-After": said}) for said in ("7", "86400", "soon", "-1"))
        assert [ask(asking(house)).retry_after for _ in range(4)] == [7, 300, None, None]


def test_who_hangs_up_or_is_not_there_is_unreachable() -> None:
    with House("basic") as house:
        house.always = Refusal(None)
        with pytest.raises(Unreachable):
            ask(asking(house))
        asked = asking(house)
    with pytest.raises(Unreachable):  # its port is closed by now
        ask(asked)


@pytest.mark.parametrize("address", ["http://example.org/", "ftp://localhost/", "https://", "file:///etc/passwd", ""])
def test_words_and_passwords_go_out_sealed_or_not_at_all(address: str) -> None:
    assert not is_allowed(address)
    with pytest.raises(Unreachable):
        ask(Asking(address, "text/plain", b"", ""))


def test_nothing_of_a_text_shows_where_a_request_is_printed() -> None:
    with House("twilio") as house:
        shown = repr(asking(house)) + repr(Answer(200, b"pehea"))
    assert "pehea" not in shown
    assert secret_of("twilio", "send") not in shown


# Options


@pytest.mark.parametrize("kind", KINDS)
def test_options_that_are_missing_or_unsafe_are_named(kind: str) -> None:
    needed = PROVIDERS[kind].needs
    right = dict.fromkeys(needed, "x") | ({"url": "https://texts.example.org/"} if kind == "basic" else {})
    require_options(PROVIDERS[kind], right)
    for name in needed:
        with pytest.raises(OptionsWrong, match=name):
            require_options(PROVIDERS[kind], {each: value for each, value in right.items() if each != name})
    with pytest.raises(OptionsWrong, match="https"):
        require_options(PROVIDERS[kind], right | {"hooks": "http://example.org"})


def test_while_a_secret_is_changed_both_are_believed() -> None:
    assert Credentials.of("new old\n") == Credentials("new", ("new", "old"))
    assert Credentials.of("send=a check=b\ncheck=c") == Credentials("a", ("b", "c"))
    assert Credentials.of("") == Credentials("", ())
    assert "invented" not in repr(Credentials.of("invented"))


# Beside the vendors' own libraries


class Caught(TwilioHttpClient):  # type: ignore[misc]  # published without types
    """Keeps what Twilio's library would have sent."""

    def request(self, method: str, url: str, **given: Any) -> TwilioResponse:
        self.asked = method, url, given["data"], given["auth"]
        return TwilioResponse(201, json.dumps({"sid": "SM0"}))


@pytest.mark.parametrize("sender", ["+6400000001", "MG00"])
def test_twilio_is_asked_as_its_own_library_asks(sender: str) -> None:
    caught = Caught()
    own = TwilioClient("AC00", secret_of("twilio", "send"), http_client=caught)
    by = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
    own.messages.create(to=SENDING.to, body=SENDING.text, status_callback=REPORT, **by)
    _, url, fields, _ = caught.asked
    with House("twilio") as house:
        asked = asking(house, **{"from": sender})
        assert ask(asked).is_yes
    assert url == asked.url.replace(house.base, "https://api.twilio.com")
    assert {name: value for name, value in fields.items() if value is not None} == house.asked[0][1]


def test_messagebird_is_asked_as_its_own_library_asks() -> None:
    with House("messagebird") as house:
        key, numbers = secret_of("messagebird", "send"), ["6400000009"]
        own = MessageBirdClient(key, http_client=MessageBirdHttp(house.base, key, "its own"))
        params = {"datacoding": "auto", "reference": SENDING.reference, "reportUrl": REPORT}
        own.message_create(str(OPTIONS["messagebird"]["from"]), numbers, WORDS, params)
        assert ask(asking(house)).is_yes
    theirs, ours = (asked for _, asked in house.asked)
    assert theirs | {"recipients": numbers} == ours  # a list of one, or one in words
