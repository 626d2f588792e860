"""The chat page, and what its script posts. No cookie: who may ask is proved by the capability in the body."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from helpline.channels.webchat import actions, forms
from helpline.channels.webchat.queries import before_start, blocked_until, keys_of, return_grant, state_of
from helpline.channels.webchat.referred import referrals_of
from helpline.channels.webchat.words import WORDS
from helpline.conversations import returning
from helpline.conversations.actions import CodeTaken, ConversationClosed, NotWaiting
from helpline.conversations.handovers import answer_handover
from helpline.conversations.models import Conversation
from helpline.conversations.queries import (
    ConversationUnknown,
    get_conversation_by_return_code,
    get_conversation_for_help_seeker,
)
from helpline.lines.models import Channel, Line
from helpline.lines.queries import LineUnknown, line_for_host, words_days
from helpline.records.actions import answer_survey
from helpline.referrals import pathway
from helpline.referrals.actions import answer_consent
from helpline.referrals.actions import withdraw as withdraw_referral
from helpline.referrals.queries import ReferralUnknown, get_own_referral
from helpline.routing.actions import come_back as come_back_to_queue
from helpline.routing.actions import erase as erase_conversation
from helpline.routing.actions import leave_queue, return_by_code
from helpline.vault import proof_of_work
from helpline.vault.codes import hash_capability
from helpline.vault.sealing import MAX_TEXT_BYTES
from helpline.web.headers import CLEAR, carry, framed_by_partners
from helpline.web.languages import ENGLISH, address_in, untranslated
from helpline.web.limiter import BEGIN, LEAVING, RETURN_CODES, is_crowding, is_under_load, paced

Cleaned = dict[str, Any]
Answer = dict[str, Any]

REFUSALS: dict[str, tuple[int, Promise]] = {
    "malformed": (400, _("We could not read what this page sent. Please reload the page and try again.")),
    "unknown": (404, _("This chat is not open here any more.")),
    "closed": (409, _("This chat has ended.")),
    "elsewhere": (409, _("We are not open in your region yet. Please call, or try another line.")),
    "taken": (409, _("Those words are in use. Please try again.")),
    "too_large": (413, _("That is too much at once. Please send it in smaller parts.")),
    "busy": (503, _("We cannot reach our system just now. We keep trying. You do not need to do anything.")),
}
FACTS: dict[type[Exception], str] = {
    ConversationUnknown: "unknown",
    CodeTaken: "unknown",
    LineUnknown: "unknown",
    ReferralUnknown: "unknown",
    ConversationClosed: "closed",
    actions.NotOpenThere: "elsewhere",
    actions.WordsTaken: "taken",
    RequestDataTooBig: "too_large",
    OperationalError: "busy",
    InterfaceError: "busy",
}
# All that chat.js imports before it is needed; a test holds the list complete.
MODULES = [
    *(f"webchat/{name}.js" for name in ("chat", "composer", "confirm", "ended", "keys", "log", "page")),
    *(f"webchat/{name}.js" for name in ("code", "post", "reading", "standing", "tab", "talk", "wire")),
    *(f"vault/{name}.js" for name in ("codes", "contexts", "hpke.bundle", "sealing")),
    "live/stream.js",
]
PROVE = _("Very many chats begin just now. Please try again in a minute, or call us.")
RETRY_SECONDS = 2  # a restarted database is back by then, as a rule


def refuse(word: str) -> JsonResponse:
    status, sentence = REFUSALS[word]
    response = JsonResponse({"error": word, "sentence": str(sentence)}, status=status)
    if word == "busy":
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def accepts(form_class: type[forms.JsonForm]) -> Callable[[Callable[[Cleaned], Answer]], Callable[..., HttpResponse]]:
    """Make a view of what answers a cleaned form; every fact it may raise has its refusal above."""

    def decorate(answer: Callable[[Cleaned], Answer]) -> Callable[..., HttpResponse]:
        @require_POST
        def view(request: HttpRequest) -> HttpResponse:
            try:
                form = form_class.read(request)
                if not form.is_valid():
                    return refuse("malformed")
                if form_class.begins_chat:
                    _require_proof(request, form.cleaned_data)
                    form.cleaned_data["is_crowding"] = is_crowding(request)
                is_exit = form.cleaned_data.get("is_exit", False)
                return JsonResponse(answer(form.cleaned_data), headers=CLEAR if is_exit else {})
            except proof_of_work.NotProved:
                return _ask_for_proof(form.cleaned_data["code"])
            except actions.Blocked as blocked:
                sentence = blocked_until(blocked.line, blocked.until)
                return JsonResponse({"error": "blocked", "sentence": sentence}, status=403)
            except tuple(FACTS) as fact:
                return refuse(next(word for kind, word in FACTS.items() if isinstance(fact, kind)))

        view.form_class = form_class  # type: ignore[attr-defined]  # what describes the address (tests/attack)
        return view

    return decorate


def _require_proof(request: HttpRequest, cleaned: Cleaned) -> None:
    """Only while very many chats begin at once. Raises proof_of_work.NotProved."""
    proof = cleaned.pop("proof", "")
    if is_under_load(request):
        proof_of_work.check(settings.SECRET_KEY, cleaned["code"], proof)


def _ask_for_proof(code: str) -> JsonResponse:
    challenge = proof_of_work.challenge(settings.SECRET_KEY, code)
    return JsonResponse({"error": "prove", "sentence": str(PROVE), "challenge": challenge}, status=428)


@require_safe
def chat(request: HttpRequest, *, is_framed: bool = False) -> HttpResponse:
    """`is_framed`: for a frame of another site's page (public/shield.py)."""
    line = line_for_host(request.get_host())
    if Channel.WEBCHAT not in line.channels:
        return redirect("shield-frame" if is_framed else "home")
    try:
        response = render(request, "webchat/chat.html", {**_chat_page(line), "is_framed": is_framed})
    except (OperationalError, InterfaceError, LineUnknown):
        response = render(request, "webchat/away.html", {"line": line, "is_framed": is_framed}, status=503)
    if is_framed:
        carry(response, framed_by_partners())
    return response


