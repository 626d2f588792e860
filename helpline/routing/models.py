"""Who waits, and who is there to answer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import Conversation
from helpline.vault.erasure import Erasure


class QueueEntry(models.Model):
    """A conversation waiting. The order key is fixed on arrival: in danger first, then who came first."""

    erasure = Erasure(
        holds="that somebody waits",
        ends="with the wait",
        by="helpline.conversations.actions.erase",
    )

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="queue_entry")
    is_in_danger = models.BooleanField(default=False)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_in_danger", "entered_at", "id"]


class Presence(models.Model):
    """Whether a member of staff takes conversations, and how many at once."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("Available")
        WRAP_UP = "wrap_up", _("Wrapping up")
        AWAY = "away", _("Away")

    erasure = Erasure(
        holds="whether a staff member is present",
        ends="with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presence")
    state = models.CharField(max_length=10, choices=State.choices, default=State.AWAY)
    capacity = models.PositiveSmallIntegerField(default=3)
    changed_at = models.DateTimeField(auto_now=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text=_("The open desk's last sign of life."))

    class Meta:
        constraints = [
            # Four text conversations at once is the most that anybody holds well (design, 08-routing).
            models.CheckConstraint(
                condition=models.Q(capacity__gte=1) & models.Q(capacity__lte=4), name="routing_capacity"
            )
        ]
