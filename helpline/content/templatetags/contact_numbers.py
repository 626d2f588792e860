"""Numbers inside a sentence: `{number:womens-refuge}` stands for the record that editors keep once."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from helpline.content.models import ContactNumber

register = template.Library()
NUMBER = re.compile(r"\{number:([a-z0-9-]+)\}")


@register.filter
def with_numbers(text: str) -> SafeString:
    """Of text that Wagtail has made safe; a number that nobody keeps leaves its name."""
    html = conditional_escape(text)
    slugs = set(NUMBER.findall(html))
    known = {each.slug: each for each in ContactNumber.objects.filter(slug__in=slugs)} if slugs else {}

    def link(found: re.Match[str]) -> str:
        number = known.get(found[1])
        return format_html('<a href="{}">{}</a>', number.address, number.value) if number else found[1]

    # nosemgrep: unescaped-html  # noqa: ERA001  # escaped where it was not safe, and so is what went in
    return mark_safe(NUMBER.sub(link, html))  # noqa: S308  # nosec B308, B703  # the same
