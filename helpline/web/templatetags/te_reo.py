"""Te reo Māori inside an English page, marked so that screen readers and hyphenation know."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
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
