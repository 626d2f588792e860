"""Taking up an invitation. The invited person's browser makes the passphrase and the keys (join.js)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from helpline.accounts.models import Role
from helpline.lines.invitations import InvitationUnknown, NameTaken, get_invitation, take_up
from helpline.lines.models import Line
from helpline.workspace.forms import body_of
from helpline.workspace.guards import refuse, steady
from helpline.workspace.join_words import WORDS
from helpline.workspace.staff_forms import TakeUpForm, WordsForm


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/join.html", {"words": WORDS})


@require_POST
@steady
def look(request: HttpRequest) -> HttpResponse:
    """Who is invited, and to what: for whoever has the six words."""
    form = WordsForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        invitation = get_invitation(form.cleaned_data["words"])
    except InvitationUnknown:
        return refuse("unknown")
    lines = Line.objects.filter(slug__in=invitation.lines).values_list("name", flat=True)
    return JsonResponse(
        {
            "code": invitation.code,
            "name": invitation.name,
            "username": invitation.username,
            "pseudonym": invitation.pseudonym,
            "role": Role(invitation.role).label,
            "lines": list(lines),
        }
    )


@require_POST
@steady
def take(request: HttpRequest) -> HttpResponse:
    form = TakeUpForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        take_up(form.cleaned_data["words"], form.cleaned_data["code"], form.keys)
    except InvitationUnknown:
        return refuse("unknown")
    except NameTaken:
        return refuse("taken")
    return JsonResponse({})
