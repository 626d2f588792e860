"""Erasure leaves nothing: every table is searched for every trace of a conversation, with a control that finds them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from helpline.accounts.actions import audit, remove_staff
from helpline.accounts.identities import link_identity, unlink_identity
from helpline.accounts.models import AuditEvent, User
from helpline.channels import gateway
from helpline.channels.models import Address, Delivery
from helpline.conversations import actions, returning
from helpline.conversations.companions import Letter, begin_companion, call_for_help, whisper
from helpline.conversations.disclosures import Request, ask_disclosure
from helpline.conversations.guests import say_as_guest
from helpline.conversations.handovers import Target, ask_handover
from helpline.conversations.models import Author, Companion, Conversation, Grant, ReturnCode
from helpline.conversations.queries import (
    ConversationUnknown,
    get_conversation_by_return_code,
    get_conversation_for,
    get_conversation_for_help_seeker,
)
from helpline.endings.actions import erase_due
from helpline.endings.holds import ask_hold
from helpline.endings.models import LegalHold
from helpline.lines.models import Channel, Line
from helpline.lines.queries import current_key
from helpline.records.actions import record_contact
from helpline.records.models import ContactRecord, SecondCoding
from helpline.referrals.joining import join, pass_on
from helpline.referrals.pathway import follow_pathway
from helpline.routing import actions as routing
from helpline.vault import return_codes, sealing
from helpline.vault.codes import b64url_encode, hash_capability, new_code
from helpline.vault.id_tokens import subject_hash
from helpline.vault.pseudonyms import pseudonym
from tests.people import HelpSeeker, Member, take
from tests.referrals.making import Worker, a_service, agree, ask_for_room, writer_of
from tests.referrals.making import ask as ask_to_refer

pytestmark = pytest.mark.django_db
ERASE = "helpline.conversations.actions.erase"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True)
class Lived:
    """A conversation that has left a trace in every table that one can leave a trace in."""

    conversation: Conversation
    help_seeker: HelpSeeker
    traces: dict[str, bytes]
    return_keys: return_codes.ReturnKeys


@pytest.fixture
def lived(line: Line, asha: User, sunita: User, help_seeker: HelpSeeker, unlock: Callable[[User], Member]) -> Lived:
    conversation = help_seeker.start(line)
    say(conversation, help_seeker)
    take(asha, conversation)
    own = unlock(asha).own_grant(help_seeker.code, help_seeker.seed)
    actions.keep_own_grant(conversation, asha, own)
    actions.add_message(
        conversation, Author.COUNSELLOR, unlock(asha).writer(conversation).seal("I am here."), user=asha
    )
    keys = keep_return_code(conversation, help_seeker)
    record_contact(conversation, {})
    SecondCoding.objects.create(conversation=conversation, user=sunita, coded={"role": "friend"})
    ask_hold(sunita, conversation, LegalHold.Reason.COURT, timezone.localdate())
    between_colleagues(conversation, asha, sunita, unlock)
    by_text(conversation)
    to_services(conversation, asha)
    return Lived(conversation, help_seeker, traces_of(conversation), keys)


def between_colleagues(conversation: Conversation, asha: User, sunita: User, unlock: Callable[[User], Member]) -> None:
    """A supervisor reads along and whispers; a hand-over with a note and a disclosure are asked, and help is called."""
    begin_companion(conversation, sunita, Companion.Kind.READING)
    client_id = new_code()
    to, own = (
        sealing.seal_whisper(bytes(user.public_key), "Ask about tonight.", code=conversation.code, client_id=client_id)
        for user in (asha, sunita)
    )
    whisper(conversation, sunita, [Letter(asha, client_id, to, own)])
    ask_handover(
        conversation, asha, Target(to_supervisor=True), unlock(asha).writer(conversation).seal("Talks with an aunt.")
    )
    call_for_help(conversation, asha)
    code = new_code()
    to, own = (
        sealing.seal_disclosure(key, "A reason.", code=conversation.code, disclosure_code=code)
        for key in (bytes(current_key(conversation.line, "supervisor").public_key), bytes(asha.public_key))
    )
    ask_disclosure(conversation, asha, Request(code, to, own, is_person_told=True))


def by_text(conversation: Conversation) -> None:
    """Somebody who wrote from a phone: how it is reached, and what is on its way there."""
    code, now, on = conversation.code, timezone.now(), {"line": conversation.line, "channel": Channel.SMS}
    Address.objects.create(
        conversation=conversation,
        pseudonym=pseudonym("+640000000001", "a line/sms"),
        sealed=gateway.seal_address("+640000000001", code=code),
        heard_at=now,
        **on,
    )
    client_id = new_code()
    sealed = gateway.seal_for_gateway("I am here.", code=code, client_id=client_id)
    facts = {"seq": 1, "next_at": now, "at": now, "provider_ids": ["a-carriers-name-of-it"]}
    Delivery.objects.create(conversation=conversation, client_id=client_id, sealed=sealed, **facts, **on)


def to_services(conversation: Conversation, asha: User) -> None:
    """One service may be told of them, and another is asked whether it has room."""
    conversation.refresh_from_db()
    referral, _ = ask_to_refer(conversation, asha)
    agree(referral)
    ask_for_room(conversation, asha, a_service("Another"))
    follow_pathway(conversation, asha, "waiting")
    referral, _ = ask_to_refer(conversation, asha, may_join=True)
    agree(referral)
    worker = Worker()
    guest = join(referral, new_code(), worker.public_key)
    say_as_guest(guest, writer_of(guest).seal("Kia ora from us."))
    pass_on(
        conversation, asha, guest.code, [(guest.told_seq, worker.sealed(guest, "Somebody has joined.", guest.told_seq))]
    )


def say(conversation: Conversation, help_seeker: HelpSeeker) -> None:
    proof = hash_capability(help_seeker.capability)
    for text in ("Kia ora.", "Are you there?"):
        message = help_seeker.writer.seal(text)
        actions.add_message(conversation, Author.HELP_SEEKER, message, capability_hash=proof)


def keep_return_code(conversation: Conversation, help_seeker: HelpSeeker) -> return_codes.ReturnKeys:
    keys = return_codes.return_keys(return_codes.new_return_code())
    sealed = sealing.wrap_grant(keys.wrap_key, help_seeker.seed, code=help_seeker.code, reader="return")
    returning.keep_return_code(conversation, hash_capability(keys.finder), hash_capability(keys.capability), sealed)
    return keys


def traces_of(conversation: Conversation) -> dict[str, bytes]:
    """Every value by which a row could be told to belong to this conversation."""
    traces = {
        "code": conversation.code.encode(),
        "capability": bytes(conversation.capability_hash),
        "public key": conversation.public_key,
        "finder": bytes(conversation.return_code.finder_hash),
        "return capability": bytes(conversation.return_code.capability_hash),
    }
    for message in conversation.messages.all():
        traces[f"message {message.seq}"] = bytes(message.sealed)
        traces[f"client id {message.seq}"] = message.client_id.encode()
    for key in conversation.sender_keys.all():
        traces[f"sender key {key.key_id}"] = bytes(key.sealed)
        traces[f"key id {key.key_id}"] = key.key_id.encode()
    for grant in conversation.grants.all():
        traces[f"grant {grant.reader}"] = bytes(grant.sealed)
    traces |= traces_by_text(conversation)
    return traces | traces_between_colleagues(conversation) | traces_with_services(conversation)


def traces_by_text(conversation: Conversation) -> dict[str, bytes]:
    address = Address.objects.filter(conversation=conversation).first()
    traces = {"address": bytes(address.sealed), "pseudonym": bytes(address.pseudonym)} if address else {}
    for delivery in conversation.deliveries.all():
        traces |= {"on its way": bytes(delivery.sealed or b""), "its carrier's name": delivery.provider_ids[0].encode()}
    return traces


def traces_with_services(conversation: Conversation) -> dict[str, bytes]:
    traces: dict[str, bytes] = {}
    for referral in conversation.referrals.all():
        traces |= {"referral": referral.code.encode(), "its token": bytes(referral.token_hash or b"")}
        traces |= {"its link": bytes(referral.sealed_link or b""), "its key": bytes(referral.sealed_key or b"")}
        for item in referral.items.exclude(sealed=None):
            traces |= {f"told {item.what}": bytes(item.sealed or b"")}
            traces |= {f"told {item.what}, to the service": bytes(item.sealed_for_service or b"")}
    for request in conversation.capacity_requests.all():
        traces |= {"request for room": request.code.encode()}
        for asked in request.asks.all():
            traces |= {"ask": asked.code.encode(), "ask's token": bytes(asked.token_hash)}
    for guest in conversation.guests.all():
        traces |= {"guest": guest.code.encode(), "guest's key": bytes(guest.public_key), "whose": guest.who.encode()}
        traces |= {"passed on to the guest": bytes(guest.words.get().sealed)}
    return traces


def traces_between_colleagues(conversation: Conversation) -> dict[str, bytes]:
    traces: dict[str, bytes] = {}
    for whispered in conversation.whispers.all():
        traces |= {"whisper": bytes(whispered.sealed_to), "whisper, own": bytes(whispered.sealed_own)}
        traces |= {"whisper's id": whispered.client_id.encode()}
    for handover in conversation.handovers.all():
        traces |= {"note": bytes(handover.sealed or b""), "note's key": bytes(handover.sealed_key or b"")}
        traces |= {"note's id": handover.client_id.encode()}
    for disclosure in conversation.disclosures.all():
        traces |= {"disclosure": bytes(disclosure.sealed_to_supervisors), "its code": disclosure.code.encode()}
        traces |= {"disclosure, own": bytes(disclosure.sealed_own)}
    return traces


def every_value() -> Iterator[tuple[str, bytes]]:
    """Every value of every table of the database, ours or not, as bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                for value in row:
                    yield table, bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()


