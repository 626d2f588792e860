"""New keys for a line, made in a supervisor's browser: the server never holds one of them.

The wraps arrive a few at a time and lie aside; the last post takes all of it into use in one transaction, or nothing,
so a crash in between leaves the keys that were there. What was sealed to earlier keys stays readable to those who hold
them, until retention ends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines import roster
from helpline.lines.actions import entitled, lock_lines, next_key
from helpline.lines.models import (
    Line,
    LineKey,
    LineKeyWrap,
    LineMembership,
    RecoveryKey,
    RecoveryWrap,
    RosterEntry,
    StagedWrap,
)
from helpline.lines.queries import could_help_out
from helpline.vault import contexts, signing
from helpline.vault.statements import line_key_payload

NO_KEYS, UNSIGNED, SOMEBODY_LEFT, SOMEBODY_NEW, RECOVERY_NEW = "none", "unsigned", "left", "new", "recovery"
Roster = Mapping[str, RosterEntry]


class Stale(Exception):
    """Others have made new keys meanwhile, or somebody came or went: read it again, and make them anew."""


@dataclass(frozen=True)
class NewKey:
    purpose: str
    epoch: int
    public_key: bytes
    signature: bytes = field(repr=False)
    wraps: Mapping[str, bytes] = field(repr=False)
    """By user code."""
    recovery: bytes | None = field(repr=False)


def rightful_holders(line: Line, purpose: str, vouched: Roster) -> list[User]:
    """Who is to be given a line's key: entitled by their account, and vouched for in just that by the roster."""
    members = list(User.objects.filter(memberships__line=line, is_active=True).order_by("username"))
    helpers = list(could_help_out(line)) if purpose == LineKey.Purpose.QUEUE else []
    found = [user for user in members if _is_vouched(user, purpose, vouched, line.slug)]
    return [*found, *(user for user in helpers if _is_vouched(user, purpose, vouched))]


def _is_vouched(user: User, purpose: str, vouched: Roster, slug: str | None = None) -> bool:
    entry = vouched.get(user.code)
    if entry is None or not entitled(purpose, user) or not roster.vouches_for(user, vouched):
        return False
    has_role = entry.role == Role.SUPERVISOR or purpose == LineKey.Purpose.QUEUE
    return has_role and (slug is None or slug in entry.lines)


def due_on(line: Line, vouched: Roster) -> list[str]:
    """Why its keys should be made anew; nothing before the roster is founded, when the server still makes them."""
    if not vouched:
        return []
    keys = list(LineKey.objects.filter(line=line, retired_at=None))
    if len(keys) < len(LineKey.Purpose):
        return [NO_KEYS]
    found = {reason for key in keys for reason in _due(key, line, vouched)}
    return [reason for reason in (SOMEBODY_LEFT, UNSIGNED, SOMEBODY_NEW, RECOVERY_NEW) if reason in found]


def _due(key: LineKey, line: Line, vouched: Roster) -> list[str]:
    holders = set(LineKeyWrap.objects.filter(line_key=key).values_list("user_id", flat=True))
    rightful = {user.pk for user in rightful_holders(line, key.purpose, vouched)}
    reasons = [SOMEBODY_LEFT] if len(holders) < key.wrapped_for or _strangers(key, holders, rightful) else []
    reasons += [SOMEBODY_NEW] if rightful - holders else []
    reasons += [] if _is_signed(key, line, vouched) else [UNSIGNED]
    recovery = vouched.get(contexts.RECOVERY)
    wraps = RecoveryWrap.objects.filter(line_key=key)
    if recovery and not wraps.filter(recovery_key=_recovery_key(recovery)).exists():
        reasons.append(RECOVERY_NEW)
    return reasons


def _strangers(key: LineKey, holders: set[int], rightful: set[int]) -> bool:
    """Somebody still holds a wrap who is no longer entitled to one, whatever the roster says yet."""
    others = User.objects.filter(pk__in=holders - rightful)
    on_line = set(LineMembership.objects.filter(line=key.line).values_list("user_id", flat=True))
    helping = {user.pk for user in could_help_out(key.line)} if key.purpose == LineKey.Purpose.QUEUE else set()
    return any(
        not user.is_active or not entitled(key.purpose, user) or user.pk not in on_line | helping for user in others
    )


