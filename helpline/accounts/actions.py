"""Making, ending and signing out staff, and the account of what they did."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models.functions import TruncHour
from django.utils import timezone

from helpline.accounts.models import (
    AuditEvent,
    AuthenticatorApp,
    EditingPass,
    ProviderIdentity,
    Role,
    StaffKeyWrap,
    StaffSession,
    User,
)
from helpline.vault import passphrases, tombstones
from helpline.vault.passphrases import StaffKeys

AUDIT_KEPT = timedelta(days=7 * 366)


class Named(Protocol):
    """A line, which this area does not know."""

    @property
    def slug(self) -> str: ...


@transaction.atomic
def create_staff(
    username: str,
    name: str,
    pseudonym: str,
    role: str = Role.COUNSELLOR,
    passphrase: str | None = None,
    *,
    skills: Sequence[str] = (),
    languages: Sequence[str] = ("en",),
    gender: str = "",
    is_new_starter: bool = False,
    is_demonstration: bool = False,
    is_handed: bool = False,
) -> tuple[User, str]:
    """Make a member of staff with a key pair of their own; returns them and the passphrase, shown once.

    `is_handed`: somebody sees it on the way to them, so that they have to draw their own.
    """
    passphrase = passphrase or passphrases.new_passphrase()
    user = User(username=username, name=name, pseudonym=pseudonym, role=role, is_demonstration=is_demonstration)
    user.skills, user.languages = list(skills), list(languages)
    user.gender, user.is_new_starter = gender, is_new_starter
    user.handed_words_at = timezone.now() if is_handed else None
    admit_staff(user, passphrases.new_staff_keys(passphrase, user.code))
    return user, passphrase


@transaction.atomic
def reset_passphrase(user: User) -> str:
    """Give somebody who lost their passphrase new keys; returns the new one, shown once.

    What was sealed to the old keys nobody can open any more, so it goes. Their second factor stays. Two supervisors
    vouch for the new key, and then one seals to it what this person has open, and nothing else.
    """
    passphrase = passphrases.new_passphrase()
    end_sessions(user)
    _forget_keys(user)
    user.grants.all().delete()
    user.handed_words_at = timezone.now()
    admit_staff(user, passphrases.new_staff_keys(passphrase, user.code))
    audit(AuditEvent.Kind.PASSPHRASE_RESET, None, detail=user.code)
    return passphrase


@transaction.atomic
def admit_staff(user: User, keys: StaffKeys) -> None:
    """Keep somebody new with their keys, wherever these were made: in their own browser, as a rule."""
    user.public_key, user.signing_key = keys.public_key, keys.signing_key
    user.set_password(keys.sign_in_secret)
    user.save()
    StaffKeyWrap.objects.create(user=user, kind=StaffKeyWrap.Kind.PASSPHRASE, salt=keys.salt, wrapped=keys.wrapped_seed)


def _forget_keys(user: User) -> None:
    user.key_wraps.all().delete()
    user.line_key_wraps.all().delete()
    user.staged_wraps.all().delete()
    user.roster_pins.all().delete()


@transaction.atomic
def set_abilities(
    user: User,
    *,
    skills: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    gender: str | None = None,
    is_new_starter: bool | None = None,
) -> None:
    """Change what is given, and leave the rest as it is."""
    given = {"skills": skills, "languages": languages, "gender": gender, "is_new_starter": is_new_starter}
    changed = {name: value for name, value in given.items() if value is not None}
    for name, value in changed.items():
        setattr(user, name, list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value)
    user.save(update_fields=changed)


@transaction.atomic
def remove_staff(user: User) -> None:
    """End access at once and forget the person; their conversations must have been handed over or closed.

    The row stays without a name, since closed conversations within retention still point at it.
    """
    end_sessions(user)
    forget_factors(user)
    _forget_keys(user)
    user.memberships.all().delete()
    user.training.all().delete()
    user.invitations.all().delete()
    user.grants.all().delete()
    EditingPass.objects.filter(user=user).delete()
    user.groups.clear()
    # What Wagtail keeps as somebody's own; what they did to pages stays, by the number of a row without a name.
    for own in ("wagtail_form_states", "editing_sessions", "api_tokens"):
        getattr(user, own).all().delete()
    if profile := getattr(user, "wagtail_userprofile", None):
        profile.delete()
    user.is_active = False
    user.username = f"removed-{user.code}"
    user.name = user.pseudonym = user.gender = ""
    user.skills, user.languages = [], []
    user.set_unusable_password()
    user.save()
    tombstones.bury(user.code)  # the restore of an old backup must not let them in again


def forget_factors(user: User) -> None:
    AuthenticatorApp.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    user.passkeys.all().delete()  # and the key wraps that they open
    # A first step that is not theirs alone must not be all it takes to set up another second one.
    ProviderIdentity.objects.filter(user=user).delete()


def end_sessions(user: User) -> int:
    """Sign out every browser of this person; returns how many."""
    return StaffSession.objects.filter(user=user).delete()[0]


def end_session(user: User, code: str) -> bool:
    """Sign out one browser of this person; whether it was there."""
    ended = StaffSession.objects.filter(user=user, code=code).delete()[0] > 0
    if ended:
        audit(AuditEvent.Kind.SESSION_ENDED, user)
    return ended


def forget_lapsed_sessions() -> None:
    """Also those of whoever began to come in and did not."""
    StaffSession.objects.filter(expire_date__lt=timezone.now()).delete()


def audit(
    kind: str, actor: User | None, *, line: Named | None = None, conversation_code: str = "", detail: str = ""
) -> AuditEvent:
    """Write down that somebody did something, in the transaction that does it. Nobody signed in: a command did it.

    `detail` is a code or a number without spaces (the database refuses a sentence). Raises ValueError for a kind
    that AuditEvent does not have.
    """
    event = _event(kind, actor, line, conversation_code, detail)
    event.save()
    return event


def audit_read(
    kind: str, actor: User, *, line: Named | None = None, conversation_code: str = "", detail: str = ""
) -> None:
    """The same for reading: once for each person, conversation and hour, however often they look."""
    if kind not in AuditEvent.ONCE_AN_HOUR:
        raise ValueError(kind)
    AuditEvent.objects.bulk_create([_event(kind, actor, line, conversation_code, detail)], ignore_conflicts=True)


def _event(kind: str, actor: User | None, line: Named | None, conversation_code: str, detail: str) -> AuditEvent:
    return AuditEvent(
        kind=AuditEvent.Kind(kind),
        actor=actor,
        line=line.slug if line else "",
        conversation_code=conversation_code,
        detail=detail,
    )


@transaction.atomic
def forget_in_audit(conversation_code: str) -> None:
    """The conversation is erased: that something was done stays, but not to whom, nor at which minute.

    With the salt goes the only thing that could prove either to somebody who guesses; the chain stays whole.
    """
    about = AuditEvent.objects.filter(conversation_code=conversation_code)
    # In order, as the chain takes them: two that lock several rows never wait for each other.
    found = list(about.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    AuditEvent.objects.filter(pk__in=found).update(conversation_code="", at=TruncHour("at", tzinfo=UTC), salt=None)


def end_audit(now: datetime) -> int:
    """Events end after seven years; their links stay, and the chain with them. Returns how many ended.

    Not those of a conversation that is still there, for a legal hold or because it never ended.
    """
    ended = AuditEvent.objects.filter(at__lt=now - AUDIT_KEPT, is_linked=True, conversation_code="")
    return ended.delete()[1].get("accounts.AuditEvent", 0)
