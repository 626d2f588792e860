"""Second factors: the app that shows codes, and the recovery codes for the day on which it is lost."""

import hashlib
import re
import secrets
import time
from typing import Final

from django.db import transaction

from helpline.accounts.actions import audit, end_sessions, forget_factors
from helpline.accounts.models import AuditEvent, AuthenticatorApp, RecoveryCode, User
from helpline.accounts.queries import has_passkey
from helpline.vault import totp
from helpline.vault.sealing import CannotOpen

RECOVERY_CODES: Final = 8
# What nobody reads as another: no i, l, o, u; 24 of them are 120 bits: from 112 on a fast hash will do.
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_LENGTH, _GROUP = 24, 4
_DIGITS = re.compile(r"\d{6}")


class WrongCode(Exception):
    """Not the code of this moment, nor a recovery code; or one that has been used."""


class LastFactor(Exception):
    """Nothing would be left to come in with: add another one first."""


class FactorUnreadable(Exception):
    """The server's key for second factors is lost or another one: only a recovery code or a passkey will do."""


@transaction.atomic
def add_authenticator(user: User, secret: bytes, typed: str, now: float | None = None) -> None:
    """Take an app as a second factor, in place of the one before, if the code it shows is right. Raises WrongCode."""
    step = totp.matching_step(secret, _squeezed(typed), _now(now), after=0)
    if step is None:
        raise WrongCode
    set_authenticator(user, secret, step)
    audit(AuditEvent.Kind.FACTOR_ADDED, user, detail="app")


def set_authenticator(user: User, secret: bytes, last_step: int = 0) -> None:
    """Without asking for a code: for invented staff, whose secrets are public knowledge."""
    sealed = totp.seal_secret(secret, user.code)
    AuthenticatorApp.objects.filter(user=user).delete()
    AuthenticatorApp.objects.create(user=user, sealed=sealed, last_step=last_step)


@transaction.atomic
def pass_with_code(user: User, typed: str, now: float | None = None) -> str:
    """Take what the app shows, or a recovery code, once; returns which: app, recovery.

    Raises WrongCode, FactorUnreadable and KeyStoreUnavailable.
    """
    squeezed = _squeezed(typed)
    if not _DIGITS.fullmatch(squeezed):
        _use_recovery_code(user, squeezed)
        return "recovery"
    app = AuthenticatorApp.objects.filter(user=user).first()
    if app is None:
        raise WrongCode
    step = totp.matching_step(_secret_of(app), squeezed, _now(now), after=app.last_step)
    if step is None or not _take_step(app, step):
        raise WrongCode
    return "app"


def unused_code_of(user: User, now: float | None = None) -> str | None:
    """What the app of somebody invented would show, for the door of a demonstration."""
    app = AuthenticatorApp.objects.filter(user=user).first()
    return totp.unused_code(_secret_of(app), _now(now), after=app.last_step) if app else None


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """In place of those before; shown once."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, hash=_hash(_squeezed(code))) for code in codes)
    return codes


@transaction.atomic
def remove_authenticator(user: User) -> None:
    """Raises LastFactor."""
    user = User.objects.select_for_update().get(pk=user.pk)  # two at once would each leave the other
    if not has_passkey(user):
        raise LastFactor
    AuthenticatorApp.objects.filter(user=user).delete()
    audit(AuditEvent.Kind.FACTOR_REMOVED, user, detail="app")


@transaction.atomic
def reset_factors(user: User, by: User | None) -> None:
    """For somebody who has lost every way in: they sign in with their passphrase and are led through enrolment anew.

    `by`: nobody for a command on the server.
    """
    forget_factors(user)
    end_sessions(user)
    audit(AuditEvent.Kind.FACTOR_RESET, by, detail=user.code)


def _secret_of(app: AuthenticatorApp) -> bytes:
    try:
        return totp.open_secret(bytes(app.sealed), app.user.code)
    except CannotOpen:
        raise FactorUnreadable from None


def _take_step(app: AuthenticatorApp, step: int) -> bool:
    """The same code at the same moment twice: the database lets one of the two through."""
    return AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step) == 1


def _use_recovery_code(user: User, squeezed: str) -> None:
    if RecoveryCode.objects.filter(user=user, hash=_hash(squeezed)).delete()[0] == 0:
        raise WrongCode
    audit(AuditEvent.Kind.RECOVERY_CODE_USED, user)


def _new_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(letters[place : place + _GROUP] for place in range(0, _CODE_LENGTH, _GROUP))


def _squeezed(typed: str) -> str:
    """Without the blanks and dashes in which a code is shown and typed; an o is a nought, an i or l a one."""
    kept = re.sub(r"[^0-9a-z]", "", typed.lower())
    return kept.translate(str.maketrans("oil", "011"))


def _hash(squeezed: str) -> bytes:
    return hashlib.sha256(squeezed.encode()).digest()


def _now(given: float | None) -> float:
    return time.time() if given is None else given
