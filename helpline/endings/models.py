"""What is kept longer because two people say that the law demands it, and when the retention run was here."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import ERASE, Conversation
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure


class LegalHold(models.Model):
    """That one conversation may not be erased until a day. It opens nothing: who can read it stays as it was.

    One supervisor asks, another confirms; until then, and after it was refused or lifted, it holds nothing.
    """

    class Reason(models.TextChoices):
        COURT = "court", _("An order of a court")
        POLICE = "police", _("A production order or search warrant")
        CORONER = "coroner", _("A coroner’s inquiry")
        COMPLAINT = "complaint", _("A complaint or an inquiry that the law provides for")

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        CONFIRMED = "confirmed", _("In force")
        REFUSED = "refused", _("Refused")
        LIFTED = "lifted", _("Lifted")

    erasure = Erasure(
        holds="that a conversation is kept, why in one word, and who said so",
        ends="with the conversation, which is erased when the hold ends",
        by=ERASE,
    )

    code = models.CharField(max_length=22, unique=True, help_text=_("Random."))
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    until = models.DateField(help_text=_("The last day; a year at most, and then anew."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(state__in=["asked", "confirmed"]),
                name="endings_one_hold",
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("answered_by")), name="endings_hold_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", answered_by=None)
                | (~models.Q(state="asked") & models.Q(answered_by__isnull=False)),
                name="endings_hold_answered",
            ),
        ]


class RetentionRun(models.Model):
    """That the run was here, and how much ended: the next one knows from it that the clock has not gone back."""

    erasure = NOTHING_PERSONAL

    at = models.DateTimeField()
    erased = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]
