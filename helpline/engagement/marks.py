"""What an editor may write: paragraphs, `## headings`, `- lists` and plain addresses. As text it is itself already.

An address that begins with a slash is a page of this site: `/figures/2026-10/`.
"""

import re
import textwrap
from collections.abc import Iterator

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

WIDTH = 76  # RFC 5322 asks for at most 78; an address is never broken
ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
OWN = re.compile(r"(?<!\S)/(?:[\w.-]+/)+(?=[\s.,;:!?)]|$)")
_BETWEEN = re.compile(r"\n[ \t]*\n+")


def as_html(text: str, site: str) -> SafeString:
    """Everything of the editor's is escaped; links lead where they say, and say where they lead."""
    # nosemgrep: unescaped-html  # noqa: ERA001  # each block is made by format_html
    return mark_safe("\n".join(_blocks(_whole(text, site))))  # noqa: S308  # nosec B308, B703  # each block is made by format_html


def as_text(text: str, site: str) -> str:
    """Wrapped for whoever reads it in an old programme."""
    return "\n\n".join("\n".join(_wrapped(line) for line in block) for block in _split(_whole(text, site)))


def _whole(text: str, site: str) -> str:
    return OWN.sub(lambda found: site.removesuffix("/") + found[0], text)


def _blocks(text: str) -> Iterator[str]:
    for block in _split(text):
        if block[0].startswith("## ") and len(block) == 1:
            yield format_html("<h2>{}</h2>", block[0][3:])
        elif all(line.startswith("- ") for line in block):
            items = "".join(format_html("<li>{}</li>", _linked(line[2:])) for line in block)
            yield f"<ul>{items}</ul>"
        else:
            lines = "<br>".join(_linked(line) for line in block)
            yield f"<p>{lines}</p>"


def _split(text: str) -> list[list[str]]:
    blocks = _BETWEEN.split(text.replace("\r\n", "\n").strip())
    return [[line.strip() for line in block.split("\n")] for block in blocks if block.strip()]


def _linked(line: str) -> SafeString:
    made, place = "", 0
    for found in ADDRESS.finditer(line):
        made += escape(line[place : found.start()])
        made += format_html('<a href="{}">{}</a>', found[0], found[0])
        place = found.end()
    # nosemgrep: unescaped-html  # noqa: ERA001  # escaped piece by piece
    return mark_safe(made + escape(line[place:]))  # noqa: S308  # nosec B308, B703  # escaped piece by piece


def _wrapped(line: str) -> str:
    indent = "  " if line.startswith("- ") else ""
    made = textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return made or line
