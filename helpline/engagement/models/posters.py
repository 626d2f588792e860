"""Posters that somebody asked to be sent, and how often the squares of posters were followed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpline.lines.models import Line
from helpline.lines.regions import Region
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure
from helpline.vault.kept import sealed_bytes

LONGEST_ADDRESS = 300
ADDRESS_BYTES = sealed_bytes(4 * LONGEST_ADDRESS)


class PosterOrder(models.Model):
    """How many of which posters are to be sent where. No name is asked for, and no way to write back."""

    erasure = Erasure(
        holds="the postal address, sealed, that somebody wants posters sent to, how many of which, and on which day",
        ends="the address when they are sent, the rest being counts; all of it 60 days after the order, sent or not",
        by="helpline.engagement.posters.end_orders",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField(
        max_length=ADDRESS_BYTES, null=True, help_text=_("The address, under a key outside the database; empty: sent.")
    )
    items = models.JSONField(default=list, help_text=_("How many of each: poster, format, language, count."))
    ordered_on = models.DateField()
    sent_on = models.DateField(null=True)

    class Meta:
        ordering = ["ordered_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed__isnull=True, sent_on__isnull=False) | Q(sealed__isnull=False, sent_on__isnull=True),
                name="engagement_address_until_sent",
            )
        ]


class PosterVisits(models.Model):
    """How often posters of one kind in one region led somebody here in a month. Nobody is counted twice or once: only
    openings are, and nothing else of them is known."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    poster = models.CharField(max_length=3)
    region = models.CharField(max_length=20, choices=Region.choices, blank=True, help_text=_("Empty: for none."))
    month = models.DateField(help_text=_("Its first day."))
    visits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "poster", "region", "month"], name="engagement_visits_once")
        ]
