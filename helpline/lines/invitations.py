"""Inviting somebody to become a member of staff, and taking it up.

Whoever invites gets six words, once, and hands them over in person. The invited person's own browser makes the
passphrase and the keys; this code receives what an account stores, which opens nothing.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.actions import admit_staff
from helpline.accounts.models import AuditEvent, User
from helpline.lines.actions import account_on_lines, staff_line
from helpline.lines.models import Invitation, Line
from helpline.vault.codes import hash_capability
from helpline.vault.passphrases import StaffKeys
from helpline.vault.words import draw_words, normalise

GOOD_FOR = dt.timedelta(days=7)
WORDS = 6  # 76 bits, for a week


class InvitationUnknown(Exception):
    """No invitation has these words: they were mistyped, or it was taken up, taken back, or is over."""


class NameTaken(Exception):
    """Somebody has this user name, or is invited under it."""


def get_invitation(words: str) -> Invitation:
    """Raises InvitationUnknown."""
    found = Invitation.objects.filter(words_hash=_hash(words), expires_at__gt=timezone.now()).first()
    if found is None:
        raise InvitationUnknown
    return found


@transaction.atomic
def invite(
    by: User | None,
    *,
    username: str,
    name: str,
    pseudonym: str,
    role: str,
    lines: Sequence[str] = (),
    skills: Sequence[str] = (),
) -> tuple[Invitation, str]:
    """Ask somebody in; returns the invitation and its words, which are kept nowhere. `by` is None for a command.

    Raises NameTaken.
    """
    end_invitations()
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken
    words = draw_words(WORDS)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                words_hash=_hash(words),
                username=username,
                name=name,
                pseudonym=pseudonym,
                role=role,
                lines=list(lines),
                skills=list(skills),
                by=by,
                expires_at=timezone.now() + GOOD_FOR,
            )
    except IntegrityError:
        raise NameTaken from None
    account_on_lines(AuditEvent.Kind.INVITED, by, _lines_of(invitation), f"{invitation.code}:{role}")
    return invitation, words


@transaction.atomic
def take_up(words: str, code: str, keys: StaffKeys) -> User:
    """Make the account, with the keys that the person's browser has made for this code.

    The same keys again are the same account: an answer may get lost. Raises InvitationUnknown, NameTaken.
    """
    invitation = Invitation.objects.select_for_update().filter(code=code, words_hash=_hash(words)).first()
    if invitation is None or invitation.expires_at <= timezone.now():
        return _taken_up_before(code, keys)
    user = User(
        code=invitation.code,
        username=invitation.username,
        name=invitation.name,
        pseudonym=invitation.pseudonym,
        role=invitation.role,
        skills=invitation.skills,
    )
    try:
        with transaction.atomic():
            admit_staff(user, keys)
    except IntegrityError:
        raise NameTaken from None
    lines = _lines_of(invitation)
    account_on_lines(AuditEvent.Kind.JOINED_STAFF, user, lines, f"{user.code}:{user.role}")
    for line in lines:
        staff_line(line, [user])
    invitation.delete()
    return user


def _taken_up_before(code: str, keys: StaffKeys) -> User:
    user = User.objects.filter(code=code, is_active=True).first()
    if user is None or bytes(user.public_key) != keys.public_key:
        raise InvitationUnknown
    return user


@transaction.atomic
def withdraw(by: User, invitation: Invitation) -> None:
    """Take it back; its words lead nowhere from now on. Raises InvitationUnknown: it was taken up meanwhile."""
    if not Invitation.objects.filter(pk=invitation.pk).delete()[0]:
        raise InvitationUnknown
    account_on_lines(AuditEvent.Kind.INVITATION_WITHDRAWN, by, _lines_of(invitation), invitation.code)


def end_invitations(now: dt.datetime | None = None) -> int:
    """Those that nobody took up end; returns how many."""
    return Invitation.objects.filter(expires_at__lte=now or timezone.now()).delete()[0]


def _lines_of(invitation: Invitation) -> list[Line]:
    return list(Line.objects.filter(slug__in=invitation.lines))


def _hash(words: str) -> bytes:
    return hash_capability(normalise(words).encode())
