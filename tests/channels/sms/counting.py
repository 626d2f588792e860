"""Texts and what they take, worked out by hand from the tables of GSM 03.38: both twins must count so."""

from typing import NamedTuple

from helpline.channels.sms.gsm import Coding


class Counted(NamedTuple):
    text: str
    coding: Coding
    units: int
    parts: int
    left: int
    wide: str = ""


FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"  # five code units, in three characters

COUNTED = [
    Counted("", "gsm", 0, 1, 160),
    Counted("Are you safe right now?", "gsm", 23, 1, 137),
    Counted("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", "gsm", 31, 1, 129),
    Counted("\f^{}\\[~]|€", "gsm", 20, 1, 140),
    Counted("a" * 160, "gsm", 160, 1, 0),
    Counted("a" * 161, "gsm", 161, 2, 145),
    Counted("a" * 306, "gsm", 306, 2, 0),
    Counted("a" * 307, "gsm", 307, 3, 152),
    Counted("€" * 80, "gsm", 160, 1, 0),
    Counted("€" * 81, "gsm", 162, 2, 143),  # 76 and 5: the seventy-seventh would be torn
    Counted("a" * 152 + "€" + "b" * 7, "gsm", 161, 2, 144),
    Counted("Tēnā koe", "ucs2", 8, 1, 62, "ē"),
    Counted("It’s me", "ucs2", 7, 1, 63, "’"),
    Counted("`", "ucs2", 1, 1, 69, "`"),
    Counted("ç", "ucs2", 1, 1, 69, "ç"),
    Counted("ā" * 70, "ucs2", 70, 1, 0, "ā"),
    Counted("ā" * 71, "ucs2", 71, 2, 63, "ā"),
    Counted("a" * 133 + "ā", "ucs2", 134, 2, 0, "ā"),
    Counted("a" * 134 + "ā", "ucs2", 135, 3, 66, "ā"),
    Counted("\N{HEAVY BLACK HEART}" * 70, "ucs2", 70, 1, 0, "\N{HEAVY BLACK HEART}"),
    Counted("\N{KIWIFRUIT}" * 35, "ucs2", 70, 1, 0, "\N{KIWIFRUIT}"),
    Counted("\N{KIWIFRUIT}" * 36, "ucs2", 72, 2, 61, "\N{KIWIFRUIT}"),  # 33 and 3: 67 is odd
    Counted(FAMILY * 14, "ucs2", 70, 1, 0, "\N{MAN}"),
    Counted(FAMILY * 15, "ucs2", 75, 2, 59, "\N{MAN}"),  # 13 families, a man and the joiner after him
]
