"""Making, ending and signing out staff."""

from django.db import transaction

from helpline.accounts.models import Role, StaffKeyWrap, StaffSession, User
from helpline.vault import passphrases, sealing


@transaction.atomic
def create_staff(
    username: str,
    name: str,
    pseudonym: str,
    role: str = Role.COUNSELLOR,
    passphrase: str | None = None,
    cost: passphrases.Cost = passphrases.COST,
) -> tuple[User, str]:
    """Make a member of staff with a key pair of their own; returns them and the passphrase, shown once.

    `cost` is lowered in tests only, where Argon2id is not what is tested.
    """
    passphrase = passphrase or passphrases.new_passphrase()
    seed = sealing.generate_seed()
    user = User(username=username, name=name, pseudonym=pseudonym, role=role)
    user.public_key = sealing.public_key_of(seed)
    salt = passphrases.new_salt()
    stretched = passphrases.stretch(passphrase, salt, cost)
    user.set_password(passphrases.sign_in_secret(stretched))
    user.save()
    StaffKeyWrap.objects.create(
        user=user,
        kind=StaffKeyWrap.Kind.PASSPHRASE,
        salt=salt,
        wrapped=passphrases.wrap_staff_seed(stretched, seed, user.code),
    )
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
