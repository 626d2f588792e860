"""Staff. A help-seeker has no account and appears nowhere in this file."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.vault.codes import new_code
from helpline.vault.erasure import Erasure

if TYPE_CHECKING:
    from helpline.accounts.sessions import SessionStore


class Role(models.TextChoices):
    COUNSELLOR = "counsellor", _("Counsellor")
    SUPERVISOR = "supervisor", _("Supervisor")
    OPERATOR = "operator", _("Operator")
    EDITOR = "editor", _("Editor")
    ANALYST = "analyst", _("Analyst")


class User(AbstractBaseUser):
    """A member of staff who signs in.

    `password` holds the hash of the sign-in secret, one of the two keys that the browser derives from
    the five-word passphrase; the other opens the private key and never reaches the server.
    """

    erasure = Erasure(
        holds="a staff member's name, pseudonym and public key",
        ends="when the operator removes the account",
        by="helpline.accounts.actions.remove_staff",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=40, help_text=_("What a help-seeker sees."))
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.COUNSELLOR)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False, help_text=_("Invented; the passphrase is public knowledge."))
    public_key = models.BinaryField(max_length=1216, help_text=_("MLKEM768-X25519, 1216 bytes"))
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_user_role"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def holds_words(self) -> bool:
        """Whether this role may ever be given a key to somebody's words."""
        return self.role in {Role.COUNSELLOR, Role.SUPERVISOR}


class StaffKeyWrap(models.Model):
    """A staff member's private key, wrapped by something only that person has."""

    class Kind(models.TextChoices):
        PASSPHRASE = "passphrase", _("Passphrase")
        PASSKEY = "passkey", _("Passkey")

    erasure = Erasure(
        holds="a wrapped private key",
        ends="with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="key_wraps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    salt = models.BinaryField(max_length=16)
    wrapped = models.BinaryField(max_length=60, help_text=_("nonce 12 ‖ seed 32 ‖ tag 16"))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(kind="passphrase"), name="accounts_one_passphrase"
            )
        ]


class StaffSession(AbstractBaseSession):
    """A signed-in browser, with its owner in a column so that it can be listed, checked and ended."""

    erasure = Erasure(
        holds="that a staff member is signed in",
        ends="at sign-out, or after twelve hours",
        by="helpline.accounts.actions.end_sessions",
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        from helpline.accounts.sessions import SessionStore  # noqa: PLC0415  # Django's documented pattern

        return SessionStore
