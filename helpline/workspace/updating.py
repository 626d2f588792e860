"""`/updates/`, for editors and supervisors: one writes an update, another one looks at it and sends it."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.engagement import mails, writing
from helpline.engagement.models import LONGEST_TEXT, LONGEST_TITLE, Topic, Update
from helpline.engagement.queries import WRITERS, UpdateUnknown, get_update, readers_of
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.regions import PLACES
from helpline.workspace.pages import for_page, show

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
SHOWN = 50  # of those that were sent


class UpdateForm(forms.Form):
    line = forms.ModelChoiceField(Line.objects.all(), label=gettext_lazy("Line"), empty_label=None)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), choices=Topic.choices)
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), choices=[("", gettext_lazy("Everywhere")), *PLACES], required=False
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "It is the subject of the mail, which others may see in somebody’s mailbox. Name nothing there that "
            "could put a reader in danger."
        ),
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 12}),
        help_text=gettext_lazy(
            "An empty line begins a paragraph, ## a heading, - a list. Addresses become links; /figures/ is a page of "
            "this site."
        ),
        error_messages={"required": gettext_lazy("Write what there is to say.")},
    )
    title_mi = forms.CharField(
        label=gettext_lazy("Title in te reo Māori"),
        max_length=LONGEST_TITLE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "mi"}),
    )
    text_mi = forms.CharField(
        label=gettext_lazy("Text in te reo Māori"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 12, "lang": "mi"}),
        help_text=gettext_lazy("Written by somebody who speaks it, never by a machine. Empty: readers are told so."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("title_mi")) != bool(given.get("text_mi")):
            missing = "text_mi" if given.get("title_mi") else "title_mi"
            self.add_error(missing, _("Title and text in te reo Māori go together."))
        return given


class RevisionForm(forms.Form):
    revision = forms.IntegerField(min_value=1)


def for_writers(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @for_page(*WRITERS)
    @functools.wraps(view)
    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, user, *args, **kwargs)
        except UpdateUnknown:
            return show(request, user, "workspace/updates/unknown.html", status=404)

    return guarded


@require_GET
@for_writers
def listed(request: HttpRequest, user: User) -> HttpResponse:
    found = Update.objects.select_related("line", "written_by", "sent_by")
    context = {
        "waiting": found.filter(published_at=None).order_by("-changed_at"),
        "sent": found.filter(published_at__isnull=False)[:SHOWN],
    }
    return show(request, user, "workspace/updates/list.html", context)


@require_GET
@for_writers
def new(request: HttpRequest, user: User) -> HttpResponse:
    return _form(request, user, UpdateForm())


@require_POST
@for_writers
def add(request: HttpRequest, user: User) -> HttpResponse:
    form = UpdateForm(request.POST)
    if not form.is_valid():
        return _form(request, user, form, status=400)
    return redirect("update", writing.write(user, form.cleaned_data).code)


@require_GET
@for_writers
def edit(request: HttpRequest, user: User, code: str) -> HttpResponse:
    update = get_update(code)
    if update.is_published:
        return _one(request, user, update, _("It is sent, and stays as it is. Write another one to correct it."), 409)
    held = {name: getattr(update, name) for name in writing.WRITTEN}
    return _form(request, user, UpdateForm(initial=held), update)


@require_POST
@for_writers
def save(request: HttpRequest, user: User, code: str) -> HttpResponse:
    update, form = get_update(code), UpdateForm(request.POST)
    if not form.is_valid():
        return _form(request, user, form, update, 400)
    try:
        writing.rewrite(user, update, form.cleaned_data)
    except writing.Changed:
        trouble = _("Somebody sent it or threw it away meanwhile. What you wrote is still here.")
        return _form(request, user, form, update, 409, trouble)
    return redirect("update", code)


@require_GET
@for_writers
def one(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return _one(request, user, get_update(code))


@require_POST
@for_writers
def ask(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return _done(request, user, code, writing.ask_for_a_look)


@require_POST
@for_writers
def give_back(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return _done(request, user, code, writing.give_back)


@require_POST
@for_writers
def discard(request: HttpRequest, user: User, code: str) -> HttpResponse:
    update = get_update(code)
    try:
        writing.discard(user, update)
    except writing.Changed:
        return _one(request, user, get_update(code), _("That was changed meanwhile. This is how it stands now."), 409)
    return redirect("updates")


@require_POST
@for_writers
def send(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return _one(request, user, get_update(code), _("Please read it again, then press the button."), 400)
    return _done(request, user, code, lambda by, update: writing.send(by, update, form.cleaned_data["revision"]))


def _done(request: HttpRequest, user: User, code: str, act: Callable[[User, Update], None]) -> HttpResponse:
    try:
        act(user, get_update(code))
    except writing.SamePerson:
        trouble = _("You wrote it yourself: somebody else has a look, and sends it.")
        return _one(request, user, get_update(code), trouble, 409)
    except writing.Changed:
        return _one(request, user, get_update(code), _("That was changed meanwhile. This is how it stands now."), 409)
    return redirect("update", code)


def _one(request: HttpRequest, user: User, update: Update, trouble: str = "", status: int = 200) -> HttpResponse:
    """As it will be read, in both forms and each language."""
    site = mails.site_of(update.line)
    context = {
        "update": update,
        "done": update.mailings.filter(handed_at__isnull=False).count() or update.handed_over,
        "readers": None if update.is_published else readers_of(update).count(),
        "forms": [(Language(each).label, mails.words_of(update, each, site)) for each in update.languages],
        "may_send": update.state == Update.State.WAITING and update.written_by_id != user.pk,
        "trouble": trouble,
    }
    return show(request, user, "workspace/updates/one.html", context, status)


def _form(
    request: HttpRequest,
    user: User,
    form: UpdateForm,
    update: Update | None = None,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    context = {"form": form, "update": update, "trouble": trouble}
    return show(request, user, "workspace/updates/form.html", context, status)