def _chat_page(line: Line) -> dict[str, Any]:
    """Raises LineUnknown where the line has no keys yet."""
    before = before_start(line)
    language = get_language() or ENGLISH
    page = {
        "line": line.slug,
        "keys": keys_of(line),
        "language": language,
        "locale": f"{language}-NZ",
        "max_bytes": MAX_TEXT_BYTES,
        "can_answer": before["can_answer"],
        "english": untranslated(WORDS),
    }
    return {
        **before,
        "page": page,
        "chosen_language": language,
        "words": WORDS,
        "plain_address": address_in(language, "/live/plain"),
        "modules": MODULES,
        "days": words_days(line),
        "return_days": settings.RETURN_CODE_DAYS,
    }


@paced(BEGIN)
@accepts(forms.Start)
def start(cleaned: Cleaned) -> Answer:
    return state_of(actions.start_chat_from_page(**cleaned))


@accepts(forms.Known)
def state(cleaned: Cleaned) -> Answer:
    return state_of(_own(cleaned))


@accepts(forms.Answer)
def handover(cleaned: Cleaned) -> Answer:
    """Yes, yes without the note, or no, to being handed over; the first answer stands."""
    conversation = _own(cleaned)
    answer_handover(conversation, cleaned["answer"])
    return state_of(conversation)


@accepts(forms.Known)
def referrals(cleaned: Cleaned) -> Answer:
    """What services may be told, or are asked about; with its sentences, since few pages need them."""
    return referrals_of(_own(cleaned))


@accepts(forms.Consent)
def consent(cleaned: Cleaned) -> Answer:
    """To which items; the first answer stands."""
    conversation = _own(cleaned)
    answer_consent(conversation, cleaned["referral"], cleaned["agreed"])
    return referrals_of(conversation)


@accepts(forms.TakeBack)
def take_back(cleaned: Cleaned) -> Answer:
    """Also after the end of the chat: a yes may be taken back for as long as it holds."""
    conversation = _own(cleaned)
    withdraw_referral(get_own_referral(conversation, cleaned["referral"]), cleaned["item"])
    return referrals_of(conversation)


@accepts(forms.AskMe)
def ask_me(cleaned: Cleaned) -> Answer:
    conversation = _own(cleaned)
    pathway.ask_me(conversation, cleaned["days"])
    return referrals_of(conversation)


@accepts(forms.SayHow)
def say_how(cleaned: Cleaned) -> Answer:
    conversation = _own(cleaned)
    pathway.say_how(conversation, cleaned["says"])
    return referrals_of(conversation)


@paced(LEAVING)
@accepts(forms.Leave)
def leave(cleaned: Cleaned) -> Answer:
    actions.leave(_own(cleaned), is_exit=cleaned["is_exit"])
    return {}


@accepts(forms.Known)
def pause(cleaned: Cleaned) -> Answer:
    """Leave the queue for a moment; the place is kept. Too late is no error: the standing says how things are."""
    conversation = _own(cleaned)
    with suppress(NotWaiting):
        leave_queue(conversation)
    return state_of(conversation)


@accepts(forms.Known)
def resume(cleaned: Cleaned) -> Answer:
    conversation = _own(cleaned)
    come_back_to_queue(conversation)
    return state_of(conversation)


@accepts(forms.Regrant)
def regrant(cleaned: Cleaned) -> Answer:
    actions.regrant(_own(cleaned), cleaned["grant"], cleaned["supervisor_grant"])
    return {}


@accepts(forms.Known)
def erase(cleaned: Cleaned) -> Answer:
    """`receipt` may be empty; with `held_until` nothing is erased before the day after, and `receipt` is."""
    ending = erase_conversation(_own(cleaned))
    held_until = ending.held_until and ending.held_until.isoformat()
    return {"erased_at": int(timezone.now().timestamp()), "receipt": ending.receipt, "held_until": held_until}


@accepts(forms.Keep)
def keep(cleaned: Cleaned) -> Answer:
    actions.keep_return_code(_own(cleaned), cleaned["finder_hash"], cleaned["return_capability_hash"], cleaned["grant"])
    return {}


@paced(RETURN_CODES)
@accepts(forms.ComeBack)
def come_back(cleaned: Cleaned) -> Answer:
    """The first half of coming back: the sealed key, for whoever knows all six words."""
    return return_grant(_returning(cleaned))


@paced(RETURN_CODES)
@accepts(forms.TakeOver)
def take_over(cleaned: Cleaned) -> Answer:
    """The second half: this page's own secret opens the conversation from now on."""
    conversation = _returning(cleaned)
    returning.come_back(conversation, cleaned["capability_hash"], cleaned["grant"])
    return_by_code(conversation)
    return state_of(conversation)


@accepts(forms.Survey)
def survey(cleaned: Cleaned) -> Answer:
    conversation = _own(cleaned)
    answer_survey(conversation.line, conversation.channel, cleaned["helped"], cleaned["knows_next_step"])
    return {}


def _own(cleaned: Cleaned) -> Conversation:
    return get_conversation_for_help_seeker(cleaned["code"], cleaned["capability"])


def _returning(cleaned: Cleaned) -> Conversation:
    return get_conversation_by_return_code(hash_capability(cleaned["finder"]), hash_capability(cleaned["capability"]))
