"""Somebody of a service joins the chat: with the person's yes, from then on, and for as long as it holds.

Everything here goes over the addresses that the three pages use; who cannot read is held to real keys.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import AuditEvent, User
from helpline.conversations.actions import add_message, close, requeue, transfer
from helpline.conversations.models import Author, Conversation, ForGuest, Guest
from helpline.lines.models import Line
from helpline.portal.models import Representation, Representative
from helpline.referrals.actions import answer_referral
from helpline.referrals.models import Referral
from helpline.routing import router
from helpline.vault import sealing, totp
from helpline.vault.codes import b64url_decode, b64url_encode, hash_capability, new_code
from tests.people import HelpSeeker
from tests.portal.conftest import SECRET, Inside, Kept
from tests.referrals.making import Worker, agree, ask, writer_of
from tests.workspace.conftest import Desk, desk_of

__all__ = ["desk_of"]

pytestmark = pytest.mark.django_db
NAME = "Kōwhai (a service)"


@dataclass
class Three:
    """A person, their counsellor, and somebody of a service whom the person may let in."""

    person: HelpSeeker
    desk: Desk
    inside: Inside
    worker: Worker
    referral: Referral

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.get(code=self.person.code)

    @property
    def guest(self) -> Guest:
        return Guest.objects.select_related("conversation").latest("pk")

    @property
    def path(self) -> str:
        return f"/inbox/referrals/{self.referral.code}/talk/"

    def join(self, inside: Inside | None = None) -> int:
        return (inside or self.inside).post(f"{self.path}join", public_key=b64url_encode(self.worker.public_key))

    def news(self, client: Client | None = None) -> Any:
        return (client or self.inside.client).get(f"{self.path}news", {"after": 0})

    def says(self, text: str) -> int:
        """The person, as their page does."""
        message = self.person.writer.seal(text)
        proof = hash_capability(self.person.capability)
        return add_message(self.conversation, Author.HELP_SEEKER, message, capability_hash=proof)

    def pass_on(self, seq: int, text: str) -> int:
        """The counsellor, as their page does."""
        letter = {"seq": seq, "sealed": b64url_encode(self.worker.sealed(self.guest, text, seq))}
        body = {"guest": self.guest.code, "words": [letter]}
        status: int = self.desk.post(f"/c/{self.person.code}/guest/pass-on", body).status_code
        return status

    def write(self, text: str) -> int:
        """The worker, as their page does."""
        return self.inside.post(f"{self.path}say", **writer_of(self.guest).seal_json(text))

    def ask(self, what: str, **more: object) -> Any:
        """The person's page asks its own door."""
        own = {"code": self.person.code, "capability": b64url_encode(self.person.capability), **more}
        return Client().post(f"/chat/{what}", json.dumps(own), content_type="application/json").json()

    def take_back(self, what: str) -> Any:
        item = self.referral.items.get(what=what).code
        return self.ask("referrals/take-back", referral=self.referral.code, item=item)


@pytest.fixture
def three(
    line: Line,
    waiting: Conversation,
    help_seeker: HelpSeeker,
    asha: User,
    desk_of: Callable[[User], Desk],
    kowhai: Kept,
    inside: Inside,
) -> Three:
    desk = desk_of(asha)
    desk.take(waiting, line)
    waiting.refresh_from_db()
    referral, _ = ask(waiting, asha, kowhai.service, may_join=True)
    return Three(help_seeker, desk, inside, Worker(), referral)


@pytest.fixture
def joined(three: Three) -> Three:
    agree(three.referral)
    three.says("From before.")
    assert three.join() == 200
    return three


def is_out(three: Three) -> bool:
    """Neither reads nor writes, and nothing of what was passed on to them is left."""
    refused = three.news().status_code in (404, 409) and three.write("Am I here?") in (404, 409)
    return refused and not Guest.objects.filter(ended_at=None).exists() and not ForGuest.objects.exists()


@pytest.mark.parametrize("agreed", [None, ("need", "note", "contact", "reached")])
def test_nobody_joins_without_a_yes_to_just_that(three: Three, agreed: tuple[str, ...] | None) -> None:
    if agreed:
        agree(three.referral, *agreed)
        assert "Go to the chat" not in three.inside.get("/inbox/")
        assert 'id="join"' not in three.inside.get(three.path)
    assert three.join() == (409 if agreed else 404)
    assert not Guest.objects.exists()


