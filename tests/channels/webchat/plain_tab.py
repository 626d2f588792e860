"""One tab without JavaScript: what it posts by URL, and the page that the live process would stream to it."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client

from helpline.channels.webchat.plain.page import PlainPage, open_page
from helpline.conversations import actions
from helpline.conversations.models import Author, Conversation
from helpline.live import wakeups
from helpline.live.plain import COOKIE, Opening, Part
from helpline.web.languages import address_in


class Bus:
    """Hears what PostgreSQL announces, as the live process does."""

    def __init__(self) -> None:
        self.wrapper = connection.copy("default")
        self.wrapper.ensure_connection()
        self.wrapper.connection.execute("LISTEN live")

    def names(self) -> list[str]:
        self.wrapper.connection.execute("SELECT 1")  # what was announced before comes with the answer
        heard = self.wrapper.connection.notifies(timeout=0)
        return [name for notification in heard for name in notification.payload.split(" ")]


@dataclass
class Tab:
    client: Client
    bus: Bus
    host: str = "localhost"
    page: PlainPage = field(init=False)
    html: str = field(init=False)
    last: Part = field(init=False)

    def __post_init__(self) -> None:
        self.load()

    def load(self, shown_in: str = "en", **typed: str) -> None:
        """Open the page, as new or with the browser's cookie; `typed` as its switch posts it."""
        kept = self.client.cookies.get(COOKIE)
        self.page, self.last = open_page(
            Opening(self.host, kept.value if kept else None, address_in(shown_in, "/live/plain"), typed)
        )
        self.html = self.last.html

    def post(self, name: str, **fields: Any) -> Any:
        """Press the button of the last form of that name, and read what the stream then brings."""
        answer = self.client.post(f"/chat/plain/{name}", {**self.fields(name), **fields})
        self.hear()
        return answer

    def say(self, text: str) -> Any:
        return self.post("say", text=text)

    def hear(self) -> str:
        """Read on; returns what was new."""
        prefix = wakeups.notice(self.page.own.code, "")
        notices = tuple(name.removeprefix(prefix) for name in self.bus.names() if name.startswith(prefix))
        self.last = self.page.news(notices)
        self.html += self.last.html
        if self.last.needs_receipt:
            self.page.sent()
        return self.last.html

    def fields(self, name: str) -> dict[str, str]:
        """What the last form of that name would send by itself."""
        form = re.findall(rf'<form [^>]*action="(?:/mi)?/chat/plain/{name}".*?</form>', self.html, re.DOTALL)[-1]
        return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form))

    @property
    def box(self) -> str:
        """The name of the last box to write in."""
        return self.fields("say")["form"]

    @property
    def words(self) -> list[str]:
        """What stands in the page as said."""
        return [unescape(text) for text in re.findall(r'<p class="words" dir="auto">(.*?)</p>', self.html, re.DOTALL)]

    @property
    def notice(self) -> str:
        """The notice that is shown: the last one."""
        found = re.findall(r'<p class="notice"[^>]*>(.*?)</p>', self.html, re.DOTALL)
        return unescape(found[-1].strip()) if found else ""


def the_conversation() -> Conversation:
    return Conversation.objects.get()


def reply(text: str, author: str = Author.COUNSELLOR) -> None:
    conversation = the_conversation()
    message = actions.seal_text(conversation, author, text)
    actions.add_message(conversation, author, message, user=conversation.counsellor)
