"""Checked reads: what staff, the person, and a service may see of a referral. Missing and forbidden raise the same."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.conversations.queries import conversations_of, guest_of
from helpline.directory.models import Service
from helpline.directory.needs import needs
from helpline.directory.places import place
from helpline.referrals.models import CapacityAsk, CapacityRequest, ConsentItem, Pathway, Referral
from helpline.vault.codes import hash_capability, is_code

ENDED_BY_SERVICE = (Referral.State.DECLINED, Referral.State.COMPLETED)


class ReferralUnknown(Exception):
    """There is no such referral, or request for room, for the one who asks; or it was withdrawn, or has run out."""


@dataclass(frozen=True, slots=True)
class Told:
    """One text that the person let the service have, sealed under the key that only the link carries.

    It opens as a message of author `counsellor`, with the referral's code as `code` and `code` as `client_id`.
    """

    what: str
    code: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class ForService:
    """Everything that a service may know of a referral; nothing in it says who somebody is."""

    code: str
    service_id: UUID
    service_name: str
    need: str
    area: str
    state: str
    until: dt.date
    asked_at: dt.datetime
    is_reached: bool
    may_say_reached: bool
    told: tuple[Told, ...]


# For staff, and for the person


def referrals_of(conversation: Conversation) -> QuerySet[Referral]:
    return conversation.referrals.prefetch_related("items").order_by("id")


def get_referral_for(user: User, code: str) -> Referral:
    """One of a conversation that `user` owns, or owned and closed within the last 24 hours."""
    return _one(Referral.objects.filter(conversation__in=conversations_of(user)), code)


def get_capacity_request_for(user: User, code: str) -> CapacityRequest:
    found = CapacityRequest.objects.filter(conversation__in=conversations_of(user), code=code)
    request = found.select_related("conversation__line").first()
    if request is None:
        raise ReferralUnknown
    return request


def get_own_referral(conversation: Conversation, code: str) -> Referral:
    """For the person, whose conversation it is."""
    return _one(Referral.objects.filter(conversation=conversation), code)


def shown_to_person(conversation: Conversation) -> QuerySet[Referral]:
    """Those that the person is asked about, or has said yes to, whatever came of them."""
    agreed = ConsentItem.objects.filter(referral=OuterRef("pk"), agreed_at__isnull=False)
    found = referrals_of(conversation).filter(kind=Referral.Kind.WARM)
    return found.filter(Q(state__in=Referral.LIVE) | Exists(agreed)).select_related("by")


def news_of(conversation: Conversation) -> str:
    """What changes whenever something of a referral does; empty while there is none to show."""
    pathway = pathway_of(conversation)
    times = [shown_to_person(conversation).aggregate(at=Max("changed_at"))["at"], pathway and pathway.changed_at]
    times += conversation.guests.aggregate(came=Max("began_at"), went=Max("ended_at")).values()
    return max((at.isoformat() for at in times if at), default="")


def pathway_of(conversation: Conversation) -> Pathway | None:
    return Pathway.objects.filter(conversation=conversation).first()


def answered_after_the_end() -> Exists:
    """Of a conversation: whether something of a referral has changed since it ended."""
    warm = Referral.objects.filter(conversation=OuterRef("pk"), kind=Referral.Kind.WARM)
    return Exists(warm.filter(changed_at__gt=OuterRef("closed_at")))


def code_of_guest(conversation: Conversation) -> str:
    """The referral by whose consent somebody of its service is in the chat now; empty where nobody is."""
    guest = guest_of(conversation)
    return guest.referral if guest else ""


def is_agreed(referral: Referral, what: str) -> bool:
    return any(item.what == what and is_in_force(item) for item in referral.items.all())


def capacity_requests_of(conversation: Conversation) -> QuerySet[CapacityRequest]:
    return conversation.capacity_requests.prefetch_related("asks").order_by("id")


def names_of(service: Service) -> dict[str, str]:
    """As a referral keeps them: those that the person agreed to, whatever the service is called later."""
    name, organization = Service.objects.values_list("name", "organization__name").get(pk=service.pk)
    return {"service_name": name, "organization_name": organization or ""}


def name_of_need(code: str) -> str:
    need = needs().get(code)
    return need.name if need else ""


def name_of_area(identity: str) -> str:
    """A town with its region, so that nobody takes it for another of its name."""
    found = place(identity)
    return found.full_name if found else ""


# For services


def referral_by_token(token: str) -> Referral:
    """The one that this link is for, also after the service's last answer. Raises ReferralUnknown."""
    states = (*Referral.WITH_SERVICE, *ENDED_BY_SERVICE)
    found = Referral.objects.filter(_by(token), state__in=states, until__gte=timezone.localdate())
    return _first(found)


