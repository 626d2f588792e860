"""Making, ending and signing out staff."""

from django.db import transaction

from helpline.accounts.models import Role, StaffKeyWrap, StaffSession, User
from helpline.vault import passphrases


@transaction.atomic
def create_staff(
    username: str,
    name: str,
    pseudonym: str,
    role: str = Role.COUNSELLOR,
    passphrase: str | None = None,
    *,
    is_demonstration: bool = False,
) -> tuple[User, str]:
    """Make a member of staff with a key pair of their own; returns them and the passphrase, shown once."""
    passphrase = passphrase or passphrases.new_passphrase()
    user = User(username=username, name=name, pseudonym=pseudonym, role=role, is_demonstration=is_demonstration)
    keys = passphrases.new_staff_keys(passphrase, user.code)
    user.public_key = keys.public_key
    user.set_password(keys.sign_in_secret)
    user.save()
    StaffKeyWrap.objects.create(user=user, kind=StaffKeyWrap.Kind.PASSPHRASE, salt=keys.salt, wrapped=keys.wrapped_seed)
    return user, passphrase


@transaction.atomic
def remove_staff(user: User) -> None:
    """End access at once and forget the person; their conversations must have been handed over or closed.

    The row stays without a name, since closed conversations within retention still point at it.
    """
    end_sessions(user)
    user.key_wraps.all().delete()
    user.line_key_wraps.all().delete()
    user.memberships.all().delete()
    user.grants.all().delete()
    user.is_active = False
    user.username = f"removed-{user.code}"
    user.name = user.pseudonym = ""
    user.set_unusable_password()
    user.save()


def end_sessions(user: User) -> int:
    """Sign out every browser of this person; returns how many."""
    return StaffSession.objects.filter(user=user).delete()[0]
