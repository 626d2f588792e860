"""Parts that wait: out of order, hours apart, twice, lost, and another text's under the same reference."""

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.channels import inbound
from helpline.channels.models import Carrier
from helpline.channels.sms import arrivals, gsm
from helpline.channels.sms.arrivals import Arrived
from helpline.channels.sms.models import ArrivedPart
from helpline.channels.sms.parts import GAP, KEPT, WAITS
from helpline.channels.sms.reading import Piece, Place
from helpline.conversations.models import Author, Conversation
from helpline.routing import actions as routing
from tests.channels.texting import OTHER_PHONE, PHONE, a_carrier, words_of

LONG = "Tēnā koutou, he kōrero roa tēnei. " * 5 + "\N{KIWIFRUIT}"
Arrive = Callable[..., None]

_names = itertools.count(1)


def pieces(text: str, reference: int = 1, data_coding: int = 8) -> list[Piece]:
    """Torn as a careless phone tears: by octets, wherever that falls."""
    octets = gsm.encode(text, "ucs2" if data_coding else "gsm")
    parts = [octets[at : at + 133] for at in range(0, len(octets), 133)]
    return [
        Piece(part, data_coding, Place(reference, len(parts), number)) for number, part in enumerate(parts, start=1)
    ]


def arrive(carrier: Carrier, piece: Piece, *, of: str = PHONE, name: str = "") -> None:
    arrivals.arrived(carrier, Arrived(of, piece, name or f"part-{next(_names)}"))


def heard() -> list[str]:
    return [
        text
        for conversation in Conversation.objects.order_by("pk")
        for author, text in words_of(conversation)
        if author == Author.HELP_SEEKER
    ]


def hours_pass(hours: float) -> None:
    for part in ArrivedPart.objects.all():
        ArrivedPart.objects.filter(pk=part.pk).update(arrived_at=part.arrived_at - dt.timedelta(hours=hours))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(3)), again=st.lists(st.integers(0, 2), max_size=3))
def test_in_any_order_and_with_any_repeats_it_is_one_text(
    order: list[int], again: list[int], db: None, line: object, plain_manner: None
) -> None:
    carrier = Carrier.objects.first() or a_carrier(line)  # type: ignore[arg-type]  # a fixture, a line
    Conversation.objects.all().delete()
    ArrivedPart.objects.all().delete()
    parts, names = pieces(LONG), [f"{next(_names)}-{number}" for number in range(3)]
    for number in [*order, *again]:  # the same name: the carrier has not heard our acknowledgement
        arrive(carrier, parts[number], name=names[number])
    assert heard() == [LONG]
    assert not ArrivedPart.objects.exists()


def test_hours_apart_they_are_joined_and_nothing_in_clear_waits(carrier: Carrier) -> None:
    first, second, third = pieces(LONG)
    arrive(carrier, third)
    hours_pass(5)
    arrive(carrier, first)
    for part in ArrivedPart.objects.all():
        stored = bytes(part.sealed) + bytes(part.pseudonym)
        assert first.octets not in stored
        assert PHONE.encode() not in stored
    hours_pass(5)
    arrive(carrier, second)
    assert heard() == [LONG]


def test_two_people_and_two_texts_are_kept_apart(carrier: Carrier) -> None:
    mine, theirs, other = pieces("a" * 150, 1), pieces("b" * 150, 1), pieces("c" * 150, 2)
    for piece, whose in [(mine[0], PHONE), (theirs[1], OTHER_PHONE), (other[0], PHONE)]:
        arrive(carrier, piece, of=whose)
    for piece, whose in [(mine[1], PHONE), (theirs[0], OTHER_PHONE), (other[1], PHONE), (mine[2], PHONE)]:
        arrive(carrier, piece, of=whose)
    arrive(carrier, theirs[2], of=OTHER_PHONE)
    arrive(carrier, other[2])
    assert sorted(heard()) == ["a" * 150, "b" * 150, "c" * 150]