def _is_signed(key: LineKey, line: Line, vouched: Roster) -> bool:
    signer = vouched.get(key.signed_by.code) if key.signed_by else None
    return signer is not None and signer.role == Role.SUPERVISOR and line.slug in signer.lines


@transaction.atomic
def stage(maker: User, line: Line, draft: str, purpose: str, wraps: Mapping[str, bytes]) -> None:
    """Lay some wraps aside, by user code; an earlier draft of the same maker is given up."""
    StagedWrap.objects.filter(maker=maker, line=line).exclude(draft=draft).delete()
    users = User.objects.filter(code__in=wraps)
    StagedWrap.objects.bulk_create(
        (
            StagedWrap(draft=draft, line=line, maker=maker, purpose=purpose, user=user, sealed=wraps[user.code])
            for user in users
        ),
        ignore_conflicts=True,  # sent again: the first answer was lost
    )


@transaction.atomic
def commit(maker: User, line: Line, draft: str, made: list[NewKey]) -> None:
    """Take what was laid aside into use, all of it. Raises what `rotate` raises; then nothing has changed."""
    staged = StagedWrap.objects.filter(draft=draft, line=line, maker=maker).select_related("user")
    wraps: dict[str, dict[str, bytes]] = {purpose: {} for purpose in LineKey.Purpose.values}
    for each in staged:
        wraps[each.purpose][each.user.code] = bytes(each.sealed)
    rotate(maker, line, [replace(key, wraps=wraps[key.purpose]) for key in made])
    forget_drafts(line)


def forget_drafts(line: Line) -> None:
    """Whatever others have begun meanwhile is stale now, too."""
    StagedWrap.objects.filter(line=line).delete()


@transaction.atomic
def rotate(supervisor: User, line: Line, made: list[NewKey]) -> None:
    """Keep what a supervisor's browser has made. Raises roster.NotASigner, Stale and BadSignature."""
    lock_lines(line)
    vouched, root = roster.vouched(), roster.root()
    if not roster.is_signer(supervisor, vouched) or line.slug not in vouched[supervisor.code].lines:
        raise roster.NotASigner
    if sorted(key.purpose for key in made) != sorted(LineKey.Purpose.values):
        raise Stale
    for key in made:
        payload = line_key_payload(line.slug, key.purpose, key.epoch, key.public_key, root)
        signing.verify(bytes(supervisor.signing_key), key.signature, contexts.signed("line-key"), payload)
        _keep(supervisor, line, key, vouched)
    audit(AuditEvent.Kind.LINE_KEY_ROTATED, supervisor, line=line, detail=str(made[0].epoch))


def _keep(supervisor: User, line: Line, made: NewKey, vouched: Roster) -> None:
    holders = {user.code: user for user in rightful_holders(line, made.purpose, vouched)}
    recovery = vouched.get(contexts.RECOVERY)
    if set(made.wraps) != set(holders) or (made.recovery is None) != (recovery is None):
        raise Stale
    key = next_key(line, made.purpose, made.public_key)
    if key.epoch != made.epoch:
        raise Stale
    key.signed_by, key.signature, key.wrapped_for = supervisor, made.signature, len(holders)
    key.save(update_fields=["signed_by", "signature", "wrapped_for"])
    LineKeyWrap.objects.bulk_create(
        LineKeyWrap(line_key=key, user=user, sealed=made.wraps[code]) for code, user in holders.items()
    )
    if recovery and made.recovery:
        RecoveryWrap.objects.create(line_key=key, recovery_key=_recovery_key(recovery), sealed=made.recovery)


def _recovery_key(entry: RosterEntry) -> RecoveryKey:
    """The recovery key that the roster vouches for."""
    return RecoveryKey.objects.get(public_key=bytes(entry.public_key))
