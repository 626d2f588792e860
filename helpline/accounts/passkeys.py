"""Passkeys of staff: a second factor that is a first one too, and an additional way to open one's keys."""

from typing import Final

from django.db import IntegrityError, transaction

from helpline.accounts.actions import audit
from helpline.accounts.factors import LastFactor
from helpline.accounts.models import AuditEvent, Passkey, StaffKeyWrap, User
from helpline.accounts.queries import has_authenticator
from helpline.vault.passkeys import Answer, Door, NotThisPasskey, State, id_in

MOST: Final = 10  # of one person; more is a mistake


class TooMany(Exception):
    """Remove one that is no longer used."""


@transaction.atomic
def add_passkey(user: User, door: Door, state: State, answer: Answer, name: str) -> Passkey:
    """Raises NotThisPasskey and TooMany."""
    if user.passkeys.count() >= MOST:
        raise TooMany
    credential_id, credential = door.made(state, answer)
    facts = {"credential_id": credential_id, "credential": credential, "host": door.host, "name": name}
    try:
        with transaction.atomic():
            made = Passkey.objects.create(user=user, **facts)
    except IntegrityError as error:
        raise NotThisPasskey from error  # known already, to them or to somebody else
    audit(AuditEvent.Kind.FACTOR_ADDED, user, detail="passkey")
    return made


@transaction.atomic
def use_passkey(door: Door, state: State, answer: Answer) -> Passkey:
    """Whose it is has come in. Raises NotThisPasskey: also where it counts backwards, as only a copy would."""
    passkey = Passkey.objects.select_related("user").filter(credential_id=id_in(answer), host=door.host).first()
    if passkey is None:
        raise NotThisPasskey
    count = door.used(state, bytes(passkey.credential), answer)
    never_counts = count == passkey.sign_count == 0
    if not never_counts and not Passkey.objects.filter(pk=passkey.pk, sign_count__lt=count).update(sign_count=count):
        raise NotThisPasskey
    return passkey


@transaction.atomic
def wrap_key(passkey: Passkey, wrapped: bytes) -> None:
    """Let it open the keys too; in place of what it opened before. Never the only way: the passphrase's stays."""
    StaffKeyWrap.objects.filter(passkey=passkey).delete()
    StaffKeyWrap.objects.create(user=passkey.user, kind=StaffKeyWrap.Kind.PASSKEY, passkey=passkey, wrapped=wrapped)


@transaction.atomic
def remove_passkey(passkey: Passkey) -> None:
    """With what it opened. Raises LastFactor."""
    user = User.objects.select_for_update().get(pk=passkey.user_id)  # two at once would each leave the other
    if not has_authenticator(user) and user.passkeys.count() == 1:
        raise LastFactor
    passkey.delete()
    audit(AuditEvent.Kind.FACTOR_REMOVED, user, detail="passkey")
