"""The words that a text may be alone, and the few that the system says by text.

What it says stays neutral: whoever picks up the phone learns nothing of what the number is for. It fits into one
message of 160 characters; in te reo Māori, whose macrons cost room, into one of 70 (a test counts).
"""

import re
from typing import Final

from helpline.lines.models import Line

# Those that carriers ask for. In te reo Māori mutu is to end, and kāti is to stop.
_STOP: Final = frozenset({"stop", "stopall", "stop all", "end", "quit", "cancel", "unsubscribe"})
_STOP_MAORI: Final = frozenset({"mutu", "kati", "kāti"})
_AROUND: Final = re.compile(r"^[\s\W_]+|[\s\W_]+$")

FIRST_REPLY: Final = {
    "en": "Kia ora. Your text has arrived and somebody will answer it here. In danger now? Call 111. "
    "To end this and erase it, text STOP or MUTU.",
    "mi": "Kia ora. Ka whakautua tō karere. He mōrearea? Waea 111. Kia mutu: MUTU",
}
GOODBYE: Final = {
    "en": "This has ended and is erased. Nothing more will be sent. You can text again at any time. "
    "In danger now? Call 111.",
    "mi": "Kua mutu, kua mukua. Tuhi mai anō i ngā wā katoa. Mōrearea: 111",
}


def is_stop(text: str) -> bool:
    """Whether it says nothing else: "I can't stop crying" is no wish to end."""
    return _bare(text) in _STOP | _STOP_MAORI


def language_of_stop(text: str) -> str:
    """In which to confirm it, where the word says so; else the conversation's."""
    return "mi" if _bare(text) in _STOP_MAORI else ""


def first_reply(_line: Line, language: str) -> str:
    return _in(FIRST_REPLY, language)


def goodbye(language: str) -> str:
    return _in(GOODBYE, language)


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language.partition("-")[0], texts["en"])


def _bare(text: str) -> str:
    return " ".join(_AROUND.sub("", text.lower()).split())
