"""Ways to reach somebody, written once and shown wherever a page names them."""

import datetime as dt
from typing import Final

from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.vault.erasure import NOTHING_PERSONAL

STALE_AFTER: Final = dt.timedelta(days=90)  # a number that nobody tried for a season may be somebody else's by now


class Way(models.TextChoices):
    CALL = "call", _("Call")
    TEXT = "text", _("Text")
    EMAIL = "email", _("E-mail")
    SITE = "site", _("Website")


SCHEMES: Final = {Way.CALL: "tel:", Way.TEXT: "sms:", Way.EMAIL: "mailto:", Way.SITE: "https://"}


class ContactNumber(models.Model):
    """A number, address or site of a helpline or service, and when somebody last tried it."""

    erasure = NOTHING_PERSONAL

    slug = models.SlugField(unique=True, help_text=_("What pages call it by: womens-refuge."))
    name = models.CharField(max_length=80, help_text=_("Whose it is: Women’s Refuge."))
    name_mi = models.CharField(_("name in te reo Māori"), max_length=80, blank=True)
    way = models.CharField(max_length=5, choices=Way.choices, default=Way.CALL)
    value = models.CharField(max_length=120, help_text=_("As people write it: 0800 733 843."))
    hours = models.CharField(max_length=120, blank=True, help_text=_("When somebody answers: day and night."))
    hours_mi = models.CharField(_("hours in te reo Māori"), max_length=120, blank=True)
    checked_on = models.DateField(
        _("last checked on"), help_text=_("The day on which somebody tried it, or read it at its owner’s own page.")
    )

    class Meta:
        ordering = ["name", "way"]
        verbose_name = _("contact number")
        constraints = [models.CheckConstraint(condition=models.Q(way__in=Way.values), name="content_number_way")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"

    @property
    def is_stale(self) -> bool:
        return self.checked_on < timezone.localdate() - STALE_AFTER

    @admin.display(description=_("to be checked"))
    def is_to_be_checked(self) -> str:
        """In the editors' list, where it must be seen."""
        return str(_("Nobody checked it for three months. Please try it.")) if self.is_stale else ""

    @property
    def address(self) -> str:
        """Where its link leads."""
        is_number = self.way in {Way.CALL, Way.TEXT}
        return SCHEMES[Way(self.way)] + (self.value.replace(" ", "") if is_number else self.value)
