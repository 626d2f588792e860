"""One open page without JavaScript, part by part as its stream goes on. Knows no network: `live.plain` streams it.

Nothing that was streamed can be taken back, so each part makes the one before it invisible by CSS alone: only the last
`section` (where the person stands), `form` (the box), `p` (a notice) and `div` (a receipt) of the stream are shown.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from helpline.channels.webchat.actions import Blocked, WordsTaken, require_welcome
from helpline.channels.webchat.plain import actions
from helpline.channels.webchat.plain.page_secret import PageSecret, new_page_secret, parse_page_secret
from helpline.channels.webchat.plain.queries import Said, find, note_of, open_grant, said_after
from helpline.channels.webchat.plain.referred import cards_of, way_card
from helpline.channels.webchat.plain.waiting import Told
from helpline.channels.webchat.queries import (
    before_start,
    block_of,
    blocked_until,
    companions,
    has_return_code,
    kind_of,
    name_of_target,
)
from helpline.channels.webchat.referred import consent_language
from helpline.conversations.actions import ConversationClosed, receive
from helpline.conversations.models import Author, Conversation, Grant, Handover, State
from helpline.conversations.queries import ConversationUnknown, handover_of, needs_queue_grant
from helpline.lines.queries import LineUnknown, line_for_host, words_days
from helpline.live.plain import COOKIE, Opening, Part
from helpline.referrals.queries import news_of
from helpline.routing.actions import come_back as come_back_to_queue
from helpline.routing.blocks import block_of_conversation
from helpline.routing.queries import is_anyone_on_duty, left_until, place_of
from helpline.vault.codes import Malformed, hash_capability, is_code, new_code
from helpline.vault.sealing import CannotOpen
from helpline.web.context import is_neutral
from helpline.web.languages import address_in, elsewhere_of, language_of

FORGET = (
    ("set-cookie", f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
)  # what Django's delete_cookie says
ADDRESS: Final = "/live/plain"
NOTHING_TYPED: Final[Mapping[str, str]] = {}
STREAM_GOES_HERE: Final = "<!--stream-->"


class Box(Enum):
    NONE = "none"
    SHOWN = "shown"
    USED = "used"  # what stands in it has arrived


@dataclass
class PlainPage:
    """Calls come one at a time. Between them it holds the person's secret, and neither words nor keys."""

    own: PageSecret
    host: str
    language: str
    name: str = field(default_factory=new_code)
    form: str = field(default_factory=new_code)
    has_begun: bool = False
    box: Box = Box.NONE
    noticed: str = ""
    has_answered: bool = False
    seen: int = 0
    told: int = 0
    own_seq: int = 0
    receipt_seq: int = 0
    asked: int = 0
    """Which hand-over is asked about; 0 for none."""
    services: str = ""
    """What was new last of the services that may be told of them; empty for none."""
    wait: Told = field(default_factory=Told)
    panel: int = 0
    """Which panel was shown last, as a hash: a page may stay open for hours, and there may be thousands."""

    def open(self, typed: Mapping[str, str]) -> Part:
        """Everything from the doctype to where the person stands now, with what was typed in the other language."""
        with translation.override(self.language):
            conversation = find(self.own)
            if conversation is None:
                if blocked := self._blocked():
                    return Part(self._head() + blocked, self.own.code)
                self.own = new_page_secret()  # what a cookie named is over, or was taken over elsewhere
                return Part(self._head() + self._beginning(typed), self.own.code, headers=FORGET)
            part = self._update(conversation, typed)
            # A browser that may not begin again for a time keeps what it is known by.
            is_over = conversation.state == State.CLOSED and block_of_conversation(conversation) is None
            return replace(part, html=self._head() + part.html, headers=FORGET if is_over else ())

    def news(self, notices: tuple[str, ...]) -> Part:
        """What is new: a word about what this page posted, and whatever the tables say now."""
        mine = [notice.partition(".")[0] for notice in notices if notice.endswith((f".{self.name}", "."))]
        with translation.override(self.language), self._all_or_nothing():
            if "reload" in mine:
                return self._last("again")
            self.has_answered = self.has_answered or "surveyed" in mine
            conversation = find(self.own)
            if conversation is None and self.has_begun:
                return self._last("gone")
            part = self._update(conversation) if conversation else Part("", self.own.code)
            return replace(part, html=part.html + "".join(self._answer(word) for word in mine))

    def sent(self) -> None:
        """What was said so far is on its way to the person, and the counsellor may see that."""
        conversation = find(self.own)
        if conversation is not None:
            receive(conversation, hash_capability(self.own.capability), self.seen)
        self.told = self.seen

    def notice(self, word: str) -> str:
        """Say it (asks no database); the empty word takes the last notice away."""
        if not word and not self.noticed:
            return ""
        self.noticed = word
        with translation.override(self.language):
            return self._part("notice", word=word)

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """What could not be sent because the database went away has not been seen."""
        before = replace(self)
        try:
            yield
        except BaseException:
            vars(self).update(vars(before))
            raise

    def _beginning(self, typed: Mapping[str, str]) -> str:
        line = line_for_host(self.host)
        shown = {"typed": typed, "chosen_language": typed.get("language") or self.language, "days": words_days(line)}
        return self._part("start", **shown, **before_start(line))

    def _blocked(self) -> str:
        """The conversation is erased, and its block still holds."""
        try:
            require_welcome(line_for_host(self.host).slug, [], self.own.capability)
        except Blocked as blocked:
            return self._part("blocked", line=blocked.line, sentence=blocked_until(blocked.line, blocked.until))
        return ""

    def _update(self, conversation: Conversation, typed: Mapping[str, str] = NOTHING_TYPED) -> Part:
        if not self.has_begun:
            come_back_to_queue(conversation)  # whoever loads the page again is back in line
        self.has_begun = True
        if needs_queue_grant(conversation):
            with suppress(CannotOpen, ConversationClosed, LineUnknown):  # it is asked for again with the next news
                actions.regrant(self.own, conversation)
        if is_code(typed.get("form", "")):
            self.form = typed["form"]  # sent from the one page and the other, it is still one message
        html = [self._words(conversation), self._panel(conversation), self._question(conversation)]
        html.append(self._services(conversation))
        html.append(self._box_for(conversation, "" if self.box == Box.USED else typed.get("text", "")))
        if self.receipt_seq < self.own_seq <= conversation.counsellor_seq:
            html.append(self._part("receipt"))
            self.receipt_seq = self.own_seq
        is_waiting = conversation.state == State.WAITING
        return Part("".join(html), self.own.code, is_waiting, needs_receipt=self.seen > self.told)

    def _box_for(self, conversation: Conversation, draft: str) -> str:
        if (draft or conversation.state != State.CLOSED) and self.box != Box.SHOWN:
            self.box = Box.SHOWN
            return self._part("compose", draft=draft)
        is_unwanted = self.box == Box.SHOWN and conversation.closed_by == Author.HELP_SEEKER
        if conversation.state == State.CLOSED and (is_unwanted or self.box == Box.USED):
            self.box = Box.NONE
            return self._part("over")
        return ""  # closed by the counsellor: what was half written stays to be copied

    def _panel(self, conversation: Conversation) -> str:
        """Where the person stands, when that has changed."""
        is_waiting = conversation.state == State.WAITING
        wait = place_of(conversation) if is_waiting else None
        until = left_until(conversation) if is_waiting else None
        self.wait = self.wait.after(wait)
        panel = self._part(
            "paused" if until else conversation.state,
            conversation=conversation,
            wait=wait,
            told=self.wait,
            companions=companions(conversation),
            until=until,
            is_anyone_here=is_anyone_on_duty(conversation.line),
            has_return_code=has_return_code(conversation),
            has_answered=self.has_answered,
            days=words_days(conversation.line, conversation.channel),
            block=block_of(conversation),
        )
        if hash(panel) == self.panel:
            return ""
        self.panel = hash(panel)
        return panel + (self.notice("") if conversation.state == State.CLOSED else "")

    def _question(self, conversation: Conversation) -> str:
        """A hand-over that is asked about, until it is answered or taken back."""
        found = handover_of(conversation)
        handover = found if found and found.state == Handover.State.ASKED else None
        asked = handover.pk if handover else 0
        if asked == self.asked:
            return ""
        self.asked = asked
        if handover is None:
            return self._part("handover")
        note = note_of(handover, conversation, open_grant(conversation, Grant.Reader.HELP_SEEKER, self.own.wrap_key))
        shown = {"kind": kind_of(handover), "to": name_of_target(handover), "note": note, "serial": new_code()}
        return self._part("handover", handover=handover, **shown)

    def _services(self, conversation: Conversation) -> str:
        """What they are asked to let services know, and what they have let them."""
        news = news_of(conversation)
        if news == self.services:
            return ""
        self.services = news
        try:
            seed = open_grant(conversation, Grant.Reader.HELP_SEEKER, self.own.wrap_key)
        except CannotOpen:  # closed: what was agreed to can still be taken back
            seed = None
        with translation.override(consent_language()):
            cards, way = cards_of(conversation, seed), way_card(conversation)
            return self._part("services", cards=cards, way=way, serial=new_code(), language=consent_language())

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
                self.form, self.box = new_code(), Box.USED
                html += self.notice("")
        return html

    def _answer(self, word: str) -> str:
        if word == "surveyed":
            return ""
        return self._return_code() if word == "keep" else self.notice(word)

    def _return_code(self) -> str:
        """Made here and shown once, so that the words travel nowhere but down this stream."""
        try:
            return self._part("code", words=actions.new_return_code(self.own))
        except ConversationClosed:
            return self.notice("closed")
        except (actions.Busy, WordsTaken, ConversationUnknown, CannotOpen):
            return self.notice("busy")

    def _last(self, template: str) -> Part:
        return Part(self._part(template), self.own.code, is_last=True)

    def _part(self, template: str, **context: object) -> str:
        here = address_in(self.language, ADDRESS)
        shown = {"page": self, "here": here, "elsewhere": elsewhere_of(here, self.language), **context}
        shown["return_days"] = settings.RETURN_CODE_DAYS
        return render_to_string(f"webchat/plain/{template}.html", shown)

    def _head(self) -> str:
        return document("page", self.host, page=self).partition(STREAM_GOES_HERE)[0]


def document(template: str, host: str, **context: object) -> str:
    """A whole page on the house's ground, which wants a request to stand on."""
    request = HttpRequest()
    request.path = address_in(translation.get_language(), ADDRESS)
    request.is_neutral = is_neutral(host)  # type: ignore[attr-defined]  # as the front door would say
    return render_to_string(f"webchat/plain/{template}.html", {"here": request.path, **context}, request)


def open_page(opening: Opening) -> tuple[PlainPage, Part]:
    """Go on with the conversation that the cookie names, or stand at the beginning."""
    page = PlainPage(_secret_of(opening), opening.host, language_of(opening.path))
    part = page.open(opening.typed)
    return page, part if opening.cookie else replace(part, headers=())


def unreachable(opening: Opening) -> str:
    """The page when the database is away."""
    try:
        line = line_for_host(opening.host)
    except LineUnknown:
        line = None
    with translation.override(language_of(opening.path)):
        return document("unreachable", opening.host, line=line)


def _secret_of(opening: Opening) -> PageSecret:
    try:
        return parse_page_secret(opening.cookie or "")
    except Malformed:
        return new_page_secret()
