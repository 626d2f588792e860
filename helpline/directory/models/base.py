"""What every row of the directory has beside its HSDS fields: where it came from, and when it changed last.

HSDS fields are those of `helpline.directory.fields`; any other field of a row is ours and never leaves with it.
"""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.directory.fields import Identity
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

OF_A_SERVICE = Erasure(
    holds="how a service, and whoever works there, can be reached, as the service made it public or gave it to staff",
    ends="when its source no longer names it, or when it is withdrawn",
    by="helpline.directory.actions.withdraw",
)


class Source(models.Model):
    """Where rows come from, and under which licence they may be passed on."""

    erasure = NOTHING_PERSONAL

    name = models.CharField(max_length=120, unique=True)
    licence = models.CharField(max_length=200, blank=True)
    url = models.URLField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was imported last."))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Row(models.Model):
    """One object of the standard."""

    id = Identity(primary_key=True, default=uuid4)
    origin = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    file: ClassVar[str]
    """Its file in a data package, as the standard names it."""
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    has_attributes: ClassVar[bool] = True
    has_metadata: ClassVar[bool] = True

    class Meta:
        abstract = True


class Hideable(Row):
    """What may be known to staff only: it is in no answer, no file and no list of changes for anybody else."""

    is_private = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Tombstone(models.Model):
    """That a row was once here, so that whoever copied it takes it away too. The row's name is all that is kept."""

    erasure = NOTHING_PERSONAL

    table = models.CharField(max_length=40)
    row_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now, db_index=True)
    origin = models.ForeignKey(
        Source,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Which source no longer names it; empty: staff took it away."),
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["table", "row_id"], name="directory_one_tombstone")]
