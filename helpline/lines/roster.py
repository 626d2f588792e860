"""The roster: whose public key may be sealed to, vouched for by two supervisors (docs/keys.md).

The server keeps it and cannot forge it: every browser checks all of it from the root that its owner has pinned. What
is refused here is refused so that honest people hear of it early; the browsers do not rely on it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines.models import LineMembership, RecoveryKey, RosterEntry, RosterPin
from helpline.vault import contexts, signing
from helpline.vault.statements import Statement, head_of

ISSUED_WITHIN_SECONDS: Final = 86400  # a statement is signed on the day on which it was shown
FOUNDERS: Final = 2
SIGNED: Final = contexts.signed("roster")


class NotASigner(Exception):
    """Only supervisors for whom the roster vouches may sign."""


class Changed(Exception):
    """What was signed is not what is wanted now: read it again."""


class SamePerson(Exception):
    """Two different supervisors sign. One of them may be whom it is about, with keys that are vouched for already."""


@dataclass(frozen=True)
class Signed:
    """What one supervisor's browser has signed about one subject."""

    subject: str
    issued_at: int
    signature: bytes = field(repr=False)


@dataclass(frozen=True)
class Wanted:
    """A statement that is not in the roster yet; `half` when one supervisor has signed it."""

    statement: Statement
    member: User | None
    half: RosterEntry | None = None


def now() -> int:
    return int(time.time())


# Reading


def entries(after: int = 0) -> list[RosterEntry]:
    """The roster in its order, or what comes after so many."""
    return list(
        RosterEntry.objects.filter(seq__gt=after)
        .select_related("member", "first_signer", "second_signer")
        .order_by("seq")
    )


def is_founded() -> bool:
    return RosterEntry.objects.filter(seq__isnull=False).exists()


def root() -> bytes:
    """Empty before two supervisors have founded it."""
    founding = list(RosterEntry.objects.filter(seq__lte=FOUNDERS).select_related("member").order_by("seq"))
    return head_of(entry.statement.payload for entry in founding) if len(founding) == FOUNDERS else b""


def vouched() -> dict[str, RosterEntry]:
    """By subject: the statement that holds, of those who are present."""
    latest = {entry.subject: entry for entry in entries()}
    return {subject: entry for subject, entry in latest.items() if not entry.is_withdrawn}


def vouches_for(user: User, roster: Mapping[str, RosterEntry]) -> bool:
    """Whether it vouches for the keys that this person has now."""
    entry = roster.get(user.code)
    return entry is not None and bytes(entry.public_key) == bytes(user.public_key)


def is_signer(user: User, roster: Mapping[str, RosterEntry]) -> bool:
    entry = roster.get(user.code)
    return vouches_for(user, roster) and entry is not None and entry.role == Role.SUPERVISOR


def waiting() -> list[Wanted]:
    """What two supervisors are asked to sign: newcomers, new keys, other roles and lines, those who have left."""
    latest = {entry.subject: entry for entry in entries()}
    halves = {entry.subject: entry for entry in RosterEntry.objects.filter(seq=None).select_related("member")}
    the_root, today = root(), now()
    found = []
    for member, wanted in _wishes(latest):
        before = latest.get(wanted.subject)
        if before is not None and _is_same(before, wanted):
            continue
        statement = replace(wanted, number=before.number + 1 if before else 1, issued_at=today, root=the_root)
        half = halves.get(wanted.subject)
        if half is not None and half.statement == replace(statement, issued_at=half.issued_at):
            found.append(Wanted(half.statement, member, half))
        else:
            found.append(Wanted(statement, member))
    return found


def pin_of(user: User) -> bytes | None:
    pin = RosterPin.objects.filter(user=user).first()
    return bytes(pin.wrapped) if pin else None


def founding_of(first: User, second: User, issued_at: int) -> list[Statement]:
    """The two statements with which a roster begins, in their order."""
    members = sorted((first, second), key=lambda user: user.code)
    return [replace(_wish(user, _lines_of(user)), number=1, issued_at=issued_at) for user in members]


def half_founded() -> list[RosterEntry]:
    """The two statements that one supervisor has signed, waiting for the other."""
    if is_founded():
        return []
    halves = RosterEntry.objects.filter(seq=None, root=b"").select_related("member", "first_signer")
    return sorted(halves, key=lambda entry: entry.subject)


# Changing


@transaction.atomic
def found(signer: User, partner: User, issued_at: int, signatures: Sequence[bytes]) -> None:
    """Begin the roster: the first of the two signs both statements, then the other does.

    Raises SamePerson, NotASigner, Changed and signing.BadSignature.
    """
    _lock()
    if signer == partner:
        raise SamePerson
    if is_founded() or len(signatures) != FOUNDERS:
        raise Changed
    if not all(each.role == Role.SUPERVISOR and each.is_active and each.signing_key for each in (signer, partner)):
        raise NotASigner
    statements = founding_of(signer, partner, issued_at)
    for statement, signature in zip(statements, signatures, strict=True):
        signing.verify(bytes(signer.signing_key), signature, SIGNED, statement.payload)
    halves = half_founded()
    if [half.statement for half in halves] == statements and all(half.first_signer == partner for half in halves):
        for half, signature in zip(halves, signatures, strict=True):
            _complete(half, signer, signature)
        return
    _require_recent(issued_at)
    RosterEntry.objects.filter(seq=None).delete()
    for member, statement, signature in zip(_in_order(signer, partner), statements, signatures, strict=True):
        _begin(Wanted(statement, member), signer, signature)


