"""What the line itself says by mail. Short, plain, and harmless to whoever reads over a shoulder."""

import math
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from helpline.conversations.models import Conversation
from helpline.lines.models import Channel, Line
from helpline.routing.models import Urgency
from helpline.routing.promises import promise

# In both languages at any time: whoever wants it to end does not look up in which.
STOP_WORDS: Final = frozenset({"stop", "end", "mutu", "kati"})
SECONDS_AN_HOUR: Final = 3600
DAY: Final = 24


def subject(language: str) -> str:
    """Of every mail of ours, whatever it is about."""
    with translation.override(language or "en"):
        return _("Your message")


def subjects() -> frozenset[str]:
    """As they come back in answers."""
    return frozenset({subject("en"), subject("mi")})


def first_reply(conversation: Conversation) -> str:
    """In the language that is active: the conversation's."""
    seconds = promise(conversation.line, Urgency.NORMAL, Channel.EMAIL).total_seconds()
    hours = math.ceil(seconds / SECONDS_AN_HOUR)
    within = _("Somebody will answer you within a day.") if hours == DAY else _within(hours)
    said = [
        _("Kia ora. Your message has arrived."),
        within,
        _("If you are in danger now, call 111."),
        _("Pictures and files cannot be opened here: please write what matters in words."),
        _("To end this and have it erased, answer with the one word STOP or MUTU."),
    ]
    if address := chat_address(conversation.line):
        said.insert(2, _("If you would rather chat: %(address)s") % {"address": address})
    return "\n\n".join(said)


def _within(hours: int) -> str:
    return _("Somebody will answer you within %(hours)d hours.") % {"hours": hours}


def goodbye(language: str) -> str:
    with translation.override(language):
        return _("It has ended, and what you wrote is erased. You can write again at any time.")


def attachments_refused() -> str:
    return _("Pictures and files cannot be opened here, and what you sent along is not kept. Please write it in words.")


def too_long() -> str:
    return _("Your message was longer than we can take: its last pages are missing. Please write what matters most.")


def note_attachments(count: int) -> str:
    """For whoever answers, below what the person wrote."""
    return _("[Not kept: %(count)d attached.]") % {"count": count}


def note_cut() -> str:
    return _("[It was longer; the rest was not kept.]")


def note_other_address() -> str:
    return _("[Written from another address than before.]")


def no_words() -> str:
    return _("[A message without words.]")


def chat_address(line: Line) -> str:
    """Where the same line can be reached by web chat; empty where it cannot, or only on this machine."""
    hosts = [host for host in line.hosts if not host.endswith("localhost")]
    return f"https://{hosts[0]}/chat/" if hosts and Channel.WEBCHAT in line.channels else ""


def is_stop(text: str) -> bool:
    """One word, whatever stands around it; not a sentence that begins with it."""
    return text.strip(" \t\n.,!\"'“”‘’*").lower() in STOP_WORDS
