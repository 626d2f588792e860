"""What pages of several areas show about lines."""

from typing import Any

from django import template
from django.core.exceptions import DisallowedHost
from django.utils.dates import WEEKDAYS

from helpline.lines.hours import times_of
from helpline.lines.models import Line
from helpline.lines.national import NATIONAL_LINES
from helpline.lines.queries import line_at_hand as of_the_host
from helpline.lines.queries import other_lines as of_the_operator

register = template.Library()


@register.inclusion_tag("lines/other-lines.html")
def other_lines(line: Line) -> dict[str, Any]:
    """Where else somebody can turn: the operator's other lines, and national ones, each once."""
    national = [other for other in NATIONAL_LINES if other.phone != line.phone]
    known = {other.phone for other in NATIONAL_LINES}
    return {"others": [*(other for other in of_the_operator(line) if other.phone not in known), *national]}


@register.inclusion_tag("lines/hours.html")
def hours(line: Line) -> dict[str, Any]:
    times = times_of(line.opening_hours.all())
    is_always = not times or [(each.first, each.last, each.is_all_day) for each in times] == [(0, 6, True)]
    return {"times": times, "is_always": is_always}


@register.simple_tag(takes_context=True)
def line_at_hand(context: template.Context) -> Line | None:
    """Of the site that was asked; of a host that is none of ours nothing is told."""
    try:
        return of_the_host(context["request"].get_host())
    except DisallowedHost:
        return None


@register.filter
def weekday(number: int) -> str:
    return str(WEEKDAYS[number])
