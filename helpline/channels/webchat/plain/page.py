"""One open page without JavaScript, part by part as its stream goes on. Knows no network: `live.plain` streams it.

Nothing that was streamed can be taken back, so each part makes the one before it invisible by CSS alone: only the last
`section` (where the person stands), `form` (the box), `p` (a notice) and `div` (a receipt) of the stream are shown.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from helpline.channels.webchat.actions import WordsTaken
from helpline.channels.webchat.plain import actions
from helpline.channels.webchat.plain.page_secret import COOKIE, PageSecret, new_page_secret, parse_page_secret
from helpline.channels.webchat.plain.queries import Said, find, open_grant, said_after
from helpline.channels.webchat.queries import has_return_code
from helpline.conversations.actions import ConversationClosed, receive
from helpline.conversations.models import Author, Conversation, Grant, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.queries import main_line
from helpline.live.plain import Opening, Part
from helpline.routing.queries import is_anyone_on_duty, place_of
from helpline.vault.codes import Malformed, hash_capability, new_code
from helpline.vault.sealing import CannotOpen

FORGET = (
    ("set-cookie", f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
)  # what Django's delete_cookie says
STREAM_GOES_HERE: Final = "<!--stream-->"


@dataclass
class PlainPage:
    """Calls come one at a time. Between them it holds the person's secret, and neither words nor keys."""

    own: PageSecret
    language: str
    name: str = field(default_factory=new_code)
    form: str = field(default_factory=new_code)
    has_begun: bool = False
    has_form: bool = False
    has_answered: bool = False
    seen: int = 0
    own_seq: int = 0
    receipt_seq: int = 0
    panel: str = ""

    def open(self) -> Part:
        """Everything from the doctype to where the person stands now."""
        with translation.override(self.language):
            conversation = find(self.own)
            if conversation is None:
                self.own = new_page_secret()  # what the cookie named is over, or was taken over elsewhere
                return Part(self._head() + self._beginning(), self.own.code, headers=FORGET)
            part = self._update(conversation)
            is_over = conversation.state == State.CLOSED
            return replace(part, html=self._head() + part.html, headers=FORGET if is_over else ())

    def news(self, notices: tuple[str, ...]) -> Part:
        """What is new: a word about what this page posted, and whatever the tables say now."""
        with translation.override(self.language):
            html = "".join(self._answer(notice) for notice in notices)
            if f"reload.{self.name}" in notices:
                return self._last("again")
            conversation = find(self.own)
            if conversation is None:
                return self._last("gone") if self.has_begun else Part(html, self.own.code)
            part = self._update(conversation)
            return replace(part, html=html + part.html)

    def sent(self) -> None:
        """The last part is on its way to the person: the counsellor sees that."""
        conversation = find(self.own)
        if conversation is not None:
            receive(conversation, hash_capability(self.own.capability), self.seen)

    def trouble(self) -> str:
        """For when the database is away; asks it nothing."""
        with translation.override(self.language):
            return self._part("notice", word="trouble")

    def _beginning(self) -> str:
        line = main_line()
        return self._part("start", line=line, is_anyone_here=is_anyone_on_duty(line))

    def _update(self, conversation: Conversation) -> Part:
        self.has_begun = True
        is_open, seen = conversation.state == State.OPEN, self.seen
        html = [self._words(conversation), self._panel(conversation)]
        if is_open and not self.has_form:
            html.append(self._part("compose"))
            self.has_form = True
        if conversation.closed_by == Author.HELP_SEEKER:
            html.append(self._part("over"))
        if self.receipt_seq < self.own_seq <= conversation.counsellor_seq:
            html.append(self._part("receipt"))
            self.receipt_seq = self.own_seq
        is_waiting = conversation.state == State.WAITING
        return Part("".join(html), self.own.code, is_waiting, needs_receipt=is_open and self.seen > seen)

    def _panel(self, conversation: Conversation) -> str:
        """Where the person stands, when that has changed."""
        wait = place_of(conversation) if conversation.state == State.WAITING else None
        panel = self._part(
            conversation.state,
            conversation=conversation,
            wait=wait,
            is_anyone_here=is_anyone_on_duty(conversation.line),
            has_return_code=has_return_code(conversation),
            has_answered=self.has_answered,
        )
        if panel == self.panel:
            return ""
        self.panel = panel
        return panel

    def _words(self, conversation: Conversation) -> str:
        try:
            seed = open_grant(conversation, Grant.Reader.HELP_SEEKER, self.own.wrap_key)
        except CannotOpen:  # closed: the key has ended with the conversation
            return ""
        return "".join(self._message(conversation, said) for said in said_after(conversation, seed, self.seen))

    def _message(self, conversation: Conversation, said: Said) -> str:
        self.seen = said.seq
        html = self._part("message", said=said, conversation=conversation)
        if said.author == Author.HELP_SEEKER:
            self.own_seq = said.seq
            if said.text is not None and said.client_id == actions.client_id_of(self.form, said.text):
                # What stands in the box has arrived: a fresh box takes its place.
                self.form, self.has_form = new_code(), False
        return html

    def _answer(self, notice: str) -> str:
        word, _, page = notice.partition(".")
        if page and page != self.name:
            return ""
        if word == "keep":
            return self._return_code()
        if word == "surveyed":
            self.has_answered = True
            return ""
        return self._part("notice", word=word)

    def _return_code(self) -> str:
        """Made here and shown once, so that the words travel nowhere but down this stream."""
        try:
            return self._part("code", words=actions.new_return_code(self.own))
        except ConversationClosed:
            return self._part("notice", word="closed")
        except (actions.Busy, WordsTaken, ConversationUnknown, CannotOpen):
            return self._part("notice", word="busy")

    def _last(self, template: str) -> Part:
        return Part(self._part(template), self.own.code, is_last=True)

    def _part(self, template: str, **context: object) -> str:
        return render_to_string(
            f"webchat/plain/{template}.html", {"page": self, "days": settings.RETENTION_DAYS, **context}
        )

    def _head(self) -> str:
        return document("page", page=self).partition(STREAM_GOES_HERE)[0]


def document(template: str, **context: object) -> str:
    """A whole page on the house's ground, which wants a request to stand on."""
    request = HttpRequest()
    request.path = "/live/plain"
    return render_to_string(f"webchat/plain/{template}.html", context, request)


def open_page(opening: Opening) -> tuple[PlainPage, Part]:
    """Go on with the conversation that the cookie names, or stand at the beginning."""
    page = PlainPage(_secret_of(opening), _language_of(opening))
    part = page.open()
    return page, part


def unreachable(opening: Opening) -> str:
    """The page when the database is away."""
    with translation.override(_language_of(opening)):
        return document("unreachable")


def _secret_of(opening: Opening) -> PageSecret:
    try:
        return parse_page_secret(opening.cookies.get(COOKIE, ""))
    except Malformed:
        return new_page_secret()


def _language_of(opening: Opening) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = opening.accept_language
    request.COOKIES = dict(opening.cookies)
    return translation.get_language_from_request(request)
