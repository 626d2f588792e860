"""Somebody who reads by text or mail: replies to them, when these may go, and their way to the web chat."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.channels import gateway, outbound
from helpline.channels.actions import set_window
from helpline.channels.models import Address
from helpline.channels.queries import deliveries_of, is_carried, ready_answers
from helpline.channels.webchat.actions import WordsTaken, keep_return_code
from helpline.conversations.models import Conversation
from helpline.conversations.queries import get_conversation_for
from helpline.lines.models import Channel, Line
from helpline.routing.actions import note_language
from helpline.routing.models import Urgency
from helpline.routing.promises import promise
from helpline.vault.codes import b64url_encode
from helpline.vault.sealing import SealedMessage
from helpline.workspace import queries
from helpline.workspace.carried_forms import LanguageForm, ReturnCodeForm, SendForm, WindowForm
from helpline.workspace.carried_words import INVITATION
from helpline.workspace.forms import body_of
from helpline.workspace.guards import for_desk, refuse

# Why nothing may be sent, as the desk hears it.
NOT_ASKED = {"closed": "closed", "no_address": "moved", "never": "never"}


@require_GET
@for_desk
def carried(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """How what was said is getting on; nothing where the person reads on a page."""
    conversation = get_conversation_for(user, code)
    address = Address.objects.filter(conversation=conversation).first()
    if address is None:
        return JsonResponse({"channel": ""})
    return JsonResponse(
        {
            "channel": address.channel,
            "gateway_key": b64url_encode(gateway.public_key()),
            "window": address.window,
            "heard_at": address.heard_at.timestamp(),
            "promise_seconds": promise(conversation.line, _urgency_of(conversation), address.channel).total_seconds(),
            "deliveries": [
                {"seq": each.seq, "state": each.state, "reason": each.reason, "parts": each.parts}
                for each in deliveries_of(conversation)
            ],
            "invitation": _invitation(conversation, _chat_address(request, conversation.line)),
        }
    )


@require_POST
@for_desk
def send(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """By the counsellor, or a colleague who is there and may write; the same `client_id` again is the same reply."""
    form = SendForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    given = form.cleaned_data
    message = SealedMessage(given["client_id"], given["key_id"], given["key"], given["sealed"])
    try:
        seq = outbound.send(
            get_conversation_for(user, code),
            user=user,
            message=message,
            sealed=given["for_gateway"],
            parts=given["parts"],
        )
    except outbound.NotAsked as why:
        return refuse(NOT_ASKED[why.word])
    return JsonResponse({"seq": seq})


@require_POST
@for_desk
def window(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = WindowForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    is_kept = set_window(queries.get_own_open(user, code), form.cleaned_data["window"])
    return JsonResponse({}) if is_kept else refuse("moved")


@require_POST
@for_desk
def language(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = LanguageForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    note_language(queries.get_own_open(user, code), **form.cleaned_data)
    return JsonResponse({})


@require_POST
@for_desk
def return_code(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Six words with which whoever texts or mails can go on in the web chat."""
    form = ReturnCodeForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    conversation, given = queries.get_own_open(user, code), form.cleaned_data
    if not is_carried(conversation):
        return refuse("moved")
    try:
        keep_return_code(conversation, given["finder_hash"], given["capability_hash"], given["grant"])
    except WordsTaken:
        return refuse("taken")
    return JsonResponse({})


@require_GET
@for_desk
def answers(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What editors have written for this line and channel, the person's language first."""
    conversation = get_conversation_for(user, code)
    channel = conversation.channel if is_carried(conversation) else Channel.WEBCHAT
    found = ready_answers(conversation, channel)
    return JsonResponse(
        {"answers": [{"title": each.title, "text": each.text, "language": each.language} for each in found]}
    )


def _urgency_of(conversation: Conversation) -> int:
    entry = getattr(conversation, "queue_entry", None)
    return entry.urgency if entry else Urgency.NORMAL


def _invitation(conversation: Conversation, address: str) -> str:
    """In their language; the desk's page puts the six words in, which nobody else learns."""
    return INVITATION.get(conversation.language, INVITATION["en"]).replace("{address}", address)


def _chat_address(request: HttpRequest, line: Line) -> str:
    """The public door of this house, at the port where this one stands."""
    host = next((each for each in line.hosts if each in settings.PUBLIC_HOSTS), settings.PUBLIC_HOSTS[0])
    port = request.get_port()
    where = host if port in {"80", "443"} else f"{host}:{port}"
    return f"{request.scheme}://{where}{reverse('webchat:chat', urlconf='helpline.public.urls')}"
