"""The matching rule by example: one test a rule, on plain facts and a clock that stands at NOW."""

from typing import Any

import pytest

from helpline.routing.matching import BECAUSE, Decision, Hand, Offered, Policy, Waiter, decide, weight

NOW = 10_000.0
LINE, OTHER_LINE = 1, 2
PROMISE = {1: 0, 2: 60, 3: 300, 4: 3600}


def waiter(id: int = 1, *, waited: float = 10, **given: Any) -> Waiter:  # noqa: A002  # the field's own name
    """Somebody who came `waited` seconds ago, in the normal class of the web chat if nothing else is said."""
    arrived = NOW - waited
    urgency = given.get("urgency", 3)
    promise = 86_400 if given.get("channel") == "email" else PROMISE[urgency]
    facts = {"line": LINE, "urgency": urgency, "channel": "webchat", "entered_at": arrived, "waiting_since": arrived}
    return Waiter(**{"id": id, "due_at": arrived + promise, **facts, **given})


def hand(id: int = 101, **given: Any) -> Hand:  # noqa: A002  # the field's own name
    return Hand(**{"id": id, "lines": frozenset({LINE}), "capacity": 3, "free_since": NOW - 100, **given})


def pairs(decisions: list[Decision]) -> list[tuple[int, int]]:
    return [(each.waiter, each.hand) for each in decisions]


def decided(waiters: list[Waiter], hands: list[Hand], policy: Policy = Policy()) -> list[tuple[int, int]]:  # noqa: B008  # frozen
    return pairs(decide(waiters, hands, NOW, policy))


# The order


def test_in_danger_comes_first_and_then_whose_promise_ends_first() -> None:
    people = [
        waiter(1, urgency=3, waited=200),  # due in 100 s
        waiter(2, urgency=2, waited=10),  # due in 50 s
        waiter(3, urgency=4, waited=3590),  # due in 10 s: even the lowest class comes up
        waiter(4, urgency=1, waited=1),
    ]
    hands = [hand(100 + number) for number in range(1, 5)]
    assert [each.waiter for each in decide(people, hands, NOW)] == [4, 3, 2, 1]


def test_one_person_gets_one_offer_and_the_rest_wait() -> None:
    assert decided([waiter(1, waited=20), waiter(2, waited=10)], [hand(capacity=4)]) == [(1, 101)]


def test_nobody_is_offered_to_somebody_who_is_full_or_not_open() -> None:
    assert decided([waiter()], [hand(101, held=3), hand(102, is_open=False)]) == []


def test_an_offer_stands_longer_outside_danger() -> None:
    assert [each.seconds for each in decide([waiter()], [hand()], NOW)] == [20]
    assert [each.seconds for each in decide([waiter(urgency=1)], [hand()], NOW)] == [10]


# What always holds


@pytest.mark.parametrize(
    ("needs", "lacks", "has"),
    [
        ({"line": OTHER_LINE}, {}, {"lines": frozenset({OTHER_LINE})}),
        ({"language": "mi"}, {}, {"languages": frozenset({"en", "mi"})}),
        ({"skills": frozenset({"young-people"})}, {}, {"skills": frozenset({"young-people", "voice"})}),
        ({"channel": "voice"}, {}, {"skills": frozenset({"voice"})}),
        ({"channel": "email"}, {}, {"skills": frozenset({"email"})}),
        ({"needs_supervisor": True}, {}, {"is_supervisor": True}),
        ({"channel": "voice"}, {"skills": frozenset({"voice"}), "held": 1}, {"skills": frozenset({"voice"})}),
        ({"barred": frozenset({101})}, {"id": 101}, {}),
    ],
)
@pytest.mark.parametrize("urgency", [1, 3])
def test_hard_rules_hold_in_danger_too(
    urgency: int, needs: dict[str, Any], lacks: dict[str, Any], has: dict[str, Any]
) -> None:
    person = waiter(waited=5000, urgency=urgency, **needs)
    assert decided([person], [hand(**{"id": 101, **lacks})]) == []
    assert decided([person], [hand(102, **has)]) == [(1, 102)]