@transaction.atomic
def sign(signer: User, given: Sequence[Signed]) -> None:
    """The first signature makes a statement wait, the second one of somebody else makes it hold.

    Raises NotASigner, SamePerson, Changed and signing.BadSignature; then nothing was signed.
    """
    _lock()
    roster = vouched()
    if not is_signer(signer, roster):
        raise NotASigner
    wanted = {each.statement.subject: each for each in waiting()}
    for each in given:
        if each.subject not in wanted:
            raise Changed
        _sign_one(signer, wanted[each.subject], each, roster)


def _sign_one(signer: User, wanted: Wanted, given: Signed, roster: Mapping[str, RosterEntry]) -> None:
    statement = replace(wanted.statement, issued_at=given.issued_at)
    signing.verify(bytes(signer.signing_key), given.signature, SIGNED, statement.payload)
    half = wanted.half
    if half is not None and is_signer(half.first_signer, roster):
        if half.first_signer == signer:
            raise SamePerson
        if half.issued_at != given.issued_at:
            raise Changed  # signed by somebody else since this page was drawn: two halves make no whole
        _complete(half, signer, given.signature)
        return
    _require_recent(given.issued_at)
    RosterEntry.objects.filter(seq=None, member=wanted.member).delete()
    _begin(replace(wanted, statement=statement), signer, given.signature)


@transaction.atomic
def keep_pin(user: User, wrapped: bytes) -> None:
    RosterPin.objects.update_or_create(user=user, defaults={"wrapped": wrapped})


@transaction.atomic
def keep_signing_key(user: User, signing_key: bytes) -> None:
    """What an account from before the roster signs with; its browser says so once. Raises Changed for another one."""
    if not User.objects.filter(Q(signing_key=b"") | Q(signing_key=signing_key), pk=user.pk).update(
        signing_key=signing_key
    ):
        raise Changed


@transaction.atomic
def give_up() -> None:
    """Begin anew, when fewer than two of those who may sign still can. Everybody's browser asks its owner then."""
    _lock()
    RosterEntry.objects.all().delete()
    audit(AuditEvent.Kind.ROSTER_WITHDRAWN, None, detail="all")


def _begin(wanted: Wanted, signer: User, signature: bytes) -> None:
    statement = wanted.statement
    RosterEntry.objects.create(
        member=wanted.member,
        number=statement.number,
        public_key=statement.public_key,
        signing_key=statement.signing_key,
        role=statement.role,
        lines=list(statement.lines),
        issued_at=statement.issued_at,
        is_withdrawn=statement.is_withdrawn,
        root=statement.root,
        first_signer=signer,
        first_signature=signature,
    )


def _complete(half: RosterEntry, signer: User, signature: bytes) -> None:
    half.seq = RosterEntry.objects.filter(seq__isnull=False).count() + 1
    half.second_signer, half.second_signature = signer, signature
    half.save()
    kind = AuditEvent.Kind.ROSTER_WITHDRAWN if half.is_withdrawn else AuditEvent.Kind.ROSTER_SIGNED
    audit(kind, half.first_signer, detail=half.subject)
    audit(kind, signer, detail=half.subject)


def _require_recent(issued_at: int) -> None:
    if abs(time.time() - issued_at) > ISSUED_WITHIN_SECONDS:
        raise Changed


def _lock() -> None:
    """Its order and its numbers have no gap: one change at a time. It is written a few times a week."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE lines_rosterentry IN SHARE ROW EXCLUSIVE MODE")


def _in_order(first: User, second: User) -> list[User]:
    return sorted((first, second), key=lambda user: user.code)


# What the accounts say should be in it


def _wishes(latest: Mapping[str, RosterEntry]) -> list[tuple[User | None, Statement]]:
    lines: dict[int, list[str]] = {}
    for user_id, slug in LineMembership.objects.values_list("user_id", "line__slug"):
        lines.setdefault(user_id, []).append(slug)
    members = User.objects.filter(Q(is_active=True) & ~Q(signing_key=b"") | Q(code__in=latest)).order_by("username")
    wishes: list[tuple[User | None, Statement]] = []
    for user in members:
        if user.is_active and user.holds_words:
            wishes.append((user, _wish(user, sorted(lines.get(user.pk, [])))))
        elif user.code in latest:
            wishes.append((user, replace(latest[user.code].statement, is_withdrawn=True)))
    recovery = RecoveryKey.objects.order_by("-id").first()
    return [*wishes, (None, _recovery_wish(recovery))] if recovery else wishes


def _wish(user: User, lines: list[str]) -> Statement:
    return Statement(
        subject=user.code,
        number=0,
        public_key=bytes(user.public_key),
        signing_key=bytes(user.signing_key),
        role=user.role,
        lines=lines,
        issued_at=0,
        is_withdrawn=False,
        root=b"",
    )


def _recovery_wish(key: RecoveryKey) -> Statement:
    return Statement(
        subject=contexts.RECOVERY,
        number=0,
        public_key=bytes(key.public_key),
        signing_key=b"",
        role=contexts.RECOVERY,
        lines=[],
        issued_at=0,
        is_withdrawn=False,
        root=b"",
    )


def _lines_of(user: User) -> list[str]:
    return sorted(LineMembership.objects.filter(user=user).values_list("line__slug", flat=True))


def _is_same(entry: RosterEntry, wanted: Statement) -> bool:
    """Apart from its number, its time and the roster it belongs to."""
    held = replace(entry.statement, number=wanted.number, issued_at=wanted.issued_at, root=wanted.root)
    return held == replace(wanted, lines=held.lines) and sorted(held.lines) == sorted(wanted.lines)