def found(traces: dict[str, bytes]) -> set[str]:
    values = [value for _, value in every_value()]
    return {name for name, trace in traces.items() if any(trace in value for value in values)}


def rows_of(conversation_id: int) -> dict[str, int]:
    """How many rows of each table point at this conversation, whatever their model is called."""
    counts = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Conversation:
                counts[model._meta.label] = model._default_manager.filter(**{field.name: conversation_id}).count()
    return counts


def erased_with_the_conversation() -> set[type[Model]]:
    return {model for model in apps.get_models() if getattr(getattr(model, "erasure", None), "by", "") == ERASE}


def test_the_control_finds_every_trace_before_the_erasure(lived: Lived) -> None:
    assert found(lived.traces) == set(lived.traces)
    assert all(rows_of(lived.conversation.pk).values())
    empty = {model.__name__ for model in erased_with_the_conversation() if not model._default_manager.exists()}
    assert not empty, "These hold personal data, and this test does not fill them"


def test_erasing_leaves_no_trace_in_any_table(lived: Lived) -> None:
    number = lived.conversation.pk
    actions.erase(lived.conversation)
    assert found(lived.traces) == set()
    assert not any(rows_of(number).values())


def test_the_person_erases_and_only_a_count_without_a_name_is_left(lived: Lived) -> None:
    number = lived.conversation.pk
    routing.erase(lived.conversation)
    assert found(lived.traces) == set()
    assert not any(rows_of(number).values())
    left = {model._meta.label for model in erased_with_the_conversation() if model._default_manager.exists()}
    assert left == {"records.ContactRecord"}
    record = ContactRecord.objects.get()
    assert (record.conversation_id, record.started_hour.minute, record.started_hour.second) == (None, 0, 0)


