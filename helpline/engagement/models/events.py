"""Who comes to an event, and who would if there were room."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.content.models import EventPage
from helpline.lines.bilingual import Language
from helpline.vault.codes import new_code
from helpline.vault.erasure import Erasure

LONGEST_NAME = 80
LONGEST_ORGANIZATION = 120
LONGEST_NEEDS = 500
SEALED_PERSON_BYTES = 4_400  # nonce; name, organization, address and needs as JSON in steps of 256 bytes; tag
FORGET = "helpline.engagement.events.forget_people"


class Registration(models.Model):
    """Somebody who registered: by a form and a mailed link, so that nobody takes a room's seats in others' names."""

    class State(models.TextChoices):
        ASKED = "asked", _("Has not used the mailed link yet")
        WAITING = "waiting", _("On the waiting list")
        COMING = "coming", _("Coming")

    erasure = Erasure(
        holds="the name, organization, e-mail address and access needs, sealed, of somebody who registered for an "
        "event, and in which language they read",
        ends="14 days after the event; two days after the form where the mailed link is not used; and when they leave",
        by=FORGET,
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    event = models.ForeignKey(EventPage, on_delete=models.PROTECT, related_name="registrations")
    find_hash = models.BinaryField(max_length=32, help_text=_("Of the address; keyed, outside the database."))
    sealed = models.BinaryField(max_length=SEALED_PERSON_BYTES, help_text=_("Under a key outside the database."))
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    token_hash = models.BinaryField(max_length=32, null=True, help_text=_("SHA-256 of the mailed link’s 32 bytes."))
    asked_at = models.DateTimeField(default=timezone.now)
    placed_at = models.DateTimeField(null=True, help_text=_("Since when they wait: whoever waits longest comes first."))
    told = models.CharField(
        max_length=32, blank=True, help_text=_("What they were last told, as a digest; something else is told anew.")
    )
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["placed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "waiting", "coming"]), name="engagement_registration_state"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", placed_at=None) | ~Q(state="asked") & Q(placed_at__isnull=False),
                name="engagement_registration_placed",
            ),
            models.UniqueConstraint(
                fields=["event", "find_hash"], condition=~Q(state="asked"), name="engagement_registered_once"
            ),
        ]
        indexes = [models.Index(fields=["event", "find_hash"], name="engagement_registration_of")]
