"""Events: when and where, registering by a mailed link, and an entry for a calendar. No account, no cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods

from helpline.content.events import Event, EventUnknown, coming, get_event, in_language, past
from helpline.content.models import EventPage
from helpline.engagement import event_mails, events
from helpline.engagement.calendars import CONTENT_TYPE, calendar_of
from helpline.engagement.events import NotOpen, Person, RegistrationUnknown
from helpline.engagement.models import Registration
from helpline.engagement.models.events import LONGEST_NAME, LONGEST_NEEDS, LONGEST_ORGANIZATION
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.portal import mail
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.web import limiter
from helpline.web.languages import is_posted, typed
from helpline.web.shared import same_for_everybody

OfLine = Callable[..., HttpResponse]
OFF = {"autocomplete": "off"}


class RegistrationForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As it should stand on a name tag."),
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": gettext_lazy("Please tell us what to call you.")},
    )
    organization = forms.CharField(
        label=gettext_lazy("Your organization, if you come for one"),
        max_length=LONGEST_ORGANIZATION,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )
    address = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("A link goes there. With it you take your seat, and can give it back."),
        widget=forms.EmailInput(attrs=OFF),
        error_messages={
            "required": gettext_lazy("Please give an e-mail address."),
            "invalid": gettext_lazy("That is no e-mail address. Look for a missing @ or dot."),
        },
    )
    needs = forms.CharField(
        label=gettext_lazy("What do you need, so that you can take part?"),
        max_length=LONGEST_NEEDS,
        required=False,
        help_text=gettext_lazy("Sign language, a hearing loop, a ramp, food, somebody who comes with you, …"),
        widget=forms.Textarea(attrs={**OFF, "rows": 3}),
    )

    @property
    def person(self) -> Person:
        return Person(**{name: self.cleaned_data[name] for name in self.fields})


def _of_its_line(*methods: str) -> Callable[[OfLine], OfLine]:
    """Of the line that this host is about. A link that opens nothing (any more) says so kindly, whatever is wrong."""

    def decorate(view: OfLine) -> OfLine:
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, **asked: str) -> HttpResponse:
            try:
                line = line_for_host(request.get_host())
                return view(request, line, **asked)
            except LineUnknown:
                return render(request, "public/not-ready.html", status=503)
            except EventUnknown:
                raise Http404 from None
            except RegistrationUnknown:
                return _shown(request, line, in_language(get_event(line, asked["slug"]), _language()), "gone", 404)
            except KeyStoreUnavailable:
                return _shown(request, line, in_language(get_event(line, asked["slug"]), _language()), "away", 503)

        return answer

    return decorate


# Reading


@same_for_everybody
@_of_its_line("GET", "HEAD")
def listed(request: HttpRequest, line: Line) -> HttpResponse:
    now, language = timezone.now(), _language()
    found = {
        "coming": [in_language(page, language) for page in coming(line, now)],
        "past": [in_language(page, language) for page in past(line, now)],
    }
    return render(request, "public/events/list.html", {"line": line, **found})


@same_for_everybody
@_of_its_line("GET", "HEAD")
def one(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    return _shown(request, line, in_language(get_event(line, slug), _language()), "one")


@_of_its_line("GET", "HEAD")
def ics(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    return _calendar(request, [get_event(line, slug)], slug)


@_of_its_line("GET", "HEAD")
def calendar(request: HttpRequest, line: Line) -> HttpResponse:
    """Everything that is still to come: programs ask for it again by themselves."""
    return _calendar(request, list(coming(line, timezone.now())), "events")


def _calendar(request: HttpRequest, pages: list[EventPage], name: str) -> HttpResponse:
    made = calendar_of(pages, _language(), request.build_absolute_uri("/"))
    return HttpResponse(made, CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}.ics"'})


# Coming


@limiter.paced(limiter.LINKS)
@_of_its_line("GET", "HEAD", "POST")
def register(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    """Whatever is known of an address already, the answer is the same."""
    event = in_language(get_event(line, slug), _language())
    if not is_posted(request):
        form = RegistrationForm(initial=typed(request, RegistrationForm))
        return _shown(request, line, event, "register", form=form)
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return _shown(request, line, event, "register", 400, form=form)
    try:
        return _mail_link(request, line, event, form)
    except NotOpen:
        return _shown(request, line, event, "register", 409, form=form, is_late=True)
    except KeyStoreUnavailable:
        return _shown(request, line, event, "register", 503, form=form, is_away=True)


def _mail_link(request: HttpRequest, line: Line, event: Event, form: RegistrationForm) -> HttpResponse:
    """Raises NotOpen and KeyStoreUnavailable."""
    language, site = _language(), request.build_absolute_uri("/")
    token = events.register(event.page, form.person, language)
    if token:
        made = event_mails.confirmation(event.page, form.person, token, language, site)
        if not mail.send_message(made):
            events.forget_asked(event.page, token)
            return _shown(request, line, event, "register", 503, form=form, is_away=True)
    return _shown(request, line, event, "look")


@_of_its_line("GET", "HEAD", "POST")
def confirm(request: HttpRequest, line: Line, slug: str, token: str) -> HttpResponse:
    """Opening the link changes nothing, since mail scanners open links; pressing the button does."""
    event = in_language(get_event(line, slug), _language())
    if request.method != "POST":
        events.get_asked(event.page, token)
        return _shown(request, line, event, "confirm")
    try:
        registration = events.confirm(event.page, token)
    except NotOpen:
        return _shown(request, line, event, "gone", 409, is_late=True)
    person = events.person_of(registration)
    if person:
        # What the page says stands in the mail, too; without it nothing is lost but a reminder of the address.
        mail.send_message(event_mails.notice(registration, person, "", _port(request)))
    return _mine(request, line, event, registration, is_new=True)


@limiter.paced(limiter.LEAVING)
@_of_its_line("GET", "HEAD", "POST")
def mine(request: HttpRequest, line: Line, slug: str, link: str) -> HttpResponse:
    """How it stands with somebody, what is known of them, and leaving."""
    event = in_language(get_event(line, slug), _language())
    registration = events.get_registration(event.page, link)
    if request.method != "POST":
        return _mine(request, line, event, registration)
    events.leave(registration)
    return _shown(request, line, event, "left")


def _mine(
    request: HttpRequest, line: Line, event: Event, registration: Registration, *, is_new: bool = False
) -> HttpResponse:
    """Names nobody but themselves."""
    shown: dict[str, Any] = {
        "registration": registration,
        "person": events.person_of(registration),
        "own": event_mails.own_address(event.page, registration, "/"),
        "is_new": is_new,
    }
    return _shown(request, line, event, "mine", **shown)


def _port(request: HttpRequest) -> int:
    """A demonstration's, for links in mails."""
    return int(request.get_port()) if ":" in request.get_host() else 0


def _language() -> str:
    return Language.TE_REO if (get_language() or "").startswith("mi") else Language.ENGLISH


def _shown(
    request: HttpRequest, line: Line, event: Event, template: str, status: int = 200, **more: object
) -> HttpResponse:
    language, now = _language(), timezone.now()
    said = {
        "line": line,
        "event": event,
        "page": event.page,
        "is_over": event.page.is_over(now),
        "takes_people": event.page.takes_people(now),
        "has_room": events.has_room(event.page),
        "is_translation_missing": language != Language.ENGLISH and not event.is_translated,
        "awaits_speaker": event.is_translated and not event.own.is_reviewed,
    }
    return render(request, f"public/events/{template}.html", said | more, status=status)
