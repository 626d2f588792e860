"""What strangers send is read as stated, and nothing that they send raises.

`corpus/` has mails as they come: broken, in many character sets, empty, huge, automatic. `expected.json` says of each
what is read out of it; what it does not say is as in most: from Aroha, called Hello, by a person, whole.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpline.channels.email import html, quoting
from helpline.channels.email.charsets import decode, header
from helpline.channels.email.parse import LONGEST, Kind, own_subject, parse

CORPUS = Path(__file__).parent / "corpus"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expected.json").read_text())
AS_MOST = {
    "sender": "aroha@person.example",
    "subject": "Hello",
    "kind": "person",
    "attachments": 0,
    "is_whole": True,
    "has_failed": False,
    "language": "",
}
FUZZED = settings(max_examples=60)


def raw(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


def test_the_corpus_is_as_large_as_promised() -> None:
    assert sorted(EXPECTED) == sorted(path.stem for path in CORPUS.glob("*.eml"))
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_an_awkward_mail_is_read_as_stated(name: str) -> None:
    mail = parse(raw(name))
    read = {**{key: getattr(mail, key) for key in AS_MOST}, "kind": mail.kind.value}
    expected = {**AS_MOST, **EXPECTED[name]}
    if "length" in expected:
        assert len(mail.text) == expected.pop("length")
    else:
        read["text"] = mail.text
    assert read == expected


@FUZZED
@given(st.binary(max_size=2000))
@example(b"From: " + b'"a" (' * 5000 + b"\n\nx")
@example(b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 500)
@example(b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (i, i) for i in range(2000)))
def test_any_bytes_can_be_read(data: bytes) -> None:
    parse(data)


@FUZZED
@given(st.sampled_from(sorted(EXPECTED)), st.data())
def test_a_mail_that_was_damaged_on_its_way_can_be_read(name: str, data: st.DataObject) -> None:
    mail = bytearray(raw(name)[:5000])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(mail)))
        mail[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    parsed = parse(bytes(mail))
    assert len(parsed.text) <= LONGEST + 100
    assert "\x00" not in parsed.text + parsed.subject + parsed.sender
    assert "\n" not in parsed.subject + parsed.sender


@FUZZED
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "iso-8859-1", "no-such", "hex", "idna"]))
def test_bytes_become_text_by_any_charset(text: str, charset: str) -> None:
    assert decode(decode(text.encode("utf-8", "ignore")).encode(), charset) is not None
    assert "\n" not in header(text)


@FUZZED
@given(st.text(alphabet="<>/abipdv lockquote=\"'&;#x\n", max_size=400))
def test_no_html_is_left_of_html(text: str) -> None:
    shown = html.text_of(f"<p>before</p>{text}")
    assert "before" in shown
    assert "<script" not in html.text_of(f"{text}<script>steal()</script><p>after").lower()


@FUZZED
@given(
    st.lists(
        st.sampled_from(
            [
                "Yes.",
                "> quoted",
                ">> deeper",
                "",
                "On 3 March, a@b.example wrote:",
                "From: a",
                "Date: b",
                "To: c",
                "-----Original Message-----",
                "Please.",
            ]
        ),
        max_size=12,
    )
)
def test_nothing_is_lost_when_a_quotation_is_told_from_the_words(lines: list[str]) -> None:
    text = "\n".join(lines)
    arranged = quoting.arrange(text).split("\n")
    assert [line.removeprefix("> ") for line in arranged if line.strip("> ")] == [
        line.removeprefix("> ") for line in lines if line.strip("> ")
    ]


def test_who_sends_bounces_nowhere_is_a_machine() -> None:
    """A person's mail has a sender whom bounces can be told; an answer of a machine has none, on purpose."""
    assert parse(raw("plain"), "aroha@person.example").kind == Kind.PERSON
    assert parse(raw("plain"), "").kind == Kind.MACHINE
    assert parse(raw("by-a-list"), "").kind == Kind.ANSWER


def test_the_same_mail_is_known_again_and_other_words_are_not() -> None:
    mail = raw("plain")
    by_another_server = b"Received: from a by b; Tue, 03 Mar 2026 10:00:01 +1300\r\n" + mail.replace(b"\r\n", b"\n")
    assert parse(mail).fingerprint == parse(by_another_server).fingerprint
    assert parse(mail).fingerprint != parse(mail.replace(b"somebody", b"anybody")).fingerprint
    assert parse(mail).fingerprint != parse(mail.replace(b"Aroha <aroha", b"Aroha <wiremu")).fingerprint


@pytest.mark.parametrize("subject", ["Re: Hui", "RE: re: Hui", "Fwd: Hui", "AW: Hui", "Re[2]: Hui", "Hui"])
def test_what_programs_put_before_a_subject_is_left_out(subject: str) -> None:
    assert own_subject(subject) == "Hui"
