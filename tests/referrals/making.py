"""Referrals and requests for room, made in Python as the desk's page makes them."""

import datetime as dt
from uuid import uuid4

from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation, Guest
from helpline.directory import index
from helpline.directory.models import Organization, Service
from helpline.referrals import actions, capacity
from helpline.referrals.models import CapacityRequest, Referral
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_encode, hash_capability, new_code
from tests.people import Writer

WEEK = dt.timedelta(days=7)


def a_service(name: str = "Harbour Counselling") -> Service:
    organization = Organization.objects.create(id=uuid4(), name=f"{name} Trust", description="Invented.")
    service: Service = Service.objects.create(id=uuid4(), name=name, status="active", organization=organization)
    index.refresh([service.pk])
    return service


class Making:
    """One referral's secrets, which the desk's page keeps to itself."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.writer = Writer(conversation.code, contexts.COUNSELLOR, bytes(conversation.public_key))
        self.code, self.token, self.link_key = new_code(), new_code(), sealing.new_key()

    def sealed(self) -> actions.Sealed:
        link = self.writer.seal(f"{self.token}.{b64url_encode(self.link_key)}", self.code)
        return actions.Sealed(hash_capability(self.token.encode()), link.key_id, link.sealed_key, link.sealed)

    def item(self, what: str, text: str = "") -> actions.NewItem:
        code = new_code()
        if not text:
            return actions.NewItem(code, what)
        place = {"code": self.code, "author": contexts.COUNSELLOR, "client_id": code}
        for_service = sealing.seal_message(self.link_key, text, **place)
        return actions.NewItem(code, what, self.writer.seal(text, code).sealed, for_service)

    def read(self, sealed: bytes, code: str) -> str:
        """As the service's page opens it, with the key from the link."""
        place = {"code": self.code, "author": contexts.COUNSELLOR, "client_id": code}
        return sealing.open_message(self.link_key, sealed, **place)


def ask(
    conversation: Conversation, counsellor: User, service: Service | None = None, *, may_join: bool = False
) -> tuple[Referral, Making]:
    """A warm referral of four items, of which the person is asked; of five, with the one that lets a worker join."""
    making = Making(conversation)
    items = [
        making.item("need"),
        making.item("note", "Would like a quiet room."),
        making.item("contact", "By the meeting code only."),
        making.item("reached"),
        *([making.item("join")] if may_join else []),
    ]
    wish = actions.Wish(making.code, service or a_service(), "counselling", "hastings-hawkes-bay")
    until = timezone.localdate() + WEEK
    return actions.refer(conversation, counsellor, wish, making.sealed(), items, until), making


def agree(referral: Referral, *whats: str) -> None:
    """The person says yes to these, by default to all."""
    found = referral.items.filter(what__in=whats) if whats else referral.items.all()
    codes = list(found.values_list("code", flat=True))
    assert actions.answer_consent(referral.conversation, referral.code, codes)
    referral.refresh_from_db()


class Worker:
    """Somebody of a service, with the key pair that their browser makes for one chat."""

    def __init__(self) -> None:
        self.seed = sealing.generate_seed()
        self.public_key = sealing.public_key_of(self.seed)

    def sealed(self, guest: Guest, text: str, seq: int) -> bytes:
        """As the counsellor's page seals it."""
        place = {"code": guest.conversation.code, "guest_code": guest.code}
        return sealing.seal_for_guest(bytes(guest.public_key), text, **place, seq=seq)

    def read(self, guest: Guest, sealed: bytes, seq: int) -> str:
        place = {"code": guest.conversation.code, "guest_code": guest.code}
        return sealing.open_for_guest(self.seed, sealed, **place, seq=seq)


def writer_of(guest: Guest) -> Writer:
    return Writer(guest.conversation.code, contexts.SERVICE, guest.conversation.public_key)


def ask_for_room(conversation: Conversation, counsellor: User, *services: Service) -> tuple[CapacityRequest, list[str]]:
    """Returns the request, and the token of each service in the order of their names here."""
    writer = Writer(conversation.code, contexts.COUNSELLOR, bytes(conversation.public_key))
    tokens, asks = [new_code() for _ in services], []
    for service, token in zip(services, tokens, strict=True):
        code = new_code()
        link = writer.seal(token, code)
        asks.append(capacity.NewAsk(code, service, hash_capability(token.encode()), link.sealed))
    key = writer.seal("")
    new = capacity.NewRequest(new_code(), "counselling", "hastings-hawkes-bay", key.key_id, key.sealed_key, asks)
    return capacity.ask_capacity(conversation, counsellor, new), tokens
