"""The editors' door: our own addresses by entry, Wagtail's by rule.

Wagtail has hundreds of addresses, and a new version may have more. Each is behind the same guard, so the rule is one:
whoever has not come in at this door, or may not edit, is answered 403; whoever may is answered anything but that,
unless it is shut to everybody.
"""

from collections.abc import Mapping
from enum import StrEnum

from helpline.accounts.models import Role

HOST = "editing.localhost"
# What the staff door does, Wagtail's own does not: sign-in, passwords, accounts, who is in which group.
SHUT = ("login/", "password_reset/", "account/", "users/", "groups/", "failwhale/", "test404/")


class Who(StrEnum):
    """The columns: how somebody stands at this door."""

    NOBODY = "nobody"
    DESK = "an editor with a session of the staff door"
    EDITOR = "an editor who came in here"
    OPERATOR = "an operator who came in here"
    FORMER = "who came in here as an editor and is a counsellor by now"


INSIDE = {Who.EDITOR: Role.EDITOR, Who.OPERATOR: Role.OPERATOR}
# Our own: method and what each is answered.
OWN: Mapping[str, tuple[str, Mapping[Who, int]]] = {
    "arrive/": ("GET", dict.fromkeys(Who, 200)),
    "arrive/take": ("POST", dict.fromkeys(Who, 403)),  # without a pass
    "logout/": ("POST", dict.fromkeys(Who, 200)),
}
