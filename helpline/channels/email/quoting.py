"""What somebody has written, and what of earlier mails their program has put below it.

Nothing is thrown away: a quotation at the end stays, below the words, each line of it marked by `> `. A quotation with
answers between its lines stays as it is.
"""

import re
from typing import Final

MARK: Final = "> "
_QUOTED: Final = re.compile(r"\s*>")
# "On Tue, 3 Mar 2026, Somebody wrote:" in any language: a line that ends in a colon, just before a quotation.
_LONGEST_INTRODUCTION: Final = 3
_DIVIDER: Final = re.compile(
    r"\s*(-{2,}\s*(original message|forwarded message|original appointment|mensaje original|message d.origine"
    r"|urspr.ngliche nachricht|karere taketake)\s*-{2,}|_{20,})\s*",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(
    r"\s*\*?(from|sent|date|to|subject|cc|von|gesendet|an|betreff|de|envoy.|objet|nā|ki)\*?\s?:", re.IGNORECASE
)
_WROTE: Final = re.compile(
    r"\s*(on|i|am|le|el|op|il|em)\b.{6,200}(wrote|tuhi|schrieb|crit|escribi.|schreef|scritto|escreveu)\b.*:\s*",
    re.IGNORECASE,
)


def arrange(text: str) -> str:
    """The words first, then what they quote, marked."""
    own, quoted = split(text)
    if not quoted:
        return own
    marked = "\n".join(line if _QUOTED.match(line) else f"{MARK}{line}".rstrip() for line in quoted.split("\n"))
    return f"{own}\n\n{marked}"


def split(text: str) -> tuple[str, str]:
    """Somebody's own words, and the quotation below them. All is their own where nothing would be left."""
    lines = text.strip("\n").split("\n")
    at = _begin_of_quotation(lines)
    own, quoted = "\n".join(lines[:at]).rstrip(), "\n".join(lines[at:]).strip("\n")
    return (own, quoted) if own.strip() else (text.strip(), "")


def _begin_of_quotation(lines: list[str]) -> int:
    for at, line in enumerate(lines):
        if _DIVIDER.fullmatch(line) and _is_followed_by_headers(lines, at + 1):
            return at
        if _HEADER.match(line) and _is_followed_by_headers(lines, at) and at and not lines[at - 1].strip():
            return at
        if _WROTE.fullmatch(line) and _is_quotation(lines[at + 1 :], is_surely_introduced="@" in line):
            return at
    return _begin_of_marked(lines)


def _is_followed_by_headers(lines: list[str], at: int) -> bool:
    """As Outlook writes above what it quotes: From, Sent, To, Subject."""
    near = [line for line in lines[at : at + 8] if line.strip()]
    return len([line for line in near[:5] if _HEADER.match(line)]) >= 3


def _is_quotation(lines: list[str], *, is_surely_introduced: bool) -> bool:
    """All of it is marked; or nothing is, as some programs have it, below whose words these are."""
    said = [line for line in lines if line.strip()]
    marked = [line for line in said if _QUOTED.match(line)]
    return bool(said) and (len(marked) == len(said) or (not marked and is_surely_introduced))


def _begin_of_marked(lines: list[str]) -> int:
    """Where the last lines that are all marked begin, with the sentence that introduces them."""
    at = len(lines)
    while at and (not lines[at - 1].strip() or _QUOTED.match(lines[at - 1])):
        at -= 1
    if not any(_QUOTED.match(line) for line in lines[at:]):
        return len(lines)
    return _begin_of_introduction(lines, at)


def _begin_of_introduction(lines: list[str], at: int) -> int:
    """It may be broken over some lines, and ends in a colon."""
    if not at or not lines[at - 1].rstrip().endswith(":"):
        return at
    for begin in range(at - 1, max(-1, at - 1 - _LONGEST_INTRODUCTION), -1):
        if begin == 0 or not lines[begin - 1].strip():
            return begin
    return at - 1