def test_they_read_from_their_joining_on_and_nothing_from_before(joined: Three) -> None:
    before = joined.conversation.messages.get(client_id__isnull=False, seq=1)
    assert joined.pass_on(before.seq, "From before.") == 409
    seq = joined.says("What are your hours?")
    assert joined.pass_on(seq, "What are your hours?") == 200
    assert joined.pass_on(seq, "Something else.") == 200  # the same again changes nothing
    news = joined.news().json()
    read = [(joined.worker.read(joined.guest, b64url_decode(each["sealed"]), each["seq"])) for each in news["words"]]
    assert read == ["What are your hours?"]
    assert news["here"] == ["Kōwhai"]  # the counsellor; whoever looks for help has no name here
    assert joined.pass_on(seq + 1, "Not said yet.") == 409


def test_they_have_no_key_of_the_conversation(joined: Three) -> None:
    """All that they are ever sent, tried with the only secret that they have."""
    told = joined.inside.client.post(
        f"{joined.path}join", {"token": joined.inside.token, "public_key": b64url_encode(joined.worker.public_key)}
    ).json()
    assert set(told) == {"guest", "code", "public_key"}
    assert b64url_decode(told["public_key"]) == joined.conversation.public_key
    for key in joined.conversation.sender_keys.all():
        with pytest.raises(sealing.CannotOpen):
            sealing.open_sender_key(
                joined.worker.seed, bytes(key.sealed), code=told["code"], author=key.author, key_id=key.key_id
            )
    assert joined.conversation.grants.filter(reader="staff").count() == 1  # the counsellor's own


def test_their_words_are_sealed_as_everybodys_and_stand_under_the_services_name(joined: Three) -> None:
    assert joined.write("Kia ora, this is Kōwhai.") == 200
    message = joined.conversation.messages.get(author="service")
    key = joined.conversation.sender_keys.get(key_id=message.key_id)
    place = {"code": joined.person.code, "author": "service"}
    opened = sealing.open_sender_key(joined.person.seed, bytes(key.sealed), **place, key_id=key.key_id)
    text = sealing.open_message(opened, bytes(message.sealed), **place, client_id=message.client_id)
    assert text == "Kia ora, this is Kōwhai."
    (named,) = [
        each
        for each in joined.desk.get(f"/c/{joined.person.code}/words.json").json()["keys"]
        if each["author"] == "service"
    ]
    assert named["by"] == NAME


def test_everybody_sees_who_is_here(joined: Three) -> None:
    assert joined.ask("state")["companions"] == [{"pseudonym": NAME, "kind": "service"}]
    (shown,) = joined.ask("referrals")["referrals"]
    assert shown["is_here"]
    company = joined.desk.get(f"/c/{joined.person.code}/company.json").json()
    assert (company["guest"]["name"], company["guest"]["code"]) == (NAME, joined.guest.code)
    notice = joined.conversation.messages.get(seq=joined.guest.told_seq)
    assert notice.author == "system"
    assert set(AuditEvent.objects.values_list("kind", flat=True)) >= {"guest_joined"}


def test_one_press_and_they_are_out_at_once(joined: Three) -> None:
    assert joined.pass_on(joined.says("Please wait."), "Please wait.") == 200
    before = joined.ask("state")["referrals"]
    (shown,) = joined.take_back("join")["referrals"]
    assert not shown["is_here"]
    assert is_out(joined)
    assert joined.pass_on(joined.says("Only for Kōwhai."), "Only for Kōwhai.") == 409
    assert joined.join() == 409  # nor do they come again
    state = joined.ask("state")
    assert (state["companions"], state["state"]) == ([], "open")
    assert state["referrals"] != before
    assert Referral.objects.get().state == "received"  # the rest of what was agreed to holds
    assert AuditEvent.objects.filter(kind="guest_left").exists()


