"""A list of services that somebody was told about, to be looked up again with four words."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.vault.erasure import Erasure


class Summary(models.Model):
    """Whoever has the words sees the services. It says neither who was told, nor by whom, nor in which conversation."""

    erasure = Erasure(
        holds="which services somebody was told about, found with their words only; nothing of who they are",
        ends="after its last day, or when whoever has the words deletes it",
        by="helpline.directory.summaries.end_summaries",
    )

    # Random, and the day rather than the moment: neither tells beside which conversation it was made.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    words_hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of the four words."))
    services = ArrayField(models.UUIDField())
    expires_on = models.DateField(db_index=True, help_text=_("The last day on which it is found."))
