"""Parts of texts whose other parts have not come yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.channels.models import Carrier
from helpline.vault.erasure import Erasure


class ArrivedPart(models.Model):
    """One part, sealed to the gateway key with the number it came from: its carrier is told that we have it."""

    erasure = Erasure(
        holds="a part of a text and the number it came from, sealed together; a pseudonym of that number",
        ends="when the other parts have come; with STOP; with the conversation once it was shown there; within a day",
        by="helpline.channels.sms.parts.tidy",
    )

    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="+")
    pseudonym = models.BinaryField(max_length=32)
    reference = models.PositiveIntegerField(help_text=_("By which a phone says what belongs together."))
    total = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=22, help_text=_("Names the place of what is sealed."))
    sealed = models.BinaryField(max_length=9600)
    arrived_at = models.DateTimeField()
    is_shown = models.BooleanField(default=False, help_text=_("What had come was shown without the rest."))

    class Meta:
        indexes = [models.Index(fields=["arrived_at"], name="sms_part_arrived")]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "pseudonym", "reference", "total", "number"], name="sms_one_part"
            ),
        ]