def test_what_staff_did_is_still_accounted_for_but_not_to_whom_nor_at_which_minute(lived: Lived, sunita: User) -> None:
    before = AuditEvent.objects.get(kind="read_along")
    assert before.conversation_code == lived.conversation.code
    actions.erase(lived.conversation)
    after = AuditEvent.objects.get(pk=before.pk)
    assert (after.kind, after.actor, after.line, after.conversation_code) == ("read_along", sunita, "safe-to-talk", "")
    assert after.at == before.at.replace(minute=0, second=0, microsecond=0)


def test_the_retention_run_leaves_no_trace_either(lived: Lived) -> None:
    number = lived.conversation.pk
    routing.end(lived.conversation, Author.COUNSELLOR)
    closed_at = Conversation.objects.get().closed_at
    assert closed_at
    erase_due(closed_at + settings.RETENTION_DAYS * DAY - HOUR)
    assert Conversation.objects.filter(pk=number).exists()
    assert erase_due(closed_at + settings.RETENTION_DAYS * DAY + HOUR) == 1
    assert found(lived.traces) == set()
    assert not any(rows_of(number).values())


def test_it_may_run_as_often_as_one_likes(lived: Lived) -> None:
    routing.end(lived.conversation, Author.COUNSELLOR)
    later = timezone.now() + (settings.RETENTION_DAYS + 1) * DAY
    assert [erase_due(later) for _ in range(3)] == [1, 0, 0]


def test_what_is_open_is_never_due(lived: Lived) -> None:
    assert erase_due(timezone.now() + 3650 * DAY) == 0
    assert found({"code": lived.traces["code"]})


