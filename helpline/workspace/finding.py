"""Finding help beside a conversation: asked with codes and with what the counsellor writes, never with its words."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db import transaction
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.directory import summaries
from helpline.directory.asking import WantedForm, chips, with_needs
from helpline.directory.models import Service
from helpline.directory.queries import visible
from helpline.directory.saying import WIDENED, said
from helpline.directory.search import Found, Wanted, find
from helpline.records.forms import ContactRecordForm
from helpline.records.needed import needed
from helpline.referrals.actions import Wish, signpost
from helpline.vault.codes import is_code
from helpline.workspace.forms import body_of
from helpline.workspace.guards import for_desk, refuse
from helpline.workspace.queries import get_own_open

# Of the record, what says which help is needed; what is coded here is in the record when it is written.
KNOWN = ("role", "age", "gender", "region", "harm_when", "disability", "needs", "ethnicities")
MOST_TOLD = 3  # at once: more is a list that nobody rings through


def known_fields() -> list[BoundField]:
    form = ContactRecordForm()
    return [form[name] for name in KNOWN]


class Told(forms.Field):
    """Services that the person is told about: `{"code": ..., "service": ...}`, the code made by the page."""

    def clean(self, value: Any) -> list[tuple[str, Service]]:
        asked = value if isinstance(value, list) and 0 < len(value) <= MOST_TOLD else []
        named = [(each.get("code"), _name_in(each.get("service"))) for each in asked if isinstance(each, dict)]
        there = visible(Service).in_bulk([name for _code, name in named if name])
        found = [(code, there[name]) for code, name in named if name in there and isinstance(code, str)]
        if not found or len(found) != len(asked) or not all(is_code(code) for code, _service in found):
            raise forms.ValidationError("", code="services")
        return found


class TellForm(forms.Form):
    """`days`: how long the list is kept for somebody who wants to look it up later; empty: they are told here."""

    services = Told()
    need = forms.SlugField(required=False, max_length=40)
    area = forms.SlugField(required=False, max_length=80)
    days = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[(each, str(each)) for each in summaries.DAYS]
    )


@require_POST
@for_desk
def search(request: HttpRequest, user: User, code: str) -> HttpResponse:
    get_own_open(user, code)
    body = body_of(request)
    form, coded = WantedForm(body), body.get("coded")
    if not form.is_valid():
        return refuse("malformed", faults=[str(each) for errors in form.errors.values() for each in errors])
    follows = needed(coded if isinstance(coded, dict) else {})
    # The id of a region's place is its code, spelled as an address is.
    wanted = with_needs(form.wanted(), follows.needs, follows.side, follows.region.replace("_", "-"))
    return JsonResponse(_answer(wanted, find(wanted, timezone.now()), form))


def _answer(wanted: Wanted, found: Found, form: WantedForm) -> dict[str, Any]:
    now = timezone.now()
    return {
        "chips": [asdict(each) for each in chips(wanted, found)],
        "need": next((each.code for each in found.needs), ""),
        "area": found.place.id if found.place else "",
        "area_name": found.place.full_name if found.place else "",
        "side": found.side,
        "same": [
            {"id": each.id, "name": each.full_name} for each in (() if wanted.place else form.same or found.places)
        ],
        "widened": str(WIDENED.get(found.widened, "")),
        "services": [asdict(said(each, now)) for each in found.cards],
        "national": [asdict(said(each, now)) for each in found.national],
    }


@require_POST
@for_desk
def tell(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Note what the person is about to be told, and keep it for them to look up if that is what they want.

    The text itself is composed and sealed in the counsellor's browser, and goes the way of every message.
    """
    conversation = get_own_open(user, code)
    form = TellForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    return JsonResponse(_told(conversation, user, **form.cleaned_data))


@transaction.atomic
def _told(
    conversation: Conversation,
    user: User,
    services: list[tuple[str, Service]],
    need: str,
    area: str,
    days: int | None,
) -> dict[str, str]:
    for code, service in services:
        signpost(conversation, user, Wish(code, service, need, area))
    if not days:
        return {}
    words = summaries.keep_summary([service.pk for _code, service in services], days)
    host = next(iter(conversation.line.hosts or settings.PUBLIC_HOSTS))
    return {"words": words, "address": f"{host}/summary", "until": date_format(summaries.last_day(days), "j F")}


def _name_in(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
