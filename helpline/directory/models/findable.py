"""The index of a search: what `helpline.directory.index` makes of the directory. It holds nothing that is private.

Narrow rows are what is gone through to rank; what a card shows stands beside them and is read for a few only.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from helpline.directory.models.base import OF_A_SERVICE
from helpline.vault.erasure import NOTHING_PERSONAL


class Findable(models.Model):
    """A service in the index. Regions and for whom it is are bits, in the order of `index.REGIONS` and `index.WHOM`."""

    erasure = NOTHING_PERSONAL

    number = models.AutoField(primary_key=True)
    service = models.UUIDField(unique=True)
    organization = models.UUIDField(null=True)
    side = models.CharField(max_length=8, blank=True)
    is_national = models.BooleanField()
    regions = models.IntegerField()
    for_whom = models.IntegerField()
    languages = ArrayField(models.CharField(max_length=8))
    is_free = models.BooleanField()
    week = ArrayField(models.SmallIntegerField(), help_text="Hours of the week (0 to 167) in which it may be open.")
    room = models.SmallIntegerField(help_text="1 takes people, 0 not known, -1 full.")
    verified_on = models.DateField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    spots = ArrayField(models.FloatField(), help_text="Latitude and longitude of further places, in turns.")
    words = ArrayField(models.IntegerField(), help_text="Of its postings.")
    digest = models.BinaryField(help_text="Of all that this was made of: what is the same is not written anew.")


class Shown(models.Model):
    """What a card shows of a service."""

    erasure = OF_A_SERVICE

    findable = models.OneToOneField(Findable, on_delete=models.CASCADE, primary_key=True)
    name = models.TextField()
    about = models.TextField()
    shown = models.TextField(help_text="JSON, as it is: nothing is looked for in it.")


class Word(models.Model):
    """A word of a service, folded; or a need, as `#` and its code."""

    erasure = NOTHING_PERSONAL

    word = models.CharField(max_length=40, unique=True)
    services = models.IntegerField(default=0, help_text="How many have it.")

    class Meta:
        indexes = [models.Index(fields=["word"], name="directory_word_like", opclasses=["text_pattern_ops"])]


class Real(models.FloatField):  # type: ignore[type-arg]  # cannot be subscripted when it runs
    """Half as many bytes as Django's: there are millions of them, and four figures do."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "real"


class Posting(models.Model):
    """That a word is in a service, and how much it says there: from 0 to 1."""

    erasure = NOTHING_PERSONAL

    pk = models.CompositePrimaryKey("word_id", "number")
    word_id = models.IntegerField()
    number = models.IntegerField()
    scope = models.IntegerField(help_text="Where and for which side it may be found (`index.scope_of`).")
    weight = Real()


class Index(models.Model):
    """The one row says by which edition of the rules the index was made, and how many services it has."""

    erasure = NOTHING_PERSONAL

    edition = models.IntegerField()
    services = models.IntegerField()
