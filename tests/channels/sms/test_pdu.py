"""Both parsers: what is written another hand reads, and whatever comes is read or refused, never more than that."""

import struct

import pytest
from aiosmpplib import DeliverSm, PhoneNumber, SubmitSm
from aiosmpplib.state import NPI, TON, OptionalParam
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.channels.sms import pdu, reading
from helpline.channels.sms.pdu import Malformed, Number, Pdu, ShortMessage, Tag
from helpline.channels.sms.reading import Piece, Place, Receipt

SENDER, LINE = Number("6421000001", 1, 1), Number("6428", 3, 0)
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\0"), max_size=20)
NUMBERS = st.builds(Number, LATIN, st.integers(0, 255), st.integers(0, 255))
MESSAGES = st.builds(
    ShortMessage,
    source=NUMBERS,
    destination=NUMBERS,
    octets=st.binary(min_size=1, max_size=255),
    esm_class=st.integers(0, 255),
    data_coding=st.integers(0, 255),
    registered_delivery=st.integers(0, 255),
    service_type=LATIN,
    tags=st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=80), max_size=4),
)


def delivered(octets: bytes, **others: object) -> ShortMessage:
    return ShortMessage(SENDER, LINE, octets, **others)  # type: ignore[arg-type]  # each case names its own


@settings(max_examples=60)
@given(MESSAGES)
def test_what_is_written_is_read(message: ShortMessage) -> None:
    assert ShortMessage.read(message.body()) == message


@settings(max_examples=150)
@given(
    st.one_of(st.binary(max_size=300), st.tuples(MESSAGES, st.binary(max_size=20)).map(lambda m: m[0].body() + m[1]))
)
def test_whatever_a_carrier_delivers_is_read_or_is_malformed(body: bytes) -> None:
    try:
        message = ShortMessage.read(body)
    except Malformed:
        return
    receipt, piece = reading.receipt_of(message), reading.piece_of(message)
    assert receipt is None or receipt.state in {None, "delivered", "failed"}
    text = reading.text_of(piece.octets, piece.data_coding, "gsm")
    assert "\0" not in text
    assert piece.place is None or 1 <= piece.place.number <= piece.place.total


@settings(max_examples=60)
@given(st.integers(0, 255), st.binary(max_size=60))
def test_every_alphabet_reads_every_octet(data_coding: int, octets: bytes) -> None:
    reading.text_of(octets, data_coding, "gsm").encode("utf-16", "surrogatepass")


def test_another_hand_reads_what_we_write() -> None:
    ours = delivered(b"Kia ora", registered_delivery=1, tags={Tag.USER_MESSAGE_REFERENCE: b"\1\2"})
    octets = Pdu(pdu.Command.DELIVER_SM, 0, 7, ours.body()).octets()
    theirs = DeliverSm.from_pdu(octets, DeliverSm.parse_header(octets), "gsm0338")
    assert (theirs.short_message, theirs.sequence_num, theirs.registered_delivery) == ("Kia ora", 7, 1)
    assert (theirs.source, theirs.destination) == (
        PhoneNumber("6421000001", TON.INTERNATIONAL, NPI.ISDN),
        PhoneNumber("6428", TON.NETWORK_SPECIFIC, NPI.UNKNOWN),
    )
    assert [(each.tag, each.value) for each in theirs.optional_params] == [(Tag.USER_MESSAGE_REFERENCE, 0x0102)]


def test_we_read_what_another_hand_writes() -> None:
    theirs = SubmitSm(
        short_message="Tēnā koe",
        source=PhoneNumber("6421000001", TON.INTERNATIONAL, NPI.ISDN),
        destination=PhoneNumber("6428", TON.NETWORK_SPECIFIC, NPI.UNKNOWN),
        optional_params=[OptionalParam(Tag.USER_MESSAGE_REFERENCE, 5)],
    )
    read = ShortMessage.read(pdu.read(theirs.pdu()).body)
    assert (read.source, read.destination, read.data_coding) == (SENDER, LINE, 8)
    assert reading.text_of(read.octets, read.data_coding, "gsm") == "Tēnā koe"
    assert read.tags == {Tag.USER_MESSAGE_REFERENCE: b"\0\5"}


def test_a_long_text_may_come_in_a_tag_and_a_cut_off_tag_takes_nothing_with_it() -> None:
    long = delivered(b"", tags={Tag.MESSAGE_PAYLOAD: b"x" * 2000})
    assert ShortMessage.read(long.body()).octets == b"x" * 2000
    cut = delivered(b"Kia ora").body() + struct.pack("!2H", Tag.MESSAGE_STATE, 9) + b"\2"
    assert ShortMessage.read(cut) == delivered(b"Kia ora")


@pytest.mark.parametrize("length", [0, 15, 70_001, 2**32 - 1])
def test_an_impossible_length_is_not_waited_for(length: int) -> None:
    with pytest.raises(Malformed):
        pdu.length_of(struct.pack("!4I", length, 5, 0, 1))


WORDS = "id:{id} sub:001 dlvrd:001 submit date:{at} done date:{at} stat:{state} err:{err} text:stat:REJECTD id:x"