def test_a_summary_is_passed_on_where_the_person_said_yes_to_one(joined: Three) -> None:
    assert joined.pass_on(ForGuest.SUMMARY, "Would like a quiet room.") == 200
    summary = b64url_decode(joined.news().json()["summary"])
    assert joined.worker.read(joined.guest, summary, ForGuest.SUMMARY) == "Would like a quiet room."
    joined.take_back("note")
    assert joined.news().json()["summary"] is None
    assert joined.pass_on(ForGuest.SUMMARY, "Would like a quiet room.") == 409
    assert joined.news().status_code == 200  # they themselves stay


def by_the_person(three: Three) -> None:
    close(three.conversation, Author.HELP_SEEKER)


def by_the_counsellor(three: Three) -> None:
    item = three.referral.items.get(what="join").code
    body = {"referral": three.referral.code, "item": item}
    assert three.desk.post(f"/c/{three.person.code}/referrals/withdraw", body).status_code == 200


def by_themselves(three: Three) -> None:
    assert three.inside.post(f"{three.path}leave") == 200


def by_a_no(three: Three) -> None:
    answer_referral(three.referral, "declined")


def by_all_of_it(three: Three) -> None:
    three.ask("referrals/take-back", referral=three.referral.code, item=None)


def by_going_back_to_the_queue(three: Three) -> None:
    requeue(three.conversation, giver=three.desk.member.user)


def by_a_page_that_is_gone(three: Three) -> None:
    for seconds, gone in ((80, 0), (100, 1)):
        Guest.objects.update(seen_at=timezone.now() - timedelta(seconds=seconds))
        assert router.step().guests == gone


def by_the_end_of_their_access(three: Three) -> None:
    Representation.objects.all().delete()
    assert three.news().status_code == 404
    by_a_page_that_is_gone(three)


@pytest.mark.parametrize(
    "end",
    [
        by_the_person,
        by_the_counsellor,
        by_themselves,
        by_a_no,
        by_all_of_it,
        by_going_back_to_the_queue,
        by_a_page_that_is_gone,
        by_the_end_of_their_access,
    ],
)
def test_however_it_ends_they_are_out(joined: Three, end: Callable[[Three], None]) -> None:
    joined.pass_on(joined.says("For three."), "For three.")
    end(joined)
    assert is_out(joined)


def test_with_the_next_counsellor_they_stay_and_only_the_next_passes_on(joined: Three, ben: User) -> None:
    transfer(joined.conversation, joined.desk.member.user, ben, bytes(sealing.SEALED_KEY_BYTES))
    assert joined.pass_on(joined.says("Still there?"), "Still there?") == 404
    assert joined.news().status_code == 200


def test_nobody_else_of_the_services_door_is_let_in(
    joined: Three, kowhai: Kept, rimu: Kept, come_in: Callable[[Representative], Client]
) -> None:
    """A colleague of the same service has their own browser and no key; another service hears of no such thing."""
    for organization, expected in ((kowhai.organization, 409), (rimu.organization, 404)):
        other = Representative.objects.create(name="Tama", email=f"{new_code()}@example.org".lower())
        other.app = totp.seal_secret(SECRET, other.code)
        other.save()
        Representation.objects.create(representative=other, organization=organization)
        assert joined.news(come_in(other)).status_code == expected


def test_joining_again_ends_the_time_before(joined: Three) -> None:
    joined.pass_on(joined.says("First time."), "First time.")
    first = joined.guest
    assert joined.join() == 200
    assert joined.guest != first
    assert joined.news().json()["words"] == []
    assert joined.write("Here again.") == 200


def test_one_service_at_a_time(joined: Three, asha: User, kowhai: Kept) -> None:
    second, _ = ask(joined.conversation, asha, kowhai.service, may_join=True)
    agree(second)
    first, joined.referral = joined.referral, second
    assert joined.join() == 409
    joined.referral = first
    assert joined.news().status_code == 200


@pytest.mark.parametrize("name", ["public_key", "sealed", "key", "client_id", "key_id"])
def test_what_is_no_sealed_message_is_refused(joined: Three, name: str) -> None:
    form = {**writer_of(joined.guest).seal_json("Kia ora"), name: "nothing"}
    path = "join" if name == "public_key" else "say"
    assert joined.inside.post(f"{joined.path}{path}", **form) == 400
