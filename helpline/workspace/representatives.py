"""`/services/`, for editors: what services wish to change, who keeps their entries, and which nobody made sure of."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.directory.models import Organization, Service
from helpline.portal import actions, mail, proposals
from helpline.portal.models import PortalInvitation, Proposal, Representation, Representative
from helpline.portal.queries import entries_of, stale_services, waiting_proposals
from helpline.portal.wishes import wish_of
from helpline.workspace.pages import for_page, show

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
FOUND_AT_MOST = 30  # of a name that is too short to tell
STALE_SHOWN = 50


class NotHere(Exception):
    """An organization, a representative, an invitation or a wish that is not there, or not any more."""


class PersonForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Links to come in go there, so it must be theirs alone."),
        error_messages={"invalid": gettext_lazy("That is no e-mail address. Look for a missing @ or dot.")},
    )


class DecisionForm(forms.Form):
    what = forms.ChoiceField(choices=[(each, each) for each in ("approve", "decline")])
    why = forms.CharField(max_length=500, required=False)


def for_editors(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @for_page(Role.EDITOR)
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, user, *args, **kwargs)
        except NotHere:
            return show(request, user, "workspace/services/unknown.html", status=404)

    return guarded


@require_GET
@for_editors
def services(request: HttpRequest, user: User) -> HttpResponse:
    return _list(request, user)


def _list(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    looked_for = request.GET.get("name", "").strip()[:120]
    waiting = list(waiting_proposals())
    names = Service.objects.in_bulk([each.service_id for each in waiting])
    context = {
        "waiting": [(wish_of(each), names.get(each.service_id)) for each in waiting],
        "representatives": Representation.objects.select_related("representative", "organization").order_by(
            "organization__name", "representative__name"
        ),
        "invitations": PortalInvitation.objects.select_related("organization"),
        "stale": entries_of(stale_services()[:STALE_SHOWN]),
        "looked_for": looked_for,
        "is_saved": "saved" in request.GET,
        "found": _named(looked_for) if looked_for else [],
    }
    return show(request, user, "workspace/services/list.html", {**context, **more}, status)


def _named(text: str) -> QuerySet[Organization]:
    found: QuerySet[Organization] = Organization.objects.filter(name__icontains=text).order_by("name", "pk")
    return found[:FOUND_AT_MOST]


@require_GET
@for_editors
def organization(request: HttpRequest, user: User, organization: UUID) -> HttpResponse:
    return _organization(request, user, _get_organization(organization), PersonForm())


def _organization(
    request: HttpRequest, user: User, organization: Organization, form: PersonForm, status: int = 200
) -> HttpResponse:
    context = {
        "organization": organization,
        "entries": entries_of(Service.objects.filter(organization=organization).order_by("name")),
        "people": Representative.objects.filter(represents__organization=organization),
        "invitations": PortalInvitation.objects.filter(organization=organization),
        "form": form,
        "has_door": bool(settings.PORTAL_HOSTS),
    }
    return show(request, user, "workspace/services/organization.html", context, status)


@require_POST
@for_editors
def invite(request: HttpRequest, user: User, organization: UUID) -> HttpResponse:
    """The six words are on the answer, and nowhere else ever."""
    found, form = _get_organization(organization), PersonForm(request.POST)
    if not form.is_valid() or not settings.PORTAL_HOSTS:
        return _organization(request, user, found, form, 400)
    invitation, words = actions.invite(user, found, **form.cleaned_data)
    context = {"organization": found, "invitation": invitation, "words": words, "door": f"{_door(request)}join/"}
    return show(request, user, "workspace/services/invited.html", context)


def _door(request: HttpRequest) -> str:
    """The port of a demonstration is that of its other doors."""
    port = "" if settings.BEHIND_TLS else f":{request.get_port()}"
    return mail.door().removesuffix("/") + port + "/"


@require_POST
@for_editors
def withdraw_invitation(request: HttpRequest, user: User, code: str) -> HttpResponse:
    invitation = PortalInvitation.objects.filter(code=code).first()
    if invitation is None:
        raise NotHere
    actions.withdraw_invitation(user, invitation)
    return redirect("services")


@require_POST
@for_editors
def reset_second_step(request: HttpRequest, user: User, code: str) -> HttpResponse:
    actions.reset_second_step(user, _get_representative(code))
    return redirect(f"{reverse('services')}?saved")


@require_POST
@for_editors
def end_access(request: HttpRequest, user: User, code: str) -> HttpResponse:
    actions.end_access(user, _get_representative(code))
    return redirect(f"{reverse('services')}?saved")


@require_POST
@for_editors
def decide(request: HttpRequest, user: User, code: str) -> HttpResponse:
    proposal, form = Proposal.objects.filter(code=code).first(), DecisionForm(request.POST)
    if proposal is None:
        raise NotHere
    if not form.is_valid():
        fault = _("Approve it or not; what you write to the service has at most 500 characters.")
        return _list(request, user, 400, trouble=fault, why=request.POST.get("why", ""), about=code)
    try:
        if form.cleaned_data["what"] == "approve":
            proposals.approve(user, proposal)
        else:
            proposals.decline(user, proposal, form.cleaned_data["why"])
    except proposals.DecidedAlready:
        return _list(request, user, 409, trouble=_("That was decided meanwhile, or replaced by a newer wish."))
    except proposals.NoLongerFits:
        fault = _("What this is about is not there any more. Decline it, and tell the service.")
        return _list(request, user, 409, trouble=fault)
    return redirect("services")


def _get_organization(identity: UUID) -> Organization:
    found = Organization.objects.filter(pk=identity).first()
    if not isinstance(found, Organization):
        raise NotHere
    return found


def _get_representative(code: str) -> Representative:
    found = Representative.objects.filter(code=code).first()
    if found is None:
        raise NotHere
    return found