def inbox_of(organizations: Collection[UUID]) -> QuerySet[Referral]:
    """What waits for these organizations' answer, the oldest first."""
    waiting = Referral.objects.filter(
        service__organization__in=organizations, state__in=Referral.WITH_SERVICE, until__gte=timezone.localdate()
    )
    return waiting.prefetch_related("items").order_by("asked_at", "id")


def get_referral_of(organizations: Collection[UUID], code: str) -> Referral:
    return _one(inbox_of(organizations), code)


def shown_to_service(referral: Referral) -> ForService:
    """What the person said yes to, and has not taken back."""
    if referral.until is None:  # a signpost, which no service hears of
        raise ReferralUnknown
    agreed = {item.what: item for item in referral.items.all() if is_in_force(item)}
    told = tuple(
        Told(item.what, item.code, bytes(item.sealed_for_service))
        for item in agreed.values()
        if item.sealed_for_service is not None
    )
    return ForService(
        code=referral.code,
        service_id=referral.service_id,
        service_name=referral.service_name,
        need=referral.need,
        area=referral.area,
        state=referral.state,
        until=referral.until,
        asked_at=referral.asked_at,
        is_reached=referral.is_reached,
        may_say_reached=ConsentItem.What.REACHED in agreed,
        told=told,
    )


def is_in_force(item: ConsentItem) -> bool:
    return item.agreed_at is not None and item.withdrawn_at is None and item.until >= timezone.localdate()


def capacity_by_token(token: str) -> CapacityAsk:
    return _first_ask(CapacityAsk.objects.filter(_by(token)))


def capacity_inbox_of(organizations: Collection[UUID]) -> QuerySet[CapacityAsk]:
    """Where room is looked for, and where this service was the first to say yes."""
    asked = Q(state=CapacityAsk.State.ASKED, request__state=CapacityRequest.State.OPEN)
    found = CapacityAsk.objects.filter(asked | Q(state=CapacityAsk.State.YES), service__organization__in=organizations)
    return found.filter(request__until__gt=timezone.now()).select_related("request").order_by("request__until", "id")


def get_capacity_ask_of(organizations: Collection[UUID], code: str) -> CapacityAsk:
    return _first_ask(CapacityAsk.objects.filter(service__organization__in=organizations, code=code))


def _by(token: str) -> Q:
    if not is_code(token):
        raise ReferralUnknown
    return Q(token_hash=hash_capability(token.encode()))


def _one(found: QuerySet[Referral], code: str) -> Referral:
    return _first(found.filter(code=code))


def _first(found: QuerySet[Referral]) -> Referral:
    referral = found.select_related("conversation__line", "by").first()
    if referral is None:
        raise ReferralUnknown
    return referral


def _first_ask(found: QuerySet[CapacityAsk]) -> CapacityAsk:
    """Its request may be taken, but neither withdrawn nor run out."""
    states = (CapacityRequest.State.OPEN, CapacityRequest.State.TAKEN)
    ask = found.filter(request__state__in=states, request__until__gt=timezone.now()).select_related("request").first()
    if ask is None:
        raise ReferralUnknown
    return ask
