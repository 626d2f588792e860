"""The styleguide: every component in its real markup, every token, and every pair of colours with its contrast.

Only in a demonstration. The numbers are worked out from `web/base.css` as it is.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpline.lines.queries import LineUnknown, is_open, line_for_host, next_opening

TOKENS: Final = Path(__file__).parent.parent / "web" / "static" / "web" / "base.css"
TEXT, CONTROL = 4.5, 3.0  # WCAG 2.2: 1.4.3 for words of any size, 1.4.11 for the edge of what one presses
COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
DARK = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True)
class Pair:
    """Two tokens that meet on a page."""

    front: str
    back: str
    least: float = TEXT

    @property
    def light(self) -> float:
        return self._in(by_day())

    @property
    def dark(self) -> float:
        return self._in(by_night())

    def _in(self, colours: dict[str, str]) -> float:
        return contrast(colours[self.front], colours[self.back])


# Words, then links and buttons, then edges.
PAIRS: Final = [
    *(Pair("ink", back) for back in ("ground", "surface", "sunken", "calm", "glow-soft", "danger-soft")),
    *(Pair("ink", back) for back in ("sky-top", "sky-middle", "sky-low")),
    *(Pair("ink-soft", back) for back in ("ground", "surface", "sunken", "calm", "glow-soft")),
    *(Pair("primary", back) for back in ("ground", "surface", "sunken", "calm", "glow-soft", "danger-soft")),
    *(Pair("primary", back) for back in ("sky-top", "sky-middle", "sky-low")),
    *(Pair("on-primary", back) for back in ("primary", "primary-deep")),
    *(Pair("danger", back) for back in ("ground", "surface", "danger-soft")),
    Pair("surface", "danger"),
    Pair("on-exit", "exit"),
    *(Pair("edge", back, CONTROL) for back in ("ground", "surface", "sunken")),
    Pair("exit-edge", "ground", CONTROL),
]


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEMONSTRATION:
        raise Http404
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    shown = {
        "line": line,
        "is_closed": not is_open(line),
        "opens_at": next_opening(line),
        "pairs": PAIRS,
        "colours": [(name, colour, by_night()[name]) for name, colour in by_day().items()],
    }
    return render(request, "public/styleguide.html", {**shown, "elsewhere": None})  # in English only


def by_day() -> dict[str, str]:
    return dict(COLOUR.findall(TOKENS.read_text().partition(DARK)[0]))


def by_night() -> dict[str, str]:
    """What the dark scheme does not change stays as by day."""
    return by_day() | dict(COLOUR.findall(TOKENS.read_text().partition(DARK)[2].partition("@media")[0]))


def contrast(one: str, other: str) -> float:
    """Between two colours written #rrggbb, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
