"""Changing colleagues: each change is somebody's right, is accounted for, and takes the keys that go with it."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from helpline.accounts.actions import audit, set_abilities
from helpline.accounts.models import AuditEvent, User
from helpline.lines.actions import account_on_lines, drop_keys, renew_keys, renew_keys_of_helper, staff_line
from helpline.lines.models import Line
from helpline.live import wakeups
from helpline.routing import leaving
from helpline.workspace.members import NotAllowed, lines_for, may_change, may_end, roles_for

Kind = AuditEvent.Kind


@transaction.atomic
def change_abilities(by: User, member: User, *, pseudonym: str, **given: Any) -> None:
    """Skills, languages, gender, new starter, and the name that help-seekers see. Raises NotAllowed."""
    require_change(by, member)
    account_on_lines(Kind.ABILITIES_CHANGED, by, _lines_of(member), member.code)
    member.pseudonym = pseudonym
    member.save(update_fields=["pseudonym"])
    set_abilities(member, **given)
    drop_keys(member)
    renew_keys_of_helper(member)


@transaction.atomic
def change_role(by: User, member: User, role: str) -> None:
    """Between the roles with words, or between those without. Supervisors sign the change before keys follow.

    Whoever is a supervisor no longer leaves the conversations that they were in as one. Raises NotAllowed.
    """
    _require(role in roles_for(by, member))
    if role == member.role:
        return
    lines = _lines_of(member)
    account_on_lines(Kind.ROLE_CHANGED, by, lines, f"{member.code}:{member.role}>{role}")
    leaving.end_companies(member)
    member.role = role
    member.save(update_fields=["role"])
    drop_keys(member)
    for line in lines:
        renew_keys(line)
    wakeups.announce(wakeups.desk(member.code), wakeups.QUEUE)


@transaction.atomic
def change_lines(by: User, member: User, lines: Collection[Line]) -> None:
    """Work on these of the lines that `by` looks after; on others nothing changes.

    What somebody holds on a line they leave stays with them to its end; nobody new is offered. Raises NotAllowed.
    """
    require_change(by, member)
    before, within = _lines_of(member), lines_for(by)
    _require(all(line in within for line in lines))
    for line in within:
        if line in lines and line not in before:
            audit(Kind.LINES_CHANGED, by, line=line, detail=f"{member.code}:on")
            staff_line(line, [member])
        elif line in before and line not in lines:
            audit(Kind.LINES_CHANGED, by, line=line, detail=f"{member.code}:off")
            leaving.end_companies(member, line)
            member.memberships.filter(line=line).delete()
            drop_keys(member)
            renew_keys(line)
    wakeups.announce(wakeups.desk(member.code), wakeups.QUEUE)


@transaction.atomic
def end_access(by: User | None, member: User) -> int:
    """Somebody leaves, now; returns how many people wait again. `by` is None for a command. Raises NotAllowed."""
    _require(by is None or may_end(by, member))
    lines = _lines_of(member)
    helped = list(Line.objects.filter(overflows__to__in=lines).distinct())
    account_on_lines(Kind.LEFT_STAFF, by, lines, member.code)
    waiting = leaving.leave(member)
    for line in (*lines, *helped):
        renew_keys(line)
    return waiting


def require_change(by: User, member: User) -> None:
    """Raises NotAllowed."""
    _require(may_change(by, member))


def _lines_of(member: User) -> list[Line]:
    return list(Line.objects.filter(memberships__user=member))


def _require(is_right: bool) -> None:
    if not is_right:
        raise NotAllowed
