"""A wish as people read it: what, as it is, as it should be."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpline.directory.needs import needs
from helpline.portal.forms import STATES, AddressForm, WhatForm
from helpline.portal.models import Proposal

LABELS: dict[str, Any] = {
    **WhatForm.labels,
    **AddressForm.labels,
    "needs": _("What people come for"),
    "is_private": _("Who may know"),
}
WHO = {True: _("staff of the helpline only"), False: _("everybody")}


@dataclass(frozen=True)
class Line:
    label: Any
    before: Any
    after: Any


@dataclass(frozen=True)
class Wish:
    proposal: Proposal
    lines: list[Line]


def wish_of(proposal: Proposal) -> Wish:
    lines = [
        Line(LABELS.get(name, name), _shown(name, proposal.before.get(name)), _shown(name, value))
        for name, value in proposal.after.items()
    ]
    return Wish(proposal, lines)


def _shown(name: str, value: Any) -> Any:
    if name == "needs":
        return ", ".join(needs()[code].name for code in value if code in needs())
    if name == "is_private":
        return WHO[bool(value)]
    return STATES.get(value, value) if name == "status" else value