def test_english_is_asked_of_nobody() -> None:
    assert decided([waiter(language="en")], [hand(languages=frozenset({"mi"}))]) == [(1, 101)]


# Wishes


def test_a_wished_gender_is_waited_for_two_minutes_and_then_dropped_and_said_so() -> None:
    men = [hand(gender="male")]
    assert decide([waiter(gender="female", waited=119)], men, NOW) == []
    (decision,) = decide([waiter(gender="female", waited=120)], men, NOW)
    assert decision.dropped == ("gender",)
    assert decided([waiter(gender="female", waited=1)], [*men, hand(102, gender="female")]) == [(1, 102)]


def test_a_wish_that_one_person_has_waited_for_long_enough_still_holds_for_the_next() -> None:
    men = [hand(101, gender="male"), hand(102, gender="male")]
    people = [waiter(1, gender="female", waited=130), waiter(2, gender="female", waited=20)]
    assert [each.waiter for each in decide(people, men, NOW)] == [1]


def test_who_knows_the_person_is_waited_for_one_minute() -> None:
    known, other = hand(101, held=3), hand(102)
    assert decided([waiter(preferred=101, waited=59)], [known, other]) == []
    (decision,) = decide([waiter(preferred=101, waited=60)], [known, other], NOW)
    assert (decision.hand, decision.dropped, decision.is_continuity) == (102, ("continuity",), False)
    (decision,) = decide([waiter(preferred=101)], [hand(101, held=2), other], NOW)
    assert (decision.hand, decision.is_continuity) == (101, True)
    assert "continuity" in decision.because


def test_nobody_waits_for_somebody_who_is_not_there_or_has_passed() -> None:
    assert decided([waiter(preferred=999)], [hand(102)]) == [(1, 102)]
    passed = waiter(preferred=101, refused={101: NOW - 1})
    assert decided([passed], [hand(101), hand(102)]) == [(1, 102)]


def test_urgent_goes_to_somebody_experienced_while_there_is_one() -> None:
    new = hand(101, is_new_starter=True)
    assert decided([waiter(urgency=2, waited=29)], [new, hand(102, held=3)]) == []
    assert decided([waiter(urgency=2, waited=30)], [new, hand(102, held=3)]) == [(1, 101)]
    assert decided([waiter(urgency=2, waited=1)], [new]) == [(1, 101)]
    assert decide([waiter(urgency=2, waited=30)], [new, hand(102)], NOW)[0].because == ("urgent", "senior")


def test_in_danger_no_wish_is_waited_for_but_the_best_is_chosen() -> None:
    wishes: dict[str, Any] = {"urgency": 1, "gender": "female", "preferred": 101, "waited": 0}
    full = hand(101, gender="female", held=3)
    (decision,) = decide([waiter(**wishes)], [full, hand(102, gender="male", is_new_starter=True)], NOW)
    assert (decision.hand, decision.dropped) == (102, ("gender", "continuity", "senior"))
    assert decided([waiter(**wishes)], [hand(102, gender="male"), hand(103, gender="female", held=2)]) == [(1, 103)]


# Overflow


def test_another_line_helps_after_its_time_and_at_once_in_danger() -> None:
    helper = hand(lines=frozenset({OTHER_LINE}), helps={LINE: 60.0})
    assert decided([waiter(waited=59)], [helper]) == []
    (decision,) = decide([waiter(waited=60)], [helper], NOW)
    assert decision.is_overflow
    assert "overflow" in decision.because
    assert decided([waiter(waited=0, urgency=1)], [helper]) == [(1, 101)]
    assert decided([waiter(waited=60)], [helper, hand(102, held=2)]) == [(1, 102)], "its own people first"


def test_after_a_return_to_the_queue_the_wait_for_others_begins_anew_but_the_place_is_kept() -> None:
    helper = hand(lines=frozenset({OTHER_LINE}), helps={LINE: 60.0})
    returned = waiter(1, waited=1800, waiting_since=NOW - 5)
    assert decided([returned], [helper]) == []
    assert decided([returned, waiter(2, waited=100)], [hand(102)]) == [(1, 102)]


# Danger


