"""Updates by e-mail: signing up, the link of a mail, what somebody gets, and all that was sent. No cookie, no script.

A mail scanner follows links: whatever changes something is a form. RFC 8058's one press is a post from anywhere; it
carries the link of its mail, which nobody else knows, and so needs no other proof.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from helpline.engagement import actions, mails, queries
from helpline.engagement.actions import LinkUnknown, Wish
from helpline.engagement.models import Subscriber, Update
from helpline.engagement.queries import SubscriberUnknown, UpdateUnknown
from helpline.engagement.texts import TEXTS, in_language, languages, topic_name, topics_in
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.lines.regions import PLACES
from helpline.portal import mail
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.vault.subscribers import link_of
from helpline.web import limiter
from helpline.web.languages import elsewhere, is_posted, typed

SHOWN = 20  # in the feed
OfLine = Callable[..., HttpResponse]


class WishForm(forms.Form):
    """What somebody wants; `language` is the page's and, unless they choose another, the mails'."""

    topics = forms.MultipleChoiceField()
    region = forms.ChoiceField(required=False)
    language = forms.ChoiceField()

    def __init__(self, shown_in: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_in = shown_in
        for name, choices in (
            ("topics", topics_in(shown_in)),
            ("region", [("", TEXTS["everywhere"][shown_in]), *PLACES]),
            ("language", languages()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # nosec B101  # for the types
            field.choices = choices
            self._say(name, "no_topic" if name == "topics" else "no_choice")

    def _say(self, name: str, text: str) -> None:
        for kind in ("required", "invalid", "invalid_choice", "invalid_list", "max_length"):
            self.fields[name].error_messages[kind] = TEXTS[text][self.shown_in]

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(tuple(given["topics"]), given["region"], given["language"])


class SignUpForm(WishForm):
    address = forms.EmailField(max_length=254)

    def __init__(self, shown_in: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(shown_in, *args, **kwargs)
        self._say("address", "no_address")


def _of_its_line(*methods: str) -> Callable[[OfLine], OfLine]:
    """Of the line that this host is about. A link that opens nothing (any more) says so kindly, whatever is wrong."""

    def decorate(view: OfLine) -> OfLine:
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, **asked: str) -> HttpResponse:
            language = Language(get_language())
            try:
                line = line_for_host(request.get_host())
            except LineUnknown:
                return render(request, "public/not-ready.html", status=503)
            try:
                return view(request, line, language, **asked)
            except (SubscriberUnknown, LinkUnknown):
                return _shown(request, line, language, "over", status=404)
            except UpdateUnknown:
                raise Http404 from None
            except KeyStoreUnavailable:
                return _shown(request, line, language, "away", status=503)

        return answer

    return decorate


# Signing up


@limiter.paced(limiter.LINKS)
@_of_its_line("GET", "HEAD", "POST")
def sign_up(request: HttpRequest, line: Line, language: str) -> HttpResponse:
    """Whatever is known of an address already, the answer is the same."""
    if not is_posted(request):
        form = SignUpForm(language, initial={"language": language} | typed(request, SignUpForm))
        return _shown(request, line, language, "sign-up", form=form)
    form = SignUpForm(language, request.POST)
    if not form.is_valid():
        return _shown(request, line, language, "sign-up", 400, form=form)
    token = actions.sign_up(line, form.cleaned_data["address"], form.wish)
    if token and not _mail_link(request, form, token):
        actions.forget_sign_up(line, token)
        return _shown(request, line, language, "sign-up", 503, form=form, is_away=True)
    return _shown(request, line, language, "look")


def _mail_link(request: HttpRequest, form: SignUpForm, token: str) -> bool:
    chosen = form.cleaned_data["language"]
    address = mails.own_address(request.build_absolute_uri("/"), chosen, f"confirm/{token}/")
    return mail.send_message(mails.confirmation(form.cleaned_data["address"], address, chosen))


@_of_its_line("GET", "HEAD", "POST")
def confirm(request: HttpRequest, line: Line, language: str, token: str) -> HttpResponse:
    """Opening the link changes nothing; pressing the button does."""
    if request.method != "POST":
        asked = actions.get_sign_up(line, token)
        return _shown(request, line, language, "confirm", chosen=_names(asked.topics, language))
    subscriber = actions.confirm(line, token)
    return _mine(request, line, language, subscriber, is_new=True)


# What somebody gets


@_of_its_line("GET", "HEAD", "POST")
def mine(request: HttpRequest, line: Line, language: str, link: str) -> HttpResponse:
    subscriber = queries.get_subscriber(line, link)
    if not is_posted(request):
        form = WishForm(language, initial=_held(subscriber) | typed(request, WishForm))
        return _mine(request, line, language, subscriber, form=form)
    form = WishForm(language, request.POST)
    if not form.is_valid():
        return _mine(request, line, language, subscriber, 400, form=form)
    actions.change(subscriber, form.wish)
    subscriber.refresh_from_db()
    return _mine(request, line, language, subscriber, is_saved=True)


@limiter.paced(limiter.LEAVING)
@_of_its_line("GET", "HEAD", "POST")
def stop(request: HttpRequest, line: Line, language: str, link: str, topic: str) -> HttpResponse:
    """For a person a page with a button; for a mail program the post of RFC 8058. Done twice is done."""
    if not queries.is_topic(topic):
        raise Http404
    subscriber = queries.get_subscriber(line, link)
    shown: dict[str, Any] = {"name": topic_name(topic, language), "mine": _address_of(language, link)}
    if request.method != "POST":
        others = _names([each for each in subscriber.topics if each != topic], language)
        return _shown(request, line, language, "stop", others=others, **shown)
    if actions.stop(subscriber, topic):
        return _shown(request, line, language, "stopped-all")
    subscriber.refresh_from_db()
    return _shown(request, line, language, "stopped", others=_names(subscriber.topics, language), **shown)


@limiter.paced(limiter.LEAVING)
@_of_its_line("POST")
def stop_all(request: HttpRequest, line: Line, language: str, link: str) -> HttpResponse:
    actions.end(queries.get_subscriber(line, link))
    return _shown(request, line, language, "stopped-all")


def _mine(
    request: HttpRequest, line: Line, language: str, subscriber: Subscriber, status: int = 200, **shown: object
) -> HttpResponse:
    shown.setdefault("form", WishForm(language, initial=_held(subscriber)))
    address = _address_of(language, link_of(subscriber.code))
    shown["elsewhere"] = elsewhere(request, address)  # this page is also what a confirmation leads to
    return _shown(request, line, language, "mine", status, mine=address, **shown)


def _held(subscriber: Subscriber) -> dict[str, object]:
    return {"topics": subscriber.topics, "region": subscriber.region, "language": subscriber.language}


def _address_of(language: str, link: str) -> str:
    return mails.own_address("/", language, f"mine/{link}/")


# What was sent


@_of_its_line("GET", "HEAD")
def archive(request: HttpRequest, line: Line, language: str) -> HttpResponse:
    found = [_entry(update, language) for update in queries.published(line).defer("text")]
    return _shown(request, line, language, "archive", entries=found)


@_of_its_line("GET", "HEAD")
def read(request: HttpRequest, line: Line, language: str, code: str) -> HttpResponse:
    update = queries.get_published(line, code)
    words = mails.words_of(update, language, request.build_absolute_uri("/"))
    return _shown(request, line, language, "read", words=words, entry=_entry(update, language))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        raise Http404 from None
    site = request.build_absolute_uri("/")
    root = f"{site}updates/"
    made = Atom1Feed(title=f"{line.name}: updates", link=f"{root}archive/", description="", feed_url=f"{root}feed.xml")
    for update in queries.published(line)[:SHOWN]:
        words = mails.words_of(update, Language.ENGLISH, site)
        made.add_item(
            words.title,
            f"{root}read/{update.code}/",
            str(words.html),
            unique_id=f"urn:helpline:update:{update.code}",
            updateddate=update.published_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _entry(update: Update, language: str) -> dict[str, object]:
    is_te_reo = language == Language.TE_REO and bool(update.text_mi)
    return {
        "code": update.code,
        "title": (is_te_reo and update.title_mi) or update.title,
        "language": Language.TE_REO.value if is_te_reo and update.title_mi else Language.ENGLISH.value,
        "topic": topic_name(update.topic, language),
        "region": dict(PLACES).get(update.region, ""),
        "on": update.published_at,
        "is_english_for_want": language == Language.TE_REO and not is_te_reo,
    }


def _names(topics: list[str], language: str) -> list[str]:
    return [name for topic, name in topics_in(language) if topic in topics]


def _shown(
    request: HttpRequest, line: Line, language: str, template: str, status: int = 200, **shown: object
) -> HttpResponse:
    said = {
        "line": line,
        "say": in_language(language),
        "shown_in": language,
        "root": mails.own_address("/", language, ""),
    }
    return render(request, f"public/updates/{template}.html", said | shown, status=status)
