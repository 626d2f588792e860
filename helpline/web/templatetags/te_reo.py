"""Te reo Māori inside an English page, marked so that screen readers and hyphenation know."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
WITH_A_MACRON = re.compile(r"\w*[āēīōūĀĒĪŌŪ]\w*")
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
    """A word with a macron is one of te reo; no English word has one."""
    escaped = conditional_escape(text)
    return mark_safe(WITH_A_MACRON.sub(r'<span lang="mi">\g<0></span>', escaped))  # noqa: S308  # escaped just above
