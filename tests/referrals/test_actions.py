"""Nothing goes to a service before the person's yes, item by item; what is taken back is erased."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import ConversationClosed
from helpline.conversations.models import Conversation
from helpline.conversations.queries import ConversationUnknown
from helpline.records.models import ContactRecord
from helpline.referrals import actions
from helpline.referrals.models import ConsentItem, Referral
from helpline.referrals.queries import (
    ReferralUnknown,
    get_referral_for,
    get_referral_of,
    inbox_of,
    referral_by_token,
    shown_to_service,
)
from helpline.routing.actions import end
from helpline.vault.codes import new_code
from tests.referrals.making import WEEK, Making, a_service, agree, ask

pytestmark = pytest.mark.django_db


def state_of(referral: Referral) -> str:
    return str(Referral.objects.get(pk=referral.pk).state)


def outcome_of(conversation: Conversation) -> str:
    return str(ContactRecord.objects.get(conversation=conversation).outcome)


def test_being_told_about_a_service_is_written_down_and_nobody_else_hears(
    conversation: Conversation, asha: User
) -> None:
    wish = actions.Wish(new_code(), a_service(), "counselling", "hastings-hawkes-bay")
    first, again = (actions.signpost(conversation, asha, wish) for _ in range(2))
    assert first == again
    assert (first.kind, first.state, first.token_hash) == ("signpost", "completed", None)
    assert first.organization_name == "Harbour Counselling Trust"
    assert outcome_of(conversation) == "signposted"
    assert not inbox_of([first.service.organization_id]).exists()


def test_before_the_yes_a_service_finds_nothing(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    assert referral.state == "asked"
    with pytest.raises(ReferralUnknown):
        referral_by_token(making.token)
    assert not inbox_of([referral.service.organization_id]).exists()
    assert outcome_of(conversation) == "referral_offered"


def test_the_service_is_told_what_was_agreed_to_and_nothing_else(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    agree(referral, "need", "note")
    shown = shown_to_service(referral_by_token(making.token))
    assert (shown.state, shown.need, shown.area) == ("requested", "counselling", "hastings-hawkes-bay")
    assert [making.read(told.sealed, told.code) for told in shown.told] == ["Would like a quiet room."]
    assert not shown.may_say_reached
    assert ConsentItem.objects.get(referral=referral, what="contact").sealed_for_service is None
    assert get_referral_of([referral.service.organization_id], referral.code) == referral
    assert outcome_of(conversation) == "referral_accepted"
    assert set(AuditEvent.objects.values_list("kind", flat=True)) >= {"referral_asked", "referral_sent"}


@pytest.mark.parametrize("agreed", [(), ("note", "contact")])
def test_a_no_to_what_is_needed_is_a_no_and_erases_it_all(
    conversation: Conversation, asha: User, agreed: tuple[str, ...]
) -> None:
    referral, making = ask(conversation, asha)
    codes = list(referral.items.filter(what__in=agreed).values_list("code", flat=True))
    assert actions.answer_consent(conversation, referral.code, codes)
    assert not actions.answer_consent(conversation, referral.code, codes)
    assert state_of(referral) == "withdrawn"
    assert Referral.objects.get().sealed_link is None
    assert not ConsentItem.objects.exclude(sealed=None, sealed_for_service=None).exists()
    with pytest.raises(ReferralUnknown):
        referral_by_token(making.token)


def test_the_service_answers_step_by_step_and_each_answer_once(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    agree(referral)
    for state in ("received", "received", "on_hold", "accepted"):
        assert actions.answer(making.token, state).state == state
    with pytest.raises(actions.AnsweredAlready):
        actions.answer(making.token, "received")
    assert actions.answer(making.token, "completed").state == "completed"
    assert Referral.objects.get().sealed_key is None
    assert not ConsentItem.objects.exclude(sealed=None).exists()
    assert shown_to_service(referral_by_token(making.token)).told == ()
    for wrong in ("withdrawn", "asked", "anything"):
        with pytest.raises(ValueError, match=wrong):
            actions.answer(making.token, wrong)


def test_a_service_says_no_and_what_was_sealed_for_it_ends(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    agree(referral)
    actions.answer(making.token, "declined")
    assert not ConsentItem.objects.exclude(sealed_for_service=None).exists()
    with pytest.raises(actions.AnsweredAlready):
        actions.answer(making.token, "accepted")


def test_reached_comes_back_only_where_the_person_let_it(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    agree(referral, "need")
    with pytest.raises(actions.NotAgreed):
        actions.report_reached(making.token)
    other, its = ask(conversation, asha)
    agree(other, "need", "reached")
    assert actions.report_reached(its.token).is_reached
    assert state_of(other) == "accepted"
    other.refresh_from_db()
    assert actions.withdraw(other, other.items.get(what="reached").code)
    with pytest.raises(actions.NotAgreed):
        actions.report_reached(its.token)


@pytest.mark.parametrize("ending", ["withdrawn", "on_hold", "declined", "lapsed"])
def test_whoever_came_may_still_take_it_back_and_a_service_say_no(
    conversation: Conversation, asha: User, ending: str
) -> None:
    referral, making = ask(conversation, asha)
    agree(referral)
    actions.report_reached(making.token)
    if ending == "withdrawn":
        assert actions.withdraw(referral)
    elif ending == "lapsed":
        assert actions.end_due(timezone.now() + WEEK + dt.timedelta(days=1)) == 1
    else:
        actions.answer(making.token, ending)
    found = Referral.objects.get()
    assert (found.state, found.is_reached) == (ending, True)


def test_one_item_is_taken_back_and_the_rest_stands(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    agree(referral)
    assert actions.withdraw(referral, referral.items.get(what="contact").code)
    shown = shown_to_service(referral_by_token(making.token))
    assert [told.what for told in shown.told] == ["note"]
    assert ConsentItem.objects.get(what="contact").sealed_for_service is None


@pytest.mark.parametrize("what", ["", "need"])
def test_all_is_taken_back_and_the_link_opens_nothing(conversation: Conversation, asha: User, what: str) -> None:
    referral, making = ask(conversation, asha)
    agree(referral)
    item = referral.items.get(what=what).code if what else ""
    assert actions.withdraw(referral, item, by=asha)
    assert not actions.withdraw(referral, item, by=asha)
    assert state_of(referral) == "withdrawn"
    assert not ConsentItem.objects.exclude(sealed_for_service=None).exists()
    with pytest.raises(ReferralUnknown):
        actions.answer(making.token, "accepted")
    assert AuditEvent.objects.filter(kind="referral_withdrawn").count() == 1


def test_time_runs_out(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    agree(referral)
    later = timezone.now() + WEEK + dt.timedelta(days=1)
    assert actions.end_due(timezone.now()) == 0
    assert actions.end_due(later) == 1
    assert state_of(referral) == "lapsed"
    assert not ConsentItem.objects.exclude(sealed_for_service=None).exists()
    with pytest.raises(ReferralUnknown):
        referral_by_token(making.token)


def test_a_question_that_the_end_left_open_is_nobodys(conversation: Conversation, asha: User) -> None:
    referral, _ = ask(conversation, asha)
    end(conversation, "help_seeker")
    codes = list(referral.items.values_list("code", flat=True))
    assert not actions.answer_consent(conversation, referral.code, codes)
    assert actions.end_due(timezone.now()) == 1
    assert state_of(referral) == "lapsed"
    with pytest.raises(ConversationClosed):
        ask(conversation, asha)


def test_it_goes_on_after_the_end_of_the_chat(conversation: Conversation, asha: User) -> None:
    referral, making = ask(conversation, asha)
    agree(referral)
    end(conversation, "help_seeker")
    assert actions.end_due(timezone.now()) == 0
    assert actions.answer(making.token, "accepted").state == "accepted"


def test_a_colleague_neither_refers_nor_finds_it(conversation: Conversation, asha: User, ben: User) -> None:
    referral, _ = ask(conversation, asha)
    assert get_referral_for(asha, referral.code) == referral
    with pytest.raises(ReferralUnknown):
        get_referral_for(ben, referral.code)
    with pytest.raises(ConversationUnknown):
        ask(conversation, ben)


def test_it_runs_out_within_a_month(conversation: Conversation, asha: User) -> None:
    making, today = Making(conversation), timezone.localdate()
    wish = actions.Wish(making.code, a_service())
    for days in (-1, 31):
        with pytest.raises(actions.NotWithinAMonth):
            actions.refer(conversation, asha, wish, making.sealed(), [], today + dt.timedelta(days=days))


def test_another_organization_finds_nothing(conversation: Conversation, asha: User) -> None:
    referral, _ = ask(conversation, asha)
    agree(referral)
    other = a_service("Another")
    with pytest.raises(ReferralUnknown):
        get_referral_of([other.organization_id], referral.code)


def test_the_record_keeps_the_most_that_came_of_it_and_a_counsellors_word(
    conversation: Conversation, asha: User
) -> None:
    referral, _ = ask(conversation, asha)
    agree(referral)
    actions.signpost(conversation, asha, actions.Wish(new_code(), a_service("Another")))
    end(conversation, "counsellor")
    record = ContactRecord.objects.get()
    assert (record.outcome, record.is_complete) == ("referral_accepted", False)
    assert record.handled_seconds is not None


def test_that_somebody_came_is_recorded_unless_a_counsellor_says_otherwise(
    conversation: Conversation, asha: User
) -> None:
    referral, making = ask(conversation, asha)
    agree(referral, "need", "reached")
    actions.report_reached(making.token)
    assert outcome_of(conversation) == "referral_reached"
    ContactRecord.objects.update(outcome="call_back")
    actions.report_reached(making.token)
    assert outcome_of(conversation) == "call_back"


def test_the_database_itself_keeps_no_text_past_its_end(conversation: Conversation, asha: User) -> None:
    referral, _ = ask(conversation, asha)
    with pytest.raises(IntegrityError, match="referrals_sealed_ends"), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(state="completed")
    with pytest.raises(IntegrityError, match="referrals_item_text"), transaction.atomic():
        referral.items.filter(what="note").update(withdrawn_at=timezone.now())