def test_a_neighbour_is_untouched(lived: Lived, line: Line, sunita: User) -> None:
    neighbour = HelpSeeker()
    conversation = neighbour.start(line)
    say(conversation, neighbour)
    keep_return_code(conversation, neighbour)
    traces = traces_of(conversation)
    audit(AuditEvent.Kind.JOIN, sunita, line=line, conversation_code=conversation.code)
    actions.erase(lived.conversation)
    assert found(traces) == set(traces)
    assert AuditEvent.objects.get(conversation_code=conversation.code).kind == "join"


# Keys that end before the words do


def readers(conversation: Conversation) -> set[str]:
    return set(Grant.objects.filter(conversation=conversation).values_list("reader", flat=True))


def test_the_end_takes_the_key_of_the_queue_and_of_the_persons_device(lived: Lived) -> None:
    routing.end(lived.conversation, Author.COUNSELLOR)
    assert readers(lived.conversation) == {"staff", "supervisor", "return"}


def test_the_end_takes_what_was_between_colleagues(lived: Lived, asha: User) -> None:
    between = {name for name in lived.traces if name.startswith(("whisper", "note"))}
    assert len(between) == 6
    routing.end(lived.conversation, Author.COUNSELLOR)
    assert found({name: lived.traces[name] for name in between}) == set()
    assert found({"disclosure": lived.traces["disclosure"]}) == {"disclosure"}  # still to be answered
    assert not lived.conversation.companions.filter(ended_at=None).exists()
    assert not lived.conversation.help_calls.exists()


def test_the_counsellors_key_ends_a_day_after_the_conversation(lived: Lived, asha: User) -> None:
    routing.end(lived.conversation, Author.COUNSELLOR)
    now = timezone.now()
    erase_due(now + 24 * HOUR - dt.timedelta(minutes=1))
    assert "staff" in readers(lived.conversation)
    assert get_conversation_for(asha, lived.conversation.code) == lived.conversation
    erase_due(now + 24 * HOUR + dt.timedelta(minutes=1))
    assert readers(lived.conversation) == {"supervisor", "return"}


def test_a_counsellor_loses_sight_a_day_after_the_end_even_before_the_run(lived: Lived, asha: User) -> None:
    routing.end(lived.conversation, Author.COUNSELLOR)
    Conversation.objects.update(closed_at=timezone.now() - 25 * HOUR)
    with pytest.raises(ConversationUnknown):
        get_conversation_for(asha, lived.conversation.code)


def test_a_return_code_runs_out_at_once_and_its_key_with_the_next_run(lived: Lived) -> None:
    keys = lived.return_keys
    proof = hash_capability(keys.finder), hash_capability(keys.capability)
    assert get_conversation_by_return_code(*proof) == lived.conversation
    ReturnCode.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(ConversationUnknown):
        get_conversation_by_return_code(*proof)
    erase_due(timezone.now())
    assert not ReturnCode.objects.exists()
    assert "return" not in readers(lived.conversation)


def test_an_erased_conversation_is_unknown_to_everybody(lived: Lived, asha: User) -> None:
    keys, code = lived.return_keys, lived.conversation.code
    actions.erase(lived.conversation)
    with pytest.raises(ConversationUnknown):
        get_conversation_for_help_seeker(code, lived.help_seeker.capability)
    with pytest.raises(ConversationUnknown):
        get_conversation_for(asha, code)
    with pytest.raises(ConversationUnknown):
        get_conversation_by_return_code(hash_capability(keys.finder), hash_capability(keys.capability))


def test_erase_now_by_url_leaves_no_trace(lived: Lived, client: Client) -> None:
    own = {"code": lived.help_seeker.code, "capability": b64url_encode(lived.help_seeker.capability)}
    answer = client.post("/chat/erase", own, content_type="application/json", headers={"host": "localhost"})
    assert answer.status_code == 200
    assert found(lived.traces) == set()


# Staff


@pytest.mark.parametrize("end", [unlink_identity, remove_staff])
def test_who_somebody_was_at_the_organisations_own_sign_in_ends(
    asha: User, settings: Any, end: Callable[[User], None]
) -> None:
    settings.OIDC_ISSUER = "https://kauri-trust.example"
    link_identity(asha, "employee-0042")
    traces = {"subject": b"employee-0042", "issuer": b"kauri-trust"}
    traces |= {"subject's hash": subject_hash(settings.OIDC_ISSUER, "employee-0042")}
    assert found(traces) == {"issuer", "subject's hash"}  # as the provider calls them is kept nowhere
    end(asha)
    assert found(traces) == set()
