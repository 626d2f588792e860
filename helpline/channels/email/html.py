"""The HTML of a stranger's mail as plain text. What leaves here is text: nothing of it is ever shown as HTML."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

import nh3

from helpline.channels.email.charsets import clean

_BLOCKS: Final = frozenset(
    {"p", "div", "blockquote", "ul", "ol", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}
)
_KEPT: Final = {*_BLOCKS, "br", "a", "img", "td"}
_UNSAID: Final = {"script", "style", "title", "head", "template", "noscript", "object", "iframe", "svg", "math"}
_ATTRIBUTES: Final = {"a": {"href"}, "img": {"alt"}}
_OPENING: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_VOID: Final = frozenset(
    {"br", "img", "hr", "meta", "link", "input", "col", "area", "wbr", "base", "p", "li", "td", "tr"}
)
# Making sense of what is nested n deep takes n² steps; people's mails are some dozens deep.
_DEEPEST: Final = 1000
_LONGEST: Final = 600_000
_LONGEST_AS_IS: Final = 200_000  # twice of what is kept of any mail


def text_of(html: str) -> str:
    """What somebody sees who opens it, quotations marked by `> `."""
    if len(html) > _LONGEST or _depth(html) > _DEEPEST:
        return _tidy(unescape(re.sub(r"<[^<>]*>", " ", html)[:_LONGEST_AS_IS]))
    harmless = nh3.clean(
        html,
        tags=_KEPT,
        clean_content_tags=_UNSAID,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(harmless)
    reader.close()
    return _tidy(reader.text)


def _depth(html: str) -> int:
    """How deep it may be nested, at most."""
    deepest = depth = 0
    for found in _OPENING.finditer(html):
        if found[2].lower() not in _VOID:
            depth = max(0, depth - 1) if found[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


class _Reader(HTMLParser):
    """Reads what nh3 has made, which is well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quoted = 0
        self._link: tuple[str, int] | None = None

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "blockquote":
            self._break()
            self._quoted += 1
            self._lines[-1] = self._margin
        elif tag == "br":
            self._lines.append(self._margin)
        elif tag in _BLOCKS:
            self._break()
            self._say("• " if tag == "li" else "")
        elif tag == "a":
            self._link = given.get("href") or "", len(self._lines[-1])
        elif tag == "img" and given.get("alt"):
            self._say(given["alt"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in _BLOCKS:
            self._break(gap=tag in {"p", "blockquote"})
        elif tag == "td":
            self._say(" ")
        elif tag == "a" and self._link:
            self._end_link(*self._link)

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        is_begun = self._lines[-1].removeprefix(self._margin)
        self._say(words if is_begun else words.lstrip())

    def _end_link(self, href: str, at: int) -> None:
        """Where a link leads is said, unless that is what it says already."""
        shown = self._lines[-1][at:].strip()
        if href and href.rstrip("/") not in {shown.rstrip("/"), f"http://{shown}", f"https://{shown}"}:
            self._say(f" <{href}>")
        self._link = None

    @property
    def _margin(self) -> str:
        return "> " * self._quoted

    def _say(self, words: str) -> None:
        self._lines[-1] += words

    def _break(self, *, gap: bool = False) -> None:
        if self._lines[-1].strip(" >"):
            self._lines.append(self._margin)
        else:
            self._lines[-1] = self._margin
        if gap and len(self._lines) > 1 and self._lines[-2].strip(" >"):
            self._lines.append(self._margin)


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