def test_danger_displaces_a_lesser_offer_when_nobody_else_is_free() -> None:
    asked = hand(101, capacity=1, held=1, offered=Offered(waiter=9, urgency=3, weight=1))
    (decision,) = decide([waiter(urgency=1)], [asked], NOW)
    assert (decision.hand, decision.displaces) == (101, 9)
    assert decided([waiter(urgency=2)], [asked]) == []
    assert decided([waiter(urgency=1)], [asked, hand(102)]) == [(1, 102)]
    in_danger_too = hand(101, offered=Offered(waiter=9, urgency=1, weight=1), held=1)
    assert decided([waiter(urgency=1)], [in_danger_too]) == []
    assert decided([waiter(urgency=1, is_crowding=True)], [asked, hand(102, held=3), hand(103, held=3)]) == []


# Who declined


def test_who_declined_is_asked_again_only_after_the_others() -> None:
    person = waiter(refused={101: NOW - 30})
    free_for_longer = hand(101, free_since=NOW - 999)
    assert decided([person], [free_for_longer, hand(102)]) == [(1, 102)]
    assert decided([person], [free_for_longer]) == [(1, 101)]
    everybody = waiter(refused={101: NOW - 30, 102: NOW - 40})
    assert decided([everybody], [free_for_longer, hand(102)]) == [(1, 101)]


def test_who_declined_is_left_in_peace_for_the_length_of_an_offer() -> None:
    assert decided([waiter(refused={101: NOW - 19})], [hand(101)]) == []
    assert decided([waiter(urgency=1, refused={101: NOW - 4})], [hand(101)]) == []
    assert decided([waiter(urgency=1, refused={101: NOW - 5})], [hand(101)]) == [(1, 101)]


# Fairness and load


@pytest.mark.parametrize(
    ("better", "worse", "word"),
    [
        ({"held": 1, "free_since": NOW}, {"held": 2}, "least_loaded"),
        ({"held": 1, "capacity": 4, "free_since": NOW}, {"held": 1, "capacity": 3}, "least_loaded"),
        ({"free_since": NOW - 101, "heavy": 3}, {"free_since": NOW - 100}, "longest_free"),
        ({"heavy": 1}, {"heavy": 2}, "fewest_heavy"),
    ],
)
def test_least_loaded_then_longest_free_then_fewest_heavy(
    better: dict[str, Any], worse: dict[str, Any], word: str
) -> None:
    """The better one has the higher id, so that the id alone would choose wrongly."""
    (decision,) = decide([waiter()], [hand(101, **worse), hand(102, **better)], NOW)
    assert decision.hand == 102
    assert decision.because == ("next", word)
    assert decision.has_runner_up


def test_all_else_equal_the_lower_id_and_no_pretended_reason() -> None:
    (decision,) = decide([waiter()], [hand(102), hand(101)], NOW)
    assert (decision.hand, decision.because) == (101, ("next",))


def test_the_only_one_who_could_is_told_so() -> None:
    (decision,) = decide([waiter(waited=300)], [hand()], NOW)
    assert decision.because == ("overdue", "only_one")
    assert set(decision.because) <= BECAUSE
    assert decision.why["runner_up"] is False


# E-mail


def test_email_waits_for_a_gap() -> None:
    writes = hand(101, skills=frozenset({"email"}))
    mail = waiter(1, channel="email", waited=5000)
    assert decided([mail, waiter(2, waited=1)], [writes]) == [(2, 101)]
    (decision,) = decide([mail], [writes], NOW)
    assert (decision.rule, decision.because[0]) == ("gap", "gap")
    assert decided([mail], [hand(101, skills=frozenset({"email"}), has_email=True)]) == []


def test_email_waits_while_somebody_live_waits_for_this_person_were_it_for_a_wish() -> None:
    writes = hand(101, skills=frozenset({"email"}), gender="male")
    mail, wishing = waiter(1, channel="email"), waiter(2, gender="female")
    assert decided([mail, wishing], [writes]) == []
    assert decided([mail, waiter(2, line=OTHER_LINE)], [writes]) == [(1, 101)]


