"""What the page without JavaScript posts. Each answers 204, so that the page stays where it is and no entry is added
to the browser's history; what there is to say comes down the page's stream."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from helpline.channels.webchat import actions as webchat
from helpline.channels.webchat.plain import actions, forms
from helpline.channels.webchat.plain.leaving import Leaving, leaving_of, read_leaving
from helpline.channels.webchat.plain.page_secret import PageSecret, parse_page_secret
from helpline.conversations.actions import CodeTaken, ConversationClosed, NotWaiting
from helpline.conversations.handovers import answer_handover
from helpline.conversations.queries import ConversationUnknown, get_conversation_for_help_seeker
from helpline.lines.queries import LineUnknown
from helpline.live.plain import COOKIE
from helpline.records.actions import answer_survey
from helpline.referrals import pathway
from helpline.referrals.actions import answer_consent
from helpline.referrals.actions import withdraw as withdraw_referral
from helpline.referrals.queries import ReferralUnknown, get_own_referral
from helpline.routing.actions import come_back as come_back_to_queue
from helpline.routing.actions import erase as erase_conversation
from helpline.routing.actions import leave_queue
from helpline.routing.queries import is_plain_share_full
from helpline.vault.codes import Malformed
from helpline.vault.return_codes import NotAReturnCode
from helpline.vault.sealing import TextTooLong
from helpline.web.headers import CLEAR, FRAMED, carry
from helpline.web.limiter import BEGIN, LEAVING, RETURN_CODES, is_crowding, is_under_load, paced

Cleaned = dict[str, Any]
NOTICES: dict[type[Exception], str] = {
    actions.NothingSaid: "empty",
    actions.Busy: "busy",
    CodeTaken: "failed",
    ConversationClosed: "closed",
    ConversationUnknown: "unknown",
    LineUnknown: "failed",
    NotAReturnCode: "not_known",
    ReferralUnknown: "failed",
    webchat.NotOpenThere: "elsewhere",
    TextTooLong: "too_long",
}


def nothing() -> HttpResponse:
    return HttpResponse(status=204)


def accepts(
    form_class: type[forms.PageForm],
) -> Callable[[Callable[[Cleaned], HttpResponse]], Callable[..., HttpResponse]]:
    """Make a view of what answers a cleaned form; a refusal becomes a notice in the page that posted."""

    def decorate(answer: Callable[[Cleaned], HttpResponse]) -> Callable[..., HttpResponse]:
        @require_POST
        def view(request: HttpRequest) -> HttpResponse:
            if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
                return HttpResponse(status=403)  # another site's form could put its own secret into this browser
            try:
                form = form_class(request.POST)
                return _answer(answer, form, request)
            except RequestDataTooBig:
                return _too_big(request)
            except (OperationalError, InterfaceError):
                return _in_frame(request, "unsent")

        view.form_class = form_class  # type: ignore[attr-defined]  # what describes the address (tests/attack)
        return view

    return decorate


def _answer(answer: Callable[[Cleaned], HttpResponse], form: forms.PageForm, request: HttpRequest) -> HttpResponse:
    is_valid = form.is_valid()
    own, page = form.cleaned_data.get("secret"), form.cleaned_data.get("page")
    if own is None or page is None:
        return HttpResponse(status=400)
    try:
        if is_valid:
            more = {"is_crowding": _is_crowding(request)} if form.begins_chat else {}
            _require_welcome(form, request)
            return answer(form.cleaned_data | more)
        actions.tell(own, page, "failed")
    except webchat.Blocked:
        actions.tell(own, page, "reload")  # the page that it comes to says so, and until when
    except tuple(NOTICES) as fact:
        actions.tell(own, page, NOTICES[type(fact)])
    return nothing()


def _is_crowding(request: HttpRequest) -> bool:
    """Nobody is asked for a proof of work here: while very many chats begin, these have their share of the line."""
    is_over_its_share = is_under_load(request) and is_plain_share_full()
    return is_crowding(request) or is_over_its_share


def _require_welcome(form: forms.PageForm, request: HttpRequest) -> None:
    """A browser that may not begin for a time has kept the cookie of its last chat. Raises webchat.Blocked."""
    if not form.begins_chat or "line" not in form.cleaned_data:
        return
    with suppress(Malformed):
        last = parse_page_secret(request.COOKIES.get(COOKIE, ""))
        webchat.require_welcome(form.cleaned_data["line"], [], last.capability)


@paced(BEGIN)
@accepts(forms.StartForm)
def start(cleaned: Cleaned) -> HttpResponse:
    own: PageSecret = cleaned["secret"]
    arrival = webchat.Arrival(cleaned["gender"], bool(cleaned["is_message"]), cleaned["is_crowding"])
    actions.begin(own, cleaned["line"], cleaned["region"], cleaned["in_danger"], cleaned["language"], arrival)
    return _remembering(own)


@paced(BEGIN)
@accepts(forms.AgainForm)
def again(cleaned: Cleaned) -> HttpResponse:
    """After the end: the page loads itself again, now with the secret of the chat that begins."""
    anew = actions.begin_again(cleaned["secret"], is_crowding=cleaned["is_crowding"])
    actions.tell(cleaned["secret"], cleaned["page"], "reload")
    return _remembering(anew)


@accepts(forms.SayForm)
def say(cleaned: Cleaned) -> HttpResponse:
    actions.say(cleaned["secret"], cleaned["form"], cleaned["text"])
    return nothing()


@accepts(forms.PageForm)
def keep(cleaned: Cleaned) -> HttpResponse:
    """The words are made where they are shown, by the page itself."""
    actions.tell(cleaned["secret"], cleaned["page"], "keep")
    return nothing()


@paced(RETURN_CODES)
@accepts(forms.ReturnForm)
def come_back(cleaned: Cleaned) -> HttpResponse:
    """The page loads itself again, now with the secret of the conversation that the words led to."""
    own = actions.come_back(cleaned["words"])
    actions.tell(cleaned["secret"], cleaned["page"], "reload")
    return _remembering(own)


@accepts(forms.HandoverForm)
def handover(cleaned: Cleaned) -> HttpResponse:
    """The page shows what follows from it as soon as it hears that the state has changed."""
    answer_handover(_own(cleaned), cleaned["answer"])
    return nothing()


@accepts(forms.ConsentForm)
def consent(cleaned: Cleaned) -> HttpResponse:
    """What was ticked counts with a yes only."""
    agreed = cleaned["agreed"] if cleaned["answer"] == "yes" else []
    answer_consent(_own(cleaned), cleaned["referral"], agreed)
    return nothing()


@accepts(forms.TakeBackForm)
def take_back(cleaned: Cleaned) -> HttpResponse:
    withdraw_referral(get_own_referral(_own(cleaned), cleaned["referral"]), cleaned["item"])
    return nothing()


@accepts(forms.AskMeForm)
def ask_me(cleaned: Cleaned) -> HttpResponse:
    pathway.ask_me(_own(cleaned), cleaned["days"])
    return nothing()


@accepts(forms.SayHowForm)
def say_how(cleaned: Cleaned) -> HttpResponse:
    pathway.say_how(_own(cleaned), cleaned["says"])
    return nothing()


@accepts(forms.PageForm)
def end(cleaned: Cleaned) -> HttpResponse:
    webchat.leave(_own(cleaned), is_exit=False)
    return _forgetting(nothing())


@accepts(forms.PageForm)
def pause(cleaned: Cleaned) -> HttpResponse:
    """Leave the queue for a moment; too late is no error: the page shows how things are."""
    with suppress(NotWaiting):
        leave_queue(_own(cleaned))
    return nothing()


@accepts(forms.PageForm)
def resume(cleaned: Cleaned) -> HttpResponse:
    come_back_to_queue(_own(cleaned))
    return nothing()


@accepts(forms.PageForm)
def erase(cleaned: Cleaned) -> HttpResponse:
    """The stream ends with the words hidden, and leads to `gone`; the cookie takes the receipt there."""
    return _remembering(leaving_of(erase_conversation(_own(cleaned))))


@accepts(forms.SurveyForm)
def survey(cleaned: Cleaned) -> HttpResponse:
    conversation = _own(cleaned)
    answer_survey(conversation.line, conversation.channel, cleaned["helped"], cleaned["knows_next_step"])
    actions.tell(cleaned["secret"], cleaned["page"], "surveyed")
    return nothing()


@paced(LEAVING)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: leave first and for certain; whatever else fails, the screen goes."""
    form = forms.PageForm(request.POST)
    response = render(request, "webchat/plain/left.html", {"quick_exit_url": settings.QUICK_EXIT_URL})
    carry(response, CLEAR)
    if form.is_valid():
        try:
            webchat.leave(_own(form.cleaned_data), is_exit=True)
        except (ConversationUnknown, OperationalError, InterfaceError):
            return _forgetting(response)
    return _forgetting(response)


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    left = read_leaving(request.COOKIES.get(COOKIE, ""))
    response = render(request, "webchat/plain/erased.html", {"left": left})
    return _forgetting(response) if left else response


def _own(cleaned: Cleaned) -> Any:
    own: PageSecret = cleaned["secret"]
    return get_conversation_for_help_seeker(own.code, own.capability)


def _remembering(own: PageSecret | Leaving) -> HttpResponse:
    """For this browser's session and no longer, so that loading the page again goes on with the conversation."""
    response = nothing()
    response.set_cookie(COOKIE, own.text, httponly=True, samesite="Strict", secure=settings.BEHIND_TLS)
    return response


def _forgetting(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


def _too_big(request: HttpRequest) -> HttpResponse:
    """What was posted was not read, so the cookie has to say whose it was."""
    try:
        own = parse_page_secret(request.COOKIES.get(COOKIE, ""))
    except Malformed:
        return _in_frame(request, "too_big")
    actions.tell(own, "", "too_long")
    return nothing()


def _in_frame(request: HttpRequest, word: str) -> HttpResponse:
    """Without a database there is no stream to answer by: say it in the small frame beside the button."""
    response = render(request, "webchat/plain/frame.html", {"word": word}, status=503)
    carry(response, FRAMED)
    return response