@pytest.mark.parametrize(
    ("octets", "tags", "found"),
    [
        (WORDS.format(id="ab12", at="2611270102", state="DELIVRD", err="000"), {}, Receipt("ab12", "delivered")),
        # What ends aiosmpplib's connection: seconds in the dates, and letters in the error.
        (WORDS.format(id="ab12", at="261127010203", state="UNDELIV", err="0A1"), {}, Receipt("ab12", "failed")),
        (WORDS.format(id="ab12", at="", state="ACCEPTD", err=""), {}, Receipt("ab12", None)),
        (WORDS.format(id="ab12", at="", state="NEWS", err=""), {}, Receipt("ab12", None)),
        ("ID:7 STAT:delivrd", {}, Receipt("7", "delivered")),
        ("id: 7 stat: EXPIRED", {}, Receipt("7", "failed")),
        ("", {Tag.RECEIPTED_MESSAGE_ID: b"77\0", Tag.MESSAGE_STATE: b"\2"}, Receipt("77", "delivered")),
        ("id:7 stat:DELIVRD", {Tag.RECEIPTED_MESSAGE_ID: b"77\0", Tag.MESSAGE_STATE: b"\5"}, Receipt("77", "failed")),
        ("nothing at all", {}, Receipt("", None)),
    ],
)
def test_receipts_are_read_as_carriers_write_them(octets: str, tags: dict[int, bytes], found: Receipt) -> None:
    assert reading.receipt_of(delivered(octets.encode(), esm_class=4, tags=tags)) == found


def test_a_receipt_without_its_flag_is_known_by_its_tags_and_a_text_about_one_is_a_text() -> None:
    tags = {Tag.RECEIPTED_MESSAGE_ID: b"77\0", Tag.MESSAGE_STATE: b"\2"}
    assert reading.receipt_of(delivered(b"", tags=tags)) == Receipt("77", "delivered")
    assert reading.receipt_of(delivered(b"id:7 stat:DELIVRD")) is None
    named = delivered(b"Kia ora", tags={Tag.RECEIPTED_MESSAGE_ID: b"mo-7\0"})
    assert reading.receipt_of(named) is None
    assert reading.message_id_of(named) == "mo-7"


def test_an_intermediate_notification_is_no_news() -> None:
    assert reading.receipt_of(delivered(b"id:7 stat:DELIVRD", esm_class=0x20)) == Receipt("7", None)


@pytest.mark.parametrize(
    ("octets", "piece"),
    [
        (b"\5\0\3\x2a\2\1Kia ", Piece(b"Kia ", 0, Place(42, 2, 1))),
        (b"\6\x08\4\x01\x02\3\2Kia", Piece(b"Kia", 0, Place(0x102, 3, 2))),
        # Other elements before it: a port, and something of nobody's.
        (b"\x0b\5\4\0\1\0\2\0\3\7\2\2ora", Piece(b"ora", 0, Place(7, 2, 2))),
        (b"\2\x70\0", Piece(b"", 0, None)),
        (b"\5\0\3\x2a\2\0no such number", Piece(b"no such number", 0, None)),
        (b"\5\0\3\x2a\2\3more than there are", Piece(b"more than there are", 0, None)),
        (b"\5\0\3\x2a\1\1all of it", Piece(b"all of it", 0, None)),
        (b"\xffno header", Piece(b"\xffno header", 0, None)),
        (b"\3\0\5\x2acut off", Piece(b"cut off", 0, None)),
    ],
)
def test_a_part_says_where_it_belongs(octets: bytes, piece: Piece) -> None:
    assert reading.piece_of(delivered(octets, esm_class=0x40)) == piece


def test_or_says_so_in_tags() -> None:
    tags = {Tag.SAR_REFERENCE: b"\1\2", Tag.SAR_TOTAL: b"\2", Tag.SAR_NUMBER: b"\1"}
    assert reading.piece_of(delivered(b"Kia ", tags=tags)) == Piece(b"Kia ", 0, Place(0x102, 2, 1))


@pytest.mark.parametrize(
    ("octets", "data_coding", "text"),
    [
        (b"\x04t\x05 \x1be", 0, "èté €"),
        (b"\xe7a", 3, "ça"),
        ("Tēnā koe".encode("utf-16-be"), 8, "Tēnā koe"),
        ("Tēnā".encode("utf-16-be"), 0x18, "Tēnā"),  # with a message class
        ("Tēnā".encode("utf-16-be"), 0x08 | 0xE0, "Tēnā"),
        (b"\0A", 0xF0, "@A"),
        (b"one\r\ntwo\rthree", 0, "one\ntwo\nthree"),
        ("ки".encode("iso8859-5"), 6, "ки"),
        (b"\0A\0", 8, "A\N{REPLACEMENT CHARACTER}"),  # half a character
        (b"\xd8\x3d", 8, "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_text_is_read_in_its_alphabet(octets: bytes, data_coding: int, text: str) -> None:
    assert reading.text_of(octets, data_coding, "gsm") == text


def test_the_alphabet_of_nought_is_the_carriers_own() -> None:
    assert reading.text_of(b"\xe7a", 0, "latin-1") == "ça"
