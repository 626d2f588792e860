"""Te reo Māori inside an English page, marked so that screen readers and hyphenation know."""

import re
from html import unescape

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
WITH_A_MACRON = re.compile(r"(\w*[āēīōūĀĒĪŌŪ]\w*)")
ELEMENT = re.compile(r"(<[^>]*>)")
BETWEEN = " · "  # how a line writes its two names: English · te reo Māori


@register.filter
def bilingual(name: str) -> SafeString:
    english, between, maori = name.partition(BETWEEN)
    return format_html('{}<span lang="mi">{}{}</span>', english, between, maori) if maori else format_html("{}", name)


@register.filter
def in_english(name: str) -> str:
    return name.partition(BETWEEN)[0]


@register.filter
def in_te_reo(name: str) -> str:
    return name.partition(BETWEEN)[2]


@register.filter
def marked(text: str) -> SafeString:
    """A word with a macron is one of te reo; no English word has one. Text only, which `join` may have escaped."""
    plain = unescape(text) if isinstance(text, SafeString) else str(text)
    english, *pairs = WITH_A_MACRON.split(plain)
    marked_pairs = format_html_join("", '<span lang="mi">{}</span>{}', zip(pairs[::2], pairs[1::2], strict=True))
    return format_html("{}{}", english, marked_pairs)


@register.filter
def marked_within(html: str) -> SafeString:
    """The same in what has elements already: only between them."""
    parts = ELEMENT.split(conditional_escape(html))
    parts[::2] = [WITH_A_MACRON.sub(r'<span lang="mi">\1</span>', text) for text in parts[::2]]
    # nosemgrep: unescaped-html  # noqa: ERA001  # escaped where it was not safe, and then only marked
    return mark_safe("".join(parts))  # noqa: S308  # nosec B308, B703  # the same


@register.filter
def need(shown: str) -> SafeString:
    """What people need, as `Need.shown` writes it: English, with te reo behind it on a page in te reo."""
    maori = in_te_reo(shown)
    if not maori:
        return marked(shown)
    return format_html('{}{}<span lang="mi">{}</span>', marked(in_english(shown)), BETWEEN, maori)
