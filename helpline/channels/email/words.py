"""What the line itself says by mail. Short, plain, and harmless to whoever reads over a shoulder: no line is named."""

import math
from typing import Final

from django.utils.translation import gettext as _

from helpline.lines.models import Channel, Line
from helpline.routing.models import Urgency
from helpline.routing.promises import promise

# In both languages at any time: whoever wants it to end does not look up in which.
STOP_WORDS: Final = frozenset({"stop", "end", "mutu", "kati", "kāti"})
SECONDS_AN_HOUR: Final = 3600
DAY: Final = 24

SUBJECT: Final = {"en": "Your message", "mi": "Tō karere"}
ARRIVED: Final = {"en": "Kia ora. Your message has arrived.", "mi": "Kia ora. Kua tae mai tō karere."}
WITHIN_A_DAY: Final = {
    "en": "Somebody will answer you within a day.",
    "mi": "Ka whakautua koe i roto i te rā kotahi.",
}
WITHIN_HOURS: Final = {
    "en": "Somebody will answer you within %(hours)d hours.",
    "mi": "Ka whakautua koe i roto i te %(hours)d hāora.",
}
RATHER_CHAT: Final = {
    "en": "If you would rather chat: %(address)s",
    "mi": "Mēnā he pai ake ki a koe te kōrero tuihono: %(address)s",
}
IN_DANGER: Final = {
    "en": "If you are in danger now, call 111.",
    "mi": "Mēnā kei te mōrearea koe ināianei, waea atu ki 111.",
}
NO_FILES: Final = {
    "en": "Pictures and files cannot be opened here: please write what matters in words.",
    "mi": "Kāore e taea te huaki i ngā whakaahua me ngā kōnae: tuhia mai koa ngā mea nui ki te kupu.",
}
HOW_TO_END: Final = {
    "en": "To end this and have it erased, answer with the one word STOP or MUTU.",
    "mi": "Kia mutu, kia mukua hoki: whakautua mai ki te kupu kotahi, MUTU.",
}
GOODBYE: Final = {
    "en": "It has ended, and what you wrote is erased. You can write again at any time. In danger now? Call 111.",
    "mi": "Kua mutu, kua mukua hoki āu kupu. Tuhi mai anō i ngā wā katoa. He mōrearea? Waea 111.",
}
FILES_REFUSED: Final = {
    "en": "Pictures and files cannot be opened here, and what you sent along was not kept. Please write it in words.",
    "mi": "Kāore e taea te huaki i ngā whakaahua me ngā kōnae, kāore hoki i puritia. Tuhia mai koa ki te kupu.",
}
TOO_LONG: Final = {
    "en": "Your message was longer than we can take: its last pages are missing. Please write what matters most.",
    "mi": "He roa rawa tō karere: kāore i puritia ngā whārangi whakamutunga. Tuhia mai koa ngā mea nui.",
}


def subject(language: str) -> str:
    """Of every mail of ours, whatever it is about."""
    return _in(SUBJECT, language)


def subjects() -> frozenset[str]:
    """As they come back in answers."""
    return frozenset(SUBJECT.values())


def first_reply(line: Line, language: str) -> str:
    hours = math.ceil(promise(line, Urgency.NORMAL, Channel.EMAIL).total_seconds() / SECONDS_AN_HOUR)
    within = _in(WITHIN_A_DAY, language) if hours == DAY else _in(WITHIN_HOURS, language) % {"hours": hours}
    address = chat_address(line)
    chat = [_in(RATHER_CHAT, language) % {"address": address}] if address else []
    rest = [_in(texts, language) for texts in (IN_DANGER, NO_FILES, HOW_TO_END)]
    return "\n\n".join([_in(ARRIVED, language), within, *chat, *rest])


def goodbye(language: str) -> str:
    return _in(GOODBYE, language)


def files_refused(language: str) -> str:
    return _in(FILES_REFUSED, language)


def too_long(language: str) -> str:
    return _in(TOO_LONG, language)


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


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language.partition("-")[0], texts["en"])
