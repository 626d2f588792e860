"""New words for somebody's keys, of their own accord: the keys stay, and so does what is sealed to them."""

from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, StaffKeyWrap, StaffSession, User


class ChangedMeanwhile(Exception):
    """In another tab, after this one had asked for the old words."""


@transaction.atomic
def renew_passphrase(user: User, *, salt: bytes, wrapped: bytes, sign_in_secret: str) -> None:
    """Take what the new words yield in place of what the old ones did. Raises ChangedMeanwhile.

    Passkeys go on: they hold the same keys. Other browsers are another matter (`end_other_sessions`).
    """
    before = user.password
    user.set_password(sign_in_secret)
    if not User.objects.filter(pk=user.pk, password=before).update(password=user.password, handed_words_at=None):
        raise ChangedMeanwhile
    user.handed_words_at = None
    own = StaffKeyWrap.objects.filter(user=user, kind=StaffKeyWrap.Kind.PASSPHRASE)
    own.update(salt=salt, wrapped=wrapped, made_at=timezone.now())
    audit(AuditEvent.Kind.PASSPHRASE_CHANGED, user)


def end_other_sessions(user: User, kept: str | None) -> None:
    StaffSession.objects.filter(user=user).exclude(session_key=kept).delete()
