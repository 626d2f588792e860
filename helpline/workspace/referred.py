"""The services that a person is handed on to, and those asked for room, in the shapes that the desk's script reads."""

from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.formats import date_format

from helpline.conversations.models import Conversation, ForGuest
from helpline.conversations.queries import guest_of
from helpline.directory.needs import needs
from helpline.directory.places import places
from helpline.referrals.actions import OFFERED_DAYS
from helpline.referrals.models import CapacityAsk, CapacityRequest, ConsentItem, Pathway, Referral
from helpline.referrals.pathway import is_due
from helpline.referrals.queries import (
    capacity_requests_of,
    is_in_force,
    name_of_area,
    name_of_need,
    pathway_of,
    referrals_of,
)
from helpline.vault.codes import b64url_encode

Shape = dict[str, Any]


def about_services() -> Shape:
    """What the desk's page needs of it from the start. A region says less of somebody than a town."""
    return {
        "service_needs": list(needs().values()),
        "service_areas": [each for each in places().values() if each.is_region],
        "referral_days": OFFERED_DAYS,
        "pathway_states": Pathway.State.choices,
        "portal_host": next(iter(settings.PORTAL_HOSTS), ""),
    }


def handing_on(conversation: Conversation) -> Shape:
    """For its counsellor. `key` opens, with the conversation's own, the links and texts that hang on it."""
    return {
        "referrals": [_referral(each) for each in referrals_of(conversation)],
        "capacity_requests": [_request(each) for each in capacity_requests_of(conversation)],
        "pathway": _pathway(conversation),
    }


NOTHING: Shape = {"referrals": [], "capacity_requests": [], "pathway": None}


def guest_in(conversation: Conversation, *, is_owner: bool) -> Shape | None:
    """Somebody of a service who is here; for the counsellor also what their page needs to pass words on to them.

    `after`: up to which message that is done. `item` is the person's yes to it, and `note` the code of the summary
    that is still to be passed on, if there is one.
    """
    guest = guest_of(conversation)
    if guest is None:
        return None
    if not is_owner:
        return {"code": guest.code, "name": guest.name}
    agreed = {
        each.what: each.code for each in Referral.objects.get(code=guest.referral).items.all() if is_in_force(each)
    }
    done = guest.words.aggregate(after=Max("seq"))["after"] or guest.told_seq - 1
    has_summary = guest.words.filter(seq=ForGuest.SUMMARY).exists()
    return {
        "code": guest.code,
        "name": guest.name,
        "public_key": b64url_encode(bytes(guest.public_key)),
        "referral": guest.referral,
        "item": agreed.get(ConsentItem.What.JOIN, ""),
        "note": "" if has_summary else agreed.get(ConsentItem.What.NOTE, ""),
        "after": done,
    }


def _pathway(conversation: Conversation) -> Shape | None:
    """How far they are on the way to ACC therapy, and from when they want to be asked, if they do."""
    found = pathway_of(conversation)
    if found is None:
        return None
    ask_from = date_format(found.ask_from, "j F") if found.ask_from else ""
    return {"state": found.state, "ask_from": ask_from, "is_due": is_due(found), "by_person": found.said_at is not None}


def _referral(referral: Referral) -> Shape:
    items = list(referral.items.all())
    return {
        **_about(referral),
        "kind": referral.kind,
        "state": referral.state,
        "was_agreed": any(item.agreed_at for item in items),
        "is_reached": referral.is_reached,
        "service": referral.service_name,
        "organization": referral.organization_name,
        "until": date_format(referral.until, "j F") if referral.until else "",
        "key_id": referral.key_id,
        "key": _encoded(referral.sealed_key),
        "link": _encoded(referral.sealed_link),
        "items": [_item(item) for item in items],
    }


def _item(item: ConsentItem) -> Shape:
    return {
        "code": item.code,
        "what": item.what,
        "is_agreed": is_in_force(item),
        "is_withdrawn": item.withdrawn_at is not None,
        "sealed": _encoded(item.sealed),
    }


def _request(request: CapacityRequest) -> Shape:
    return {
        **_about(request),
        "state": request.state,
        "until": request.until.timestamp(),
        "meeting_code": request.meeting_code,
        "key_id": request.key_id,
        "key": _encoded(request.sealed_key),
        "asks": [_ask(each) for each in request.asks.all()],
    }


def _ask(ask: CapacityAsk) -> Shape:
    return {
        "code": ask.code,
        "service": ask.service_name,
        "organization": ask.organization_name,
        "state": CapacityAsk.State.TAKEN if ask.is_too_late else ask.state,
        "link": _encoded(ask.sealed_link),
    }


def _about(asked: Referral | CapacityRequest) -> Shape:
    return {"code": asked.code, "need": name_of_need(asked.need), "area": name_of_area(asked.area)}


def _encoded(sealed: bytes | memoryview | None) -> str:
    return b64url_encode(bytes(sealed)) if sealed else ""
