"""The main parts of the public site, as its menu and its foot name them."""

from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

MENU: Final[list[tuple[str, str | Promise]]] = [
    ("find-help", _("Find help near you")),
    ("about", _("How we can help")),
    ("confidentiality", _("Who can read what you say")),
    ("figures:latest", _("Figures")),
    ("updates:sign-up", _("Updates")),
]


@dataclass(frozen=True)
class Part:
    address: str
    title: str | Promise
    is_here: bool


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[Part]:
    """Of this page's line; `is_here` marks the part that one is in, also on a page below it."""
    here: str = context["request"].path
    addresses = [(reverse(name), title) for name, title in MENU]
    return [Part(address, title, here.startswith(address)) for address, title in addresses]
