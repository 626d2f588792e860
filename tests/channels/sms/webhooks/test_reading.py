"""What a vendor's request says, and what is made of one that says something else."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.channels.sms.numbers import in_full
from helpline.channels.sms.webhooks.hook import FORM, JSON, Hook, Report, Text, Unreadable
from tests.channels.sms.webhooks.test_asking import PROVIDERS
from tests.peers import vendors
from tests.peers.vendors import KINDS

URL = "https://carriers.example.org/hooks/sms/one/text"
WORDS = "Kia ora ā 🌱\nline two & = +"


def hook(request: vendors.Request) -> Hook:
    kind = request.headers.get("Content-Type", "")
    query = request.url.partition("?")[2]
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Hook(request.method, request.url, query, kind, request.body, headers)


def a_hook(kind: str, body: bytes, method: str = "POST", query: str = "") -> Hook:
    return Hook(method, URL, query, kind, body, {})


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_read_as_it_was_written(kind: str) -> None:
    found = PROVIDERS[kind].text_in(hook(vendors.text(kind, URL, "+6421000009", WORDS, "its-name")), {})
    assert found == Text(found.address, WORDS, "its-name")
    assert in_full(found.address) == "+6421000009"


@pytest.mark.parametrize("kind", KINDS)
def test_what_became_of_a_text_is_read(kind: str) -> None:
    for state in ("delivered", "failed", ""):
        found = PROVIDERS[kind].report_in(hook(vendors.report(kind, URL, "its-name", state)), {})
        assert (found.provider_id, found.state) == ("its-name", state or None)


def test_a_text_of_several_parts_is_counted() -> None:
    for said, parts in (("3", 3), ("0", 1), ("many", 1), ("", 1), ("-2", 1), ("99999", 1)):
        body = urlencode({"From": "+6421000009", "Body": "Kia ora", "MessageSid": "SM1", "NumSegments": said})
        assert PROVIDERS["twilio"].text_in(a_hook(FORM, body.encode()), {}).parts == parts


def test_an_aggregator_has_names_of_its_own() -> None:
    options = {"names": {"text_id": "ref", "text_from": "msisdn", "text": "msg", "report_id": "ref"}}
    body = json.dumps({"ref": 7, "msisdn": "021 000 009", "msg": "Kia ora"}).encode()
    assert PROVIDERS["basic"].text_in(a_hook(JSON, body), options) == Text("021 000 009", "Kia ora", "7")
    body = urlencode({"ref": "7", "status": "DELIVRD"}).encode()
    assert PROVIDERS["basic"].report_in(a_hook(FORM, body), options) == Report("7", "delivered")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("content", "body"),
    [
        (JSON, b""),
        (JSON, b"[]"),
        (JSON, b"null"),
        (JSON, b"{"),
        (JSON, b"[" * 60_000),
        (JSON, b"{}"),
        (JSON, b'{"id": {"a": 1}, "source": [], "from": true, "message_uuid": null}'),
        (JSON, b"\xff\xfe"),
        (FORM, b"&" * 200),
        (FORM, b"%00=%ff"),
        ("text/plain", b"id=1"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("", b""),
    ],
)
def test_what_is_not_as_described_is_unreadable(kind: str, content: str, body: bytes) -> None:
    for read in (PROVIDERS[kind].text_in, PROVIDERS[kind].report_in):
        with pytest.raises(Unreadable):
            read(a_hook(content, body), {})


def test_what_no_text_can_hold_is_replaced_and_the_rest_kept() -> None:
    body = b'{"id": "1", "source": "+6421000009", "content": "Kia\\u0000 ora \\ud800!"}'
    assert PROVIDERS["basic"].text_in(a_hook(JSON, body), {}).text == "Kia ora ?!"


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_too_long_to_keep_is_unreadable(kind: str) -> None:
    with pytest.raises(Unreadable):
        PROVIDERS[kind].text_in(hook(vendors.text(kind, URL, "+6421000009", WORDS, "x" * 121)), {})


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
values = plain | st.lists(plain) | st.dictionaries(st.text(), plain)
NAMES = [
    "id",
    "from",
    "From",
    "source",
    "content",
    "text",
    "message_uuid",
    "status",
    "Body",
    "MessageSid",
    "originator",
]
objects = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), values)
forms = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30))
bodies = (
    st.binary(max_size=200)
    | objects.map(lambda found: json.dumps(found).encode())
    | forms.map(lambda found: urlencode(found).encode())
)


@settings(max_examples=60)
@given(
    st.sampled_from(KINDS),
    st.sampled_from([FORM, JSON, ""]),
    bodies,
    st.text(max_size=60),
    st.sampled_from(["GET", "POST"]),
)
def test_nothing_but_a_text_or_unreadable_comes_of_anything(
    kind: str, content: str, body: bytes, query: str, method: str
) -> None:
    asked = a_hook(content, body, method, query)
    for read, makes in ((PROVIDERS[kind].text_in, Text), (PROVIDERS[kind].report_in, Report)):
        try:
            found: Any = read(asked, {})
        except Unreadable:
            continue
        assert isinstance(found, makes)


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("+6421000009", "+6421000009"),
        ("6421000009", "+6421000009"),
        ("006421000009", "+6421000009"),
        ("021 000-009", "+6421000009"),
        ("(021) 000.009", "+6421000009"),
        ("1737", "1737"),
        ("Helpline", "Helpline"),
        ("", ""),
    ],
)
def test_a_number_has_one_spelling(written: str, full: str) -> None:
    assert in_full(written) == full
    assert in_full(in_full(written)) == full


def test_a_number_without_its_country_is_of_the_carriers() -> None:
    assert in_full("0400 000 009", "61") == "+61400000009"
