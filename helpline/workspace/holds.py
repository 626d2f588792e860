"""Legal holds, for supervisors: what is kept, who asked and who agreed, and the way to find what an order names."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.conversations.queries import ConversationUnknown
from helpline.endings.holds import (
    AnsweredAlready,
    HeldAlready,
    NeedsAnother,
    NotWithinAYear,
    answer_hold,
    ask_hold,
    lift_hold,
)
from helpline.endings.models import LegalHold
from helpline.endings.queries import HoldUnknown, ended_in, get_hold_for, get_holdable_for, holds_for
from helpline.vault.codes import CODE_PATTERN
from helpline.workspace.pages import for_page, show

DAY_HELP = {"invalid": gettext_lazy("Write the day like this: 2026-11-26.")}


class DayForm(forms.Form):
    """By which day somebody looks for a conversation."""

    day = forms.DateField(label=gettext_lazy("The day on which it began"), required=False, error_messages=DAY_HELP)


class AskForm(forms.Form):
    conversation = forms.RegexField(CODE_PATTERN, max_length=22)
    reason = forms.ChoiceField(choices=LegalHold.Reason.choices)
    until = forms.DateField(error_messages=DAY_HELP | {"required": gettext_lazy("Say until which day.")})


class StepForm(forms.Form):
    STEPS = ("agree", "refuse", "end")

    what = forms.ChoiceField(choices=[(step, step) for step in STEPS])


@require_GET
@for_page(Role.SUPERVISOR)
def list_holds(request: HttpRequest, user: User) -> HttpResponse:
    form = DayForm(request.GET)
    return _shown(request, user, form, status=200 if form.is_valid() else 400)


@require_POST
@for_page(Role.SUPERVISOR)
def ask(request: HttpRequest, user: User) -> HttpResponse:
    """What was typed stays beside the conversation that it is about."""
    form, day = AskForm(request.POST), DayForm(request.POST)
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        return _shown(request, user, day, str(fault), 400)
    given = form.cleaned_data
    try:
        ask_hold(user, get_holdable_for(user, given["conversation"]), given["reason"], given["until"])
    except (HoldUnknown, ConversationUnknown):
        return _shown(request, user, day, _("That conversation is not there any more."), 404)
    except HeldAlready:
        return _shown(request, user, day, _("Somebody has asked to keep this one already."), 409)
    except NotWithinAYear:
        return _shown(request, user, day, _("The last day is today at the earliest, and within a year."), 400)
    return redirect("holds")


@require_POST
@for_page(Role.SUPERVISOR)
def change(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        return _shown(request, user, DayForm(), _("Please choose again what is to happen."), 400)
    try:
        hold, what = get_hold_for(user, code), form.cleaned_data["what"]
        if what == "end":
            lift_hold(user, hold)
        else:
            answer_hold(user, hold, is_confirmed=what == "agree")
    except (HoldUnknown, AnsweredAlready):
        return _shown(request, user, DayForm(), _("That has changed meanwhile. This is how it stands now."), 404)
    except NeedsAnother:
        return _shown(request, user, DayForm(), _("That takes another supervisor than you."), 409)
    return redirect("holds")


def _shown(request: HttpRequest, user: User, form: DayForm, trouble: str = "", status: int = 200) -> HttpResponse:
    day = form.cleaned_data.get("day") if form.is_bound and form.is_valid() else None
    holds = list(holds_for(user))
    context: dict[str, Any] = {
        "form": form,
        "day": day,
        "found": list(ended_in(user, day)) if day else [],
        "reasons": LegalHold.Reason.choices,
        "asked": [each for each in holds if each.state == LegalHold.State.ASKED],
        "in_force": [each for each in holds if each.state == LegalHold.State.CONFIRMED],
        "trouble": trouble,
        "given": request.POST,
    }
    return show(request, user, "workspace/holds.html", context, status)
