"""The safe summary as a text message, to a number that the person in a chat has given: asked for, once, and no more.

Number and words are sealed in the counsellor's browser to the gateway (channels/once.py); neither passes here in clear.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.channels import gateway
from helpline.channels.once import Once, can_text, send_once
from helpline.channels.outbound import NotAsked
from helpline.lines.models import Channel
from helpline.vault.codes import b64url_encode
from helpline.vault.sealing import SealedMessage
from helpline.workspace.forms import Code, NoteForm, SealedLetter, body_of
from helpline.workspace.guards import for_desk, refuse
from helpline.workspace.queries import get_own_open

MOST_PARTS = 3  # four words and a day are one; in another alphabet two


class OnceForm(forms.Form):
    """`note`: what says in the chat that it was sent, sealed as a message is."""

    note = forms.JSONField()
    client_id = Code()
    sealed = SealedLetter()
    sealed_to = SealedLetter()
    parts = forms.IntegerField(min_value=1, max_value=MOST_PARTS)

    def clean_note(self) -> SealedMessage:
        given = self.cleaned_data["note"]
        form = NoteForm(given if isinstance(given, dict) else {})
        if not form.is_valid():
            raise ValidationError("", code="note")
        return form.note

    def made(self) -> Once:
        given: dict[str, Any] = self.cleaned_data
        return Once(given["client_id"], given["sealed"], given["sealed_to"], given["parts"])


@require_GET
@for_desk
def way(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """How this person is reached; in a chat, from which number a text would come, and to which key it is sealed."""
    conversation = get_own_open(user, code)
    found = {"channel": conversation.channel, "from": "", "key": ""}
    line = conversation.line
    if conversation.channel == Channel.WEBCHAT and line.text_number and can_text(line):
        found |= {"from": line.text_number, "key": b64url_encode(gateway.public_key())}
    return JsonResponse(found)


@require_POST
@for_desk
def text_once(request: HttpRequest, user: User, code: str) -> HttpResponse:
    conversation = get_own_open(user, code)
    form = OnceForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        seq = send_once(conversation, user=user, message=form.cleaned_data["note"], once=form.made())
    except NotAsked:
        return refuse("not_agreed")
    return JsonResponse({"seq": seq})
