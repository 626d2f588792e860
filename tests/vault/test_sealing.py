"""What is sealed opens in its own place only, and tells nothing but its padded length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_encode, is_code, new_code
from helpline.vault.sealing import CannotOpen, TextTooLong

SEED = sealing.generate_seed()
PUBLIC_KEY = sealing.public_key_of(SEED)
KEY = sealing.new_key()
PLACE = {"code": new_code(), "author": "help_seeker", "client_id": new_code()}
MESSAGE = sealing.seal_message(KEY, "Kia ora", **PLACE)
KEY_PLACE = {"code": PLACE["code"], "author": "help_seeker", "key_id": new_code()}
SEALED_KEY = sealing.seal_sender_key(PUBLIC_KEY, KEY, **KEY_PLACE)
GRANT_PLACE = {"code": PLACE["code"], "reader": "queue"}
GRANT = sealing.seal_grant(PUBLIC_KEY, SEED, **GRANT_PLACE)

texts = st.text(max_size=2000)
other_codes = st.binary(min_size=16, max_size=16).map(b64url_encode)


def flipped(data: bytes, position: int, bits: int) -> bytes:
    return data[:position] + bytes([data[position] ^ bits]) + data[position + 1 :]


@given(texts)
def test_a_message_opens_as_it_was_written(text: str) -> None:
    sealed = sealing.seal_message(KEY, text, **PLACE)
    assert sealing.open_message(KEY, sealed, **PLACE) == text
    assert sealing.is_well_formed_message(sealed)


@given(position=st.integers(0, len(MESSAGE) - 1), bits=st.integers(1, 255))
def test_a_message_with_any_byte_changed_is_refused(position: int, bits: int) -> None:
    with pytest.raises(CannotOpen):
        sealing.open_message(KEY, flipped(MESSAGE, position, bits), **PLACE)


def test_no_single_byte_of_anything_sealed_can_change() -> None:
    for position in range(len(SEALED_KEY)):
        with pytest.raises(CannotOpen):
            sealing.open_sender_key(SEED, flipped(SEALED_KEY, position, 0x80), **KEY_PLACE)
    for position in range(len(GRANT)):
        with pytest.raises(CannotOpen):
            sealing.open_grant(SEED, flipped(GRANT, position, 0x01), **GRANT_PLACE)


@given(part=st.sampled_from(["code", "client_id"]), value=other_codes)
def test_a_message_moved_to_another_place_is_refused(part: str, value: str) -> None:
    with pytest.raises(CannotOpen):
        sealing.open_message(KEY, MESSAGE, **{**PLACE, part: value})


@pytest.mark.parametrize("author", sorted(contexts.AUTHORS - {PLACE["author"]}))
def test_a_message_under_another_author_is_refused(author: str) -> None:
    with pytest.raises(CannotOpen):
        sealing.open_message(KEY, MESSAGE, **{**PLACE, "author": author})
    with pytest.raises(CannotOpen):
        sealing.open_sender_key(SEED, SEALED_KEY, **{**KEY_PLACE, "author": author})


@given(part=st.sampled_from(["code", "key_id"]), value=other_codes)
def test_a_sender_key_moved_to_another_place_is_refused(part: str, value: str) -> None:
    with pytest.raises(CannotOpen):
        sealing.open_sender_key(SEED, SEALED_KEY, **{**KEY_PLACE, part: value})


@pytest.mark.parametrize("reader", ["supervisor", "staff:asha", "help_seeker", "return"])
def test_a_grant_opens_for_its_reader_only(reader: str) -> None:
    with pytest.raises(CannotOpen):
        sealing.open_grant(SEED, GRANT, **{**GRANT_PLACE, "reader": reader})


def test_another_key_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        sealing.open_message(sealing.new_key(), MESSAGE, **PLACE)
    with pytest.raises(CannotOpen):
        sealing.open_sender_key(sealing.generate_seed(), SEALED_KEY, **KEY_PLACE)


@given(st.integers(0, len(MESSAGE) - 1))
def test_a_message_cut_short_or_added_to_is_refused(length: int) -> None:
    for changed in (MESSAGE[:length], MESSAGE + bytes(length + 1)):
        with pytest.raises(CannotOpen):
            sealing.open_message(KEY, changed, **PLACE)


@given(st.integers(0, len(SEALED_KEY) - 1))
def test_a_sealed_key_cut_short_is_refused(length: int) -> None:
    with pytest.raises(CannotOpen):
        sealing.open_sender_key(SEED, SEALED_KEY[:length], **KEY_PLACE)


def test_the_same_text_never_seals_to_the_same_bytes() -> None:
    assert len({sealing.seal_message(KEY, "yes", **PLACE) for _ in range(50)}) == 50


def test_what_is_not_a_key_inside_a_grant_is_refused() -> None:
    sealed = sealing.seal(PUBLIC_KEY, b"too short", contexts.grant(**GRANT_PLACE))
    with pytest.raises(CannotOpen):
        sealing.open_grant(SEED, sealed, **GRANT_PLACE)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_only_32_bytes_are_a_key(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.public_key_of(bytes(size))
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.seal_message(bytes(size), "Kia ora", **PLACE)
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.seal_grant(PUBLIC_KEY, bytes(size), **GRANT_PLACE)


@pytest.mark.parametrize("broken", [b"", PUBLIC_KEY[:-1], PUBLIC_KEY + b"\0", b"\xff" * 1216, bytes(1216)])
def test_what_cannot_be_sealed_to_is_not_a_public_key(broken: bytes) -> None:
    assert sealing.is_public_key(PUBLIC_KEY)
    assert not sealing.is_public_key(broken)


def test_a_message_of_the_server_opens_with_the_conversation_key_alone() -> None:
    sent = sealing.seal_alone(PUBLIC_KEY, "Kei te haere mai tētahi", **PLACE)
    key = sealing.open_sender_key(SEED, sent.sealed_key, **{**KEY_PLACE, "key_id": sent.key_id})
    assert sealing.open_message(key, sent.sealed, **PLACE) == "Kei te haere mai tētahi"
    assert sealing.seal_alone(PUBLIC_KEY, "", **PLACE).key_id != sent.key_id


def test_all_messages_of_a_page_without_script_share_one_key_that_only_the_conversation_key_gives() -> None:
    place = {"code": PLACE["code"], "client_id": PLACE["client_id"]}
    first, second = (sealing.seal_for_plain_page(SEED, PUBLIC_KEY, "Kia ora", **place) for _ in range(2))
    assert first.key_id == second.key_id
    assert is_code(first.key_id)
    assert first.sealed != second.sealed
    context = {"code": PLACE["code"], "author": "help_seeker"}
    key = sealing.open_sender_key(SEED, first.sealed_key, key_id=first.key_id, **context)
    assert sealing.open_message(key, second.sealed, client_id=PLACE["client_id"], **context) == "Kia ora"
    other = sealing.seal_for_plain_page(sealing.generate_seed(), PUBLIC_KEY, "Kia ora", **place)
    assert other.key_id != first.key_id


def test_sealed_sizes_are_those_that_the_contract_gives() -> None:
    assert (len(PUBLIC_KEY), len(SEALED_KEY), len(GRANT)) == (1216, 1168, 1168)
    assert len(sealing.wrap_grant(KEY, SEED, code=PLACE["code"], reader="return")) == 60
    assert len(sealing.seal_message(KEY, "", **PLACE)) == 284
    assert len(sealing.seal_message(KEY, "x" * 8192, **PLACE)) == 8476


# Padding


@given(texts)
def test_padding_adds_less_than_a_step_and_comes_off_whole(text: str) -> None:
    body = sealing.pad(text)
    needed = 4 + len(text.encode())
    assert len(body) % 256 == 0
    assert needed <= len(body) < needed + 256
    assert sealing.unpad(body) == text


@given(st.binary(max_size=1100))
def test_only_what_pad_makes_is_unpadded(body: bytes) -> None:
    try:
        text = sealing.unpad(body)
    except CannotOpen:
        return
    assert sealing.pad(text) == body


@given(text=st.text(max_size=200), data=st.data())
def test_padding_that_carries_something_is_refused(text: str, data: st.DataObject) -> None:
    body = sealing.pad(text)
    end = 4 + len(text.encode())
    if end < len(body):
        position = data.draw(st.integers(end, len(body) - 1))
        with pytest.raises(CannotOpen):
            sealing.unpad(flipped(body, position, data.draw(st.integers(1, 255))))
    with pytest.raises(CannotOpen):
        sealing.unpad(body + bytes(256))


def test_bytes_that_are_no_text_are_refused() -> None:
    body = (2).to_bytes(4, "big") + b"\xc3\x28"
    with pytest.raises(CannotOpen):
        sealing.unpad(body.ljust(256, b"\0"))


def test_a_length_that_wraps_or_exceeds_the_limit_is_refused() -> None:
    for length in (253, 2**31, 2**32 - 4, 2**32 - 1):
        with pytest.raises(CannotOpen):
            sealing.unpad(length.to_bytes(4, "big").ljust(256, b"\0"))
    too_long = (8193).to_bytes(4, "big") + b"x" * 8193
    with pytest.raises(CannotOpen):
        sealing.unpad(too_long.ljust(8448, b"\0"))


def test_a_text_of_8192_bytes_is_the_longest() -> None:
    assert len(sealing.pad("ā" * 4096)) == 8448
    with pytest.raises(TextTooLong):
        sealing.pad("ā" * 4096 + "a")


def test_a_message_is_well_formed_at_exactly_the_padded_lengths() -> None:
    well_formed = [length for length in range(9000) if sealing.is_well_formed_message(bytes(length))]
    assert well_formed == [28 + 256 * steps for steps in range(1, 34)]


# Deriving and contexts


def test_each_purpose_gives_its_own_key() -> None:
    derived = {sealing.derive(KEY, purpose) for purpose in contexts.PURPOSES}
    assert len(derived) == len(contexts.PURPOSES)
    assert KEY not in derived


def test_a_context_refuses_parts_that_could_read_as_others() -> None:
    for part in ("", "a/b", "a b", "ā", "a" * 65, "a\n"):
        with pytest.raises(ValueError, match="A part of a context"):
            contexts.grant(PLACE["code"], part)


def test_a_context_refuses_authors_and_purposes_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="Expected one of"):
        contexts.message(PLACE["code"], "visitor", PLACE["client_id"])
    with pytest.raises(ValueError, match="Expected one of"):
        contexts.line_key("safe-to-talk", "everything", 1, PLACE["code"])
    with pytest.raises(ValueError, match="Expected one of"):
        sealing.derive(KEY, "anything")
