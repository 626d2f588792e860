"""What the operator's commands do with lines and staff."""

from typing import Any

from django.db import transaction

from helpline.accounts.actions import set_abilities
from helpline.accounts.models import User
from helpline.lines.actions import renew_keys_of_helper, require_skills, set_opening_hours
from helpline.lines.models import Line

LISTS = {"language": "languages", "channel": "channels", "host": "hosts", "region": "regions"}
TEXTS = ("name", "phone", "text_number", "email")


@transaction.atomic
def change_line(line: Line, given: dict[str, Any]) -> None:
    """Set what the options of a command give; what is None stays as it is. Renews the keys if skills change."""
    lists = {field: _without_blanks(given[option]) for option, field in LISTS.items() if given[option] is not None}
    texts = {field: given[field] for field in TEXTS if given.get(field) is not None}
    for field, value in {**lists, **texts}.items():
        setattr(line, field, value)
    line.save()
    if given["hours"] is not None:
        set_opening_hours(line, [row for week in given["hours"] for row in week])
    if given["skill"] is not None:
        require_skills(line, _without_blanks(given["skill"]))


@transaction.atomic
def change_staff(user: User, given: dict[str, Any]) -> None:
    """The same for a member of staff."""
    set_abilities(user, **abilities(given))
    renew_keys_of_helper(user)


def abilities(given: dict[str, Any]) -> dict[str, Any]:
    """The options of `add_ability_options` that were given, under the names of accounts.actions."""
    found = {
        "skills": given["skill"] and _without_blanks(given["skill"]),
        "languages": given["language"] and _without_blanks(given["language"]),
        "gender": given["gender"],
        "is_new_starter": given["new_starter"],
    }
    return {name: value for name, value in found.items() if value is not None}


def _without_blanks(values: list[str]) -> list[str]:
    return [value for value in values if value]
