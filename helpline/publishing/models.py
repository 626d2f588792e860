"""What is released: bytes that two people have signed, and notes beside them. Neither ever changes (migration 0001)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpline.lines.models import Line
from helpline.publishing import seal
from helpline.publishing.programme import Period
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

LONGEST_NOTE = 2000


class SignedByTwo(models.Model):
    """One person proposes by signing, another one releases by signing the same."""

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    # The keys as they were: an account may have others since.
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    first_key = models.BinaryField(max_length=32, default=bytes)
    first_signature = models.BinaryField(max_length=64, default=bytes)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    second_key = models.BinaryField(max_length=32, default=bytes)
    second_signature = models.BinaryField(max_length=64, default=bytes)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("proposed_by")),
                name="publishing_%(class)s_two_people",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True, proposed_at__isnull=True)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="publishing_%(class)s_proposed",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True, released_at__isnull=True)
                | Q(released_by__isnull=False, released_at__isnull=False, proposed_by__isnull=False),
                name="publishing_%(class)s_released",
            ),
        ]

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    @property
    def payload(self) -> bytes:
        """What is signed: each of the two kinds says it (this class has no table)."""
        raise NotImplementedError


class Release(SignedByTwo):
    """A line's protected figures of one period. `sealed` is all that is ever shown of it."""

    erasure = Erasure(
        holds="which two staff members, by code, signed figures; nothing about anybody who got in touch",
        ends="whose code it is, with the account; what was published stays published",
        by="helpline.accounts.actions.remove_staff",
    )

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="releases")
    period = models.CharField(max_length=7, choices=[(period.value, period.value) for period in Period])
    start = models.DateField(help_text=_("The period's first day."))
    sealed = models.BinaryField(help_text=_("As seal.py writes them."))
    audit = models.JSONField(default=dict, help_text=_("What the attacker found, and what the certificate proves."))
    is_sound = models.BooleanField(default=False, help_text=_("The attacker got nothing: only then can it be signed."))

    class Meta(SignedByTwo.Meta):
        ordering = ["-start"]
        constraints = [
            *SignedByTwo.Meta.constraints,
            models.UniqueConstraint(fields=["line", "period", "start"], name="publishing_one_release"),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | Q(is_sound=True), name="publishing_only_what_is_sound"
            ),
        ]

    @property
    def payload(self) -> bytes:
        return seal.payload(self.line.slug, self.period, self.start.isoformat(), bytes(self.sealed))


class Note(SignedByTwo):
    """A correction: dated words beside figures that stay as they are."""

    erasure = Erasure(
        holds="which two staff members, by code, signed a note about figures",
        ends="whose code it is, with the account; what was published stays published",
        by="helpline.accounts.actions.remove_staff",
    )

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveSmallIntegerField(help_text=_("1, 2, 3 … beside one release."))
    text = models.CharField(max_length=LONGEST_NOTE)
    text_mi = models.CharField(max_length=LONGEST_NOTE, blank=True, help_text=_("Empty: the English one is shown."))

    class Meta(SignedByTwo.Meta):
        ordering = ["number"]
        constraints = [
            *SignedByTwo.Meta.constraints,
            models.UniqueConstraint(fields=["release", "number"], name="publishing_note_number"),
        ]

    @property
    def payload(self) -> bytes:
        return seal.note_payload(bytes(self.release.sealed), self.number, (self.text, self.text_mi))


class Counted(models.Model):
    """What a closed month of a line comes to, before it is protected: read by whoever protects it, and shown nowhere.

    Counts of quarters and years are the sums of their months'.
    """

    erasure = Erasure(
        holds="how many contacts of each kind there were: a small number could tell of somebody",
        ends="when the period's figures are released",
        by="helpline.publishing.counted.forget_counts",
    )

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="counted")
    month = models.DateField(help_text=_("Its first day."))
    programme = models.CharField(max_length=64, help_text=_("Its digest: in which order."))
    counts = models.BinaryField(null=True, help_text=_("Whole numbers of 8 bytes; empty when they were forgotten."))
    waits = models.JSONField(default=dict, help_text=_("By channel."))
    reports = models.JSONField(default=dict, help_text=_("What was the matter with records, and how many."))
    counted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["line", "month", "programme"], name="publishing_counted_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="publishing_counted_first_day"),
        ]


class ContractReport(models.Model):
    """A released month's private part, for whoever pays for the line: made once, and not anew."""

    erasure = NOTHING_PERSONAL

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="contract")
    sealed = models.BinaryField(help_text=_("Protected counts, as seal.py writes them; without signatures."))
    unmet = models.BinaryField(default=bytes, help_text=_("The same of the quarter that ends with the month."))
    service = models.JSONField(help_text=_("Seconds, rounded, where there were enough; hands on duty; complaints."))
    made_at = models.DateTimeField(auto_now_add=True)


class ContractRecord(models.Model):
    """What is published of the contract for a line: one edition, which stays as it is when a newer one comes.

    `facts` are those of `contract_facts`; organisations and dates, and nobody's name.
    """

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="contract_records")
    number = models.PositiveSmallIntegerField(help_text=_("1, 2, 3 … of one line."))
    facts = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="publishing_contract_record_number"),
        ]


class ComplaintCount(models.Model):
    """How many complaints of a kind a line got in a month. No word of any, and nobody's name."""

    erasure = NOTHING_PERSONAL

    class Kind(models.TextChoices):
        WAIT = "wait", _("Not getting through, or waiting")
        STAFF = "staff", _("How somebody of staff was")
        PRIVACY = "privacy", _("Privacy")
        SERVICE = "service", _("A service that the line named")
        OTHER = "other", _("Something else")

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="complaints")
    month = models.DateField(help_text=_("Its first day."))
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "month", "kind"], name="publishing_complaints_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="publishing_complaints_first_day"),
        ]
