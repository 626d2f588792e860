"""What sign-in and unlocking need to know."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from helpline.accounts.models import AuthenticatorApp, Passkey, RecoveryCode, StaffKeyWrap, StaffSession, User
from helpline.vault import passphrases


class KeyMissing(Exception):
    """This account has no key that a passphrase opens."""


def salt_for(username: str) -> bytes:
    """The salt that a browser stretches the passphrase with; for a name that nobody has, one like it."""
    decoy = passphrases.decoy_salt(settings.SECRET_KEY, username)
    wrap = StaffKeyWrap.objects.filter(
        user__username=username, user__is_active=True, kind=StaffKeyWrap.Kind.PASSPHRASE
    ).first()
    return bytes(wrap.salt) if wrap else decoy


def passphrase_wrap_of(user: User) -> StaffKeyWrap:
    """The person's private key as their passphrase opens it. Raises KeyMissing."""
    try:
        return StaffKeyWrap.objects.get(user=user, kind=StaffKeyWrap.Kind.PASSPHRASE)
    except StaffKeyWrap.DoesNotExist:
        raise KeyMissing from None


def has_factor(user: User) -> bool:
    return has_authenticator(user) or has_passkey(user)


def passkeys_that_open(user: User) -> QuerySet[Passkey]:
    """Those that open the person's key, too."""
    return Passkey.objects.filter(user=user, key_wrap__isnull=False).select_related("key_wrap").order_by("pk")


def has_authenticator(user: User) -> bool:
    return AuthenticatorApp.objects.filter(user=user).exists()


def has_passkey(user: User) -> bool:
    return Passkey.objects.filter(user=user).exists()


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user).count()


def browsers_of(user: User) -> int:
    """In how many browsers this person is signed in."""
    return StaffSession.objects.filter(user=user, expire_date__gt=timezone.now()).count()


def sessions_of(user: User) -> QuerySet[StaffSession]:
    """Where this person is signed in, the newest first."""
    return StaffSession.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-signed_in_at", "code")
