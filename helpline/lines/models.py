"""A helpline and the keys that its staff share."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.vault.erasure import NOTHING_PERSONAL, Erasure


class Channel(models.TextChoices):
    WEBCHAT = "webchat", _("Web chat")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    VOICE = "voice", _("Phone")


class Line(models.Model):
    """One helpline: its name, languages and the ways to reach it."""

    erasure = NOTHING_PERSONAL

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel.choices), default=list)
    phone = models.CharField(max_length=30, blank=True)
    text_number = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class LineMembership(models.Model):
    """That a member of staff works on a line."""

    erasure = Erasure(
        holds="which line a staff member works on",
        ends="with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "user"], name="lines_one_membership")]


class LineKey(models.Model):
    """A key pair shared by a line's staff: `queue` opens what waits, `supervisor` what is supervised."""

    class Purpose(models.TextChoices):
        QUEUE = "queue", _("Queue")
        SUPERVISOR = "supervisor", _("Supervisor")

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="keys")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    epoch = models.PositiveIntegerField(default=1)
    public_key = models.BinaryField(max_length=1216)
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "purpose", "epoch"], name="lines_key_epoch"),
            models.UniqueConstraint(
                fields=["line", "purpose"],
                condition=models.Q(retired_at__isnull=True),
                name="lines_one_current_key",
            ),
        ]


class LineKeyWrap(models.Model):
    """A line's private key sealed to one entitled member of staff.

    The roster signature of two supervisors and the offline recovery wrap will stand beside `sealed`.
    """

    erasure = Erasure(
        holds="a line's key, sealed to one staff member",
        ends="when that person leaves the line",
        by="helpline.accounts.actions.remove_staff",
    )

    line_key = models.ForeignKey(LineKey, on_delete=models.CASCADE, related_name="wraps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="line_key_wraps")
    sealed = models.BinaryField(max_length=1168, help_text=_("enc 1120 ‖ seed 32 ‖ tag 16"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line_key", "user"], name="lines_one_wrap_each")]
