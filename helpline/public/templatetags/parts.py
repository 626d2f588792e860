"""The main parts of the public site, as its menu names them."""

from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpline.content.queries import onward_to
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

register = template.Library()

# Pages that editors write: there once a line has one of this name.
WRITTEN: Final[dict[str, str | Promise]] = {
    "get-in-touch": _("Get help now"),
    "information": _("Information"),
    "helping-someone": _("For whānau and friends"),
}
ALWAYS: Final[dict[str, str | Promise]] = {
    "find-help": _("Find help near you"),
    "faq": _("For providers"),
    "figures:latest": _("Figures"),
    "updates:sign-up": _("Updates"),
}


@dataclass(frozen=True)
class Part:
    address: str
    title: str | Promise
    is_here: bool


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[Part]:
    """Of this page's line; `is_here` marks the part that one is in, also on a page below it."""
    here: str = context["request"].path
    addresses = _written(context.get("line")) or {reverse("about"): _("How we can help")}
    addresses |= {reverse(name): title for name, title in ALWAYS.items()}
    return [Part(address, title, here.startswith(address)) for address, title in addresses.items()]


def _written(line: Line | None) -> dict[str, str | Promise]:
    found = onward_to(line, get_language() or Language.ENGLISH, WRITTEN) if line else []
    return {each.address: WRITTEN[each.address.strip("/").rpartition("/")[2]] for each in found}
