"""Who of staff is who at the organisation's own sign-in: linked by the person, never by a name or an e-mail address."""

from django.conf import settings
from django.db import IntegrityError, transaction

from helpline.accounts.actions import audit
from helpline.accounts.backends import StaffBackend
from helpline.accounts.models import AuditEvent, ProviderIdentity, User
from helpline.accounts.queries import has_factor
from helpline.vault.id_tokens import subject_hash


class IdentityTaken(Exception):
    """A colleague has linked it."""


class IdentityUnknown(Exception):
    """Nobody who may come in has linked it."""


@transaction.atomic
def link_identity(user: User, subject: str) -> None:
    """In place of the one before. Raises IdentityTaken."""
    facts = {"issuer": settings.OIDC_ISSUER, "subject_hash": subject_hash(settings.OIDC_ISSUER, subject)}
    try:
        with transaction.atomic():
            ProviderIdentity.objects.update_or_create(user=user, defaults=facts)
    except IntegrityError:
        raise IdentityTaken from None
    audit(AuditEvent.Kind.PROVIDER_LINKED, user)


@transaction.atomic
def unlink_identity(user: User) -> None:
    """Removing again what is removed already is no error."""
    if ProviderIdentity.objects.filter(user=user).delete()[0]:
        audit(AuditEvent.Kind.PROVIDER_UNLINKED, user)


def is_linked(user: User) -> bool:
    """To the provider of now: a link to the one before opens nothing."""
    return ProviderIdentity.objects.filter(user=user, issuer=settings.OIDC_ISSUER).exists()


def whose_identity(subject: str) -> User:
    """Raises IdentityUnknown: also for whoever has no second step, which no provider may set up by itself."""
    found = ProviderIdentity.objects.select_related("user").filter(
        subject_hash=subject_hash(settings.OIDC_ISSUER, subject)
    )
    identity = found.first()
    if identity is None or not StaffBackend().user_can_authenticate(identity.user) or not has_factor(identity.user):
        raise IdentityUnknown
    return identity.user
