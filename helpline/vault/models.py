"""Which keys exist outside the database, by name; never a key itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.vault.erasure import NOTHING_PERSONAL, Erasure


class DayKey(models.Model):
    """A key in the key store under which what was sealed on one day is wrapped once more.

    Whatever is wrapped points here, so the database lets no key go while anything still needs it.
    """

    erasure = NOTHING_PERSONAL

    name = models.CharField(max_length=40, primary_key=True, help_text=_("Random, and never used for another key."))
    day = models.DateField(help_text=_("What it wraps was sealed on this day."))
    made_on = models.DateField(help_text=_("Later than the day where it took over from another key."))
    is_writing = models.BooleanField(default=True, help_text=_("New things of its day are wrapped under it."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day"], condition=models.Q(is_writing=True), name="vault_one_writing_key")
        ]


class SpentDayKey(models.Model):
    """Something under this key has ended since it was made: it is turned in the next night.

    A row of its own, written by triggers: erasures must not wait for each other at the key's row.
    """

    erasure = NOTHING_PERSONAL

    name = models.CharField(max_length=40, db_index=True)


class EndedDayKey(models.Model):
    """Nothing is under this key any more; it is to be destroyed in the key store, and this row after it."""

    erasure = NOTHING_PERSONAL

    name = models.CharField(max_length=40, primary_key=True)


class Tombstone(models.Model):
    """On its way to the key store (tombstones.py), which keeps it where no backup of this database reaches."""

    erasure = Erasure(
        holds="the hash of a random code of what was erased",
        ends="in the moment after, when it is outside; there after 120 days",
        by="helpline.vault.tombstones.write_out",
    )

    code_hash = models.CharField(max_length=40, primary_key=True)
    ended_on = models.DateField()