def test_a_character_that_was_torn_in_two_is_read(carrier: Carrier) -> None:
    text = "ā" * 66 + "\N{KIWIFRUIT}" * 2
    octets = text.encode("utf-16-be")
    for number, part in enumerate((octets[:134], octets[134:]), start=1):
        arrive(carrier, Piece(part, 8, Place(1, 2, number)))
    assert heard() == [text]


def test_nobody_waits_for_a_part_that_was_lost_and_if_it_comes_the_text_is_whole(carrier: Carrier) -> None:
    first, second, third = pieces(LONG)
    arrive(carrier, first)
    arrive(carrier, third)
    arrivals.show_overdue()
    assert heard() == []
    hours_pass(WAITS / dt.timedelta(hours=1))
    arrivals.show_overdue()
    arrivals.show_overdue()
    (shown,) = heard()
    assert shown.startswith("Tēnā koutou")
    assert GAP in shown
    arrive(carrier, second)
    assert heard() == [shown, LONG]


def test_a_reference_that_is_used_anew_brings_what_came_of_the_older_text(carrier: Carrier) -> None:
    older, newer = pieces("a" * 100, 1), pieces("b" * 100, 1)
    arrive(carrier, older[0])
    arrive(carrier, newer[0])
    assert heard() == ["a" * 66 + "\N{REPLACEMENT CHARACTER}" + GAP.rstrip()]
    arrive(carrier, newer[1])
    assert heard()[1:] == ["b" * 100]


def test_stop_forgets_what_waits_and_a_close_what_was_shown(carrier: Carrier) -> None:
    arrive(carrier, Piece(b"Kia ora", 0, None))
    arrive(carrier, pieces(LONG)[0])
    arrivals.taken(carrier, PHONE, "STOP", "stop-1")
    assert not ArrivedPart.objects.exists()

    arrive(carrier, Piece(b"Kia ora", 0, None))
    arrive(carrier, pieces(LONG, 1)[0])
    hours_pass(1)
    arrivals.show_overdue()
    arrive(carrier, pieces(LONG, 2)[0])  # somebody's next text: it goes on
    routing.erase(Conversation.objects.get())
    assert [part.reference for part in ArrivedPart.objects.all()] == [2]


def test_what_waits_ends_within_a_day(carrier: Carrier) -> None:
    arrive(carrier, pieces(LONG)[0])
    ArrivedPart.objects.update(arrived_at=timezone.now() - KEPT, is_shown=True)
    arrivals.show_overdue()
    assert not ArrivedPart.objects.exists()


@pytest.mark.parametrize(
    "text", ["STOP", " stop. ", "Stop!", "MUTU", "kāti", "Kati", "end", "STOP  ALL", "(Unsubscribe)"]
)
def test_a_text_that_says_nothing_but_stop_ends_it(carrier: Carrier, text: str) -> None:
    arrivals.taken(carrier, PHONE, "Kia ora", "in-1")
    arrivals.taken(carrier, PHONE, text, "in-2")
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("text", ["I can't stop crying", "stop it", "the end", "please don't stop", "kāti rā"])
def test_any_other_text_is_a_text(carrier: Carrier, text: str) -> None:
    arrivals.taken(carrier, PHONE, text, "in-1")
    assert heard() == [text]


def test_an_empty_text_is_not_nothing(carrier: Carrier) -> None:
    arrivals.taken(carrier, PHONE, " \n", "in-1")
    assert heard() == ["(A text message without words.)"]


def test_what_a_name_named_can_be_forgotten(carrier: Carrier) -> None:
    arrivals.taken(carrier, PHONE, "yes", "in-1")
    arrivals.taken(carrier, PHONE, "yes", "in-1")
    inbound.forget(carrier, ["in-1"])
    arrivals.taken(carrier, PHONE, "yes", "in-1")
    assert heard() == ["yes", "yes"]