def test_email_from_somebody_in_danger_waits_for_no_gap() -> None:
    writes = hand(101, skills=frozenset({"email"}))
    assert decided([waiter(1, channel="email", urgency=1), waiter(2, waited=100)], [writes]) == [(1, 101)]


def test_email_past_its_promise_takes_its_place_in_the_order() -> None:
    writes = hand(101, skills=frozenset({"email"}))
    mail = waiter(1, channel="email", waited=86_400)
    assert decided([mail, waiter(2, waited=299)], [writes]) == [(1, 101)]
    assert decided([mail, waiter(2, waited=0, urgency=1)], [writes]) == [(2, 101)]


# The phone


PHONE = Policy(phone_lines=frozenset({LINE}))


def caller(id: int, **given: Any) -> Hand:  # noqa: A002  # the field's own name
    return hand(id, **{"skills": frozenset({"voice"}), **given})


def test_text_is_packed_two_deep_before_somebody_ready_for_the_phone() -> None:
    ready, busy = caller(101), caller(102, held=1)
    assert decided([waiter()], [ready, busy], PHONE) == [(1, 102)]
    assert decided([waiter()], [ready, caller(102, held=2)], PHONE) == [(1, 101)]
    assert decided([waiter()], [ready, busy]) == [(1, 101)], "no calls come through Helpline: nobody is kept for them"


def test_one_ready_for_the_phone_is_kept_until_somebody_is_past_the_promise() -> None:
    staff = [caller(101), *(caller(102 + number, held=3) for number in range(4))]
    assert decided([waiter(waited=299)], staff, PHONE) == []
    assert decided([waiter(waited=300)], staff, PHONE) == [(1, 101)]
    assert decided([waiter(urgency=1)], staff, PHONE) == [(1, 101)]
    assert decided([waiter(channel="voice")], staff, PHONE) == [(1, 101)]
    assert decided([waiter(waited=1)], staff[:4], PHONE) == [(1, 101)], "four people cannot spare one"


@pytest.mark.parametrize(("channel", "hands"), [("voice", 3), ("webchat", 1), ("sms", 1), ("email", 0)])
def test_a_call_takes_all_hands_and_an_email_none(channel: str, hands: int) -> None:
    assert weight(channel, capacity=3) == hands


# Networks that crowd


def test_a_crowding_network_never_takes_the_last_quarter_of_the_hands() -> None:
    staff = [hand(100 + number, capacity=1) for number in range(1, 9)]  # eight hands: two are kept
    crowd = [waiter(number, is_crowding=True, waited=500, urgency=1) for number in range(1, 20)]
    assert len(decide(crowd, staff, NOW)) == 6
    fresh = [waiter(30, waited=1), waiter(31, waited=0)]
    assert {30, 31} <= {each.waiter for each in decide([*crowd[:6], *fresh], staff, NOW)}


def test_at_least_one_hand_is_kept_and_full_hands_count_as_on_duty() -> None:
    crowd = [waiter(1, is_crowding=True)]
    assert decided(crowd, [hand(capacity=1)]) == []
    assert decided(crowd, [hand(capacity=2)]) == [(1, 101)]
    assert decided(crowd, [hand(101, capacity=2), hand(102, capacity=4, held=4)]) == []


def test_a_crowd_on_one_line_leaves_the_hands_of_a_shared_line_too() -> None:
    shared = hand(101, lines=frozenset({LINE, OTHER_LINE}), capacity=1)
    staff = [shared, *(hand(102 + number, capacity=2, held=1) for number in range(4))]
    crowd = [waiter(number, is_crowding=True) for number in range(1, 9)]
    assert 101 not in {each.hand for each in decide(crowd, staff, NOW)}


# What the database need fetch


def test_a_signature_of_their_own_for_whom_somebody_refused_or_who_came_back() -> None:
    assert waiter(1).signature == waiter(2, waited=99).signature
    assert waiter(1, urgency=2).signature != waiter(1).signature
    own = [waiter(1, refused={101: 0.0}), waiter(2, barred=frozenset({101})), waiter(3, waiting_since=NOW)]
    assert [each.signature for each in own] == [(1,), (2,), (3,)]
