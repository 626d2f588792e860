"""A helpline and the keys that its staff share."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import Role
from helpline.lines.regions import Region
from helpline.vault import contexts
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure
from helpline.vault.statements import Statement


class Channel(models.TextChoices):
    WEBCHAT = "webchat", _("Web chat")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    VOICE = "voice", _("Phone")


class Line(models.Model):
    """One helpline: its name, languages, the ways to reach it, and who may answer it."""

    erasure = NOTHING_PERSONAL

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel.choices), default=list)
    phone = models.CharField(max_length=30, blank=True)
    text_number = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    hosts = ArrayField(
        models.CharField(max_length=253), default=list, blank=True, help_text=_("Host names of its public site.")
    )
    required_skills = ArrayField(
        models.SlugField(), default=list, blank=True, help_text=_("Whoever answers has all of them.")
    )
    required_courses = ArrayField(
        models.SlugField(), default=list, blank=True, help_text=_("Whoever answers has done all of these courses.")
    )
    regions = ArrayField(
        models.CharField(max_length=20, choices=Region.choices),
        default=list,
        blank=True,
        help_text=_("Where it is open so far; none means everywhere."),
    )

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a line is open on one weekday, by New Zealand's clock (hours.py); a line without any is always open."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(help_text=_("0 is Monday; the day on which it opens."))
    opens = models.TimeField(default=dt.time(0))
    closes = models.TimeField(default=dt.time(0), help_text=_("Not later than it opens: on the day after."))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="lines_hours_weekday"),
            models.UniqueConstraint(fields=["line", "weekday", "opens"], name="lines_hours_once"),
        ]


class Overflow(models.Model):
    """That staff of line `to` help out on `line` once somebody has waited so long there; at once in danger.

    Only those who have the skills that `line` requires; they are given its queue key for it.
    """

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="overflows")
    to = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="helps_out")
    after_seconds = models.PositiveIntegerField(default=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "to"], name="lines_overflow_once"),
            models.CheckConstraint(condition=~models.Q(line=models.F("to")), name="lines_overflow_elsewhere"),
        ]


class RetentionRule(models.Model):
    """How long a line keeps words after the end of a conversation, where that is not HELPLINE_RETENTION_DAYS."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="retention_rules")
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True, help_text=_("Empty: on any other."))
    words_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "channel"], name="lines_retention_once"),
            models.CheckConstraint(
                condition=models.Q(words_days__range=(1, 365)), name="lines_retention_within_a_year"
            ),
        ]


class LineMembership(models.Model):
    """That a member of staff works on a line."""

    erasure = Erasure(
        holds="which line a staff member works on",
        ends="with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "user"], name="lines_one_membership")]


class Invitation(models.Model):
    """That somebody is asked to become a member of staff. Whoever has its six words makes the account, once.

    The keys are made in the invited person's own browser: nobody else ever holds them, and the server never does.
    """

    erasure = Erasure(
        holds="the name, pseudonym, role, lines and skills that somebody is invited under",
        ends="when it is taken up or taken back, or a week after it was made",
        by="helpline.lines.invitations.end_invitations",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, help_text=_("Becomes the person's own."))
    words_hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of the six words"))
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=40)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.COUNSELLOR)
    lines = ArrayField(models.SlugField(), default=list, blank=True, help_text=_("Slugs."))
    skills = ArrayField(models.SlugField(), default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="invitations",
        help_text=_("Empty: a command."),
    )
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["expires_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="lines_invitation_role"),
        ]


class Course(models.Model):
    """Something to be learnt, and learnt again: a skill or a line may need it of whoever answers."""

    erasure = NOTHING_PERSONAL

    # Short enough to stand beside a person's code in the account of what staff did.
    slug = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    months = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Empty: it never runs out."))
    skills = ArrayField(models.SlugField(), default=list, blank=True, help_text=_("Skills that count only with it."))

    class Meta:
        ordering = ["name"]


class Training(models.Model):
    """That a member of staff has completed a course. Done again it is another row; the longest one counts."""

    erasure = Erasure(
        holds="which course a staff member completed, and until when that counts",
        ends="with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="training")
    completed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text=_("The last day on which it counts."))

    class Meta:
        ordering = ["-completed_on"]
        constraints = [
            models.UniqueConstraint(fields=["user", "course", "completed_on"], name="lines_training_once"),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=models.F("completed_on")),
                name="lines_training_ends_after",
            ),
        ]


class LineKey(models.Model):
    """A key pair shared by a line's staff: `queue` opens what waits, `supervisor` what is supervised."""

    class Purpose(models.TextChoices):
        QUEUE = "queue", _("Queue")
        SUPERVISOR = "supervisor", _("Supervisor")

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="keys")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    epoch = models.PositiveIntegerField(default=1)
    public_key = models.BinaryField(max_length=1216)
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    wrapped_for = models.PositiveIntegerField(default=0, help_text=_("How many were given it; fewer now: one left."))
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signature = models.BinaryField(max_length=64, default=bytes, help_text=_("Empty: made while setting up."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "purpose", "epoch"], name="lines_key_epoch"),
            models.UniqueConstraint(
                fields=["line", "purpose"],
                condition=models.Q(retired_at__isnull=True),
                name="lines_one_current_key",
            ),
        ]


class LineKeyWrap(models.Model):
    """A line's private key sealed to one entitled member of staff."""

    erasure = Erasure(
        holds="a line's key, sealed to one staff member",
        ends="when that person leaves the line",
        by="helpline.accounts.actions.remove_staff",
    )

    line_key = models.ForeignKey(LineKey, on_delete=models.CASCADE, related_name="wraps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="line_key_wraps")
    sealed = models.BinaryField(max_length=1168, help_text=_("enc 1120 ‖ seed 32 ‖ tag 16"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line_key", "user"], name="lines_one_wrap_each")]


class StagedWrap(models.Model):
    """Of new keys that a supervisor's browser is making: they count when all of them are here (rotation.py)."""

    erasure = Erasure(
        holds="a line's key that is not in use yet, sealed to one staff member",
        ends="when the keys are taken into use, or made anew",
        by="helpline.lines.rotation.forget_drafts",
    )

    draft = models.CharField(max_length=22)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=LineKey.Purpose.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staged_wraps")
    sealed = models.BinaryField(max_length=1168)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "purpose", "user"], name="lines_staged_once")]


class RosterEntry(models.Model):
    """A statement about whose key may be sealed to (vault/statements.py), signed by two supervisors.

    With one signature it waits for the second and has no place in the roster yet. What has a place is never changed.
    """

    erasure = Erasure(
        holds="that somebody with a code had a key, a role and lines; no name",
        ends="whose code it is, with the account; the statement stays, since a roster only grows",
        by="helpline.accounts.actions.remove_staff",
    )

    seq = models.PositiveIntegerField(unique=True, null=True, help_text=_("Its place; empty with one signature."))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="roster_entries",
        help_text=_("Empty: the recovery key."),
    )
    number = models.PositiveIntegerField()
    public_key = models.BinaryField(max_length=1216)
    signing_key = models.BinaryField(max_length=32)
    role = models.CharField(max_length=12)
    lines = ArrayField(models.SlugField(), default=list, blank=True)
    issued_at = models.PositiveBigIntegerField(help_text=_("Seconds since 1970."))
    is_withdrawn = models.BooleanField(default=False)
    root = models.BinaryField(max_length=32, default=bytes, help_text=_("Empty for the two that found the roster."))
    first_signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_signature = models.BinaryField(max_length=64)
    second_signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    second_signature = models.BinaryField(max_length=64, default=bytes)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(seq__isnull=True),
                nulls_distinct=False,
                name="lines_roster_one_waits",
            ),
            models.UniqueConstraint(
                fields=["member", "number"],
                condition=models.Q(seq__isnull=False),
                nulls_distinct=False,
                name="lines_roster_number",
            ),
            models.CheckConstraint(
                condition=models.Q(seq__isnull=True, second_signer__isnull=True)
                | models.Q(seq__isnull=False, second_signer__isnull=False),
                name="lines_roster_place_takes_two",
            ),
            models.CheckConstraint(
                condition=models.Q(second_signer__isnull=True) | ~models.Q(first_signer=models.F("second_signer")),
                name="lines_roster_two_people",
            ),
        ]

    @property
    def subject(self) -> str:
        return self.member.code if self.member else contexts.RECOVERY

    @property
    def statement(self) -> Statement:
        return Statement(
            subject=self.subject,
            number=self.number,
            public_key=bytes(self.public_key),
            signing_key=bytes(self.signing_key),
            role=self.role,
            lines=self.lines,
            issued_at=self.issued_at,
            is_withdrawn=self.is_withdrawn,
            root=bytes(self.root),
        )


class RosterPin(models.Model):
    """What a member of staff has seen of the roster, wrapped so that only they can read or change it."""

    erasure = Erasure(
        holds="how far a staff member has seen the roster, wrapped under their own key",
        ends="with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roster_pins")
    wrapped = models.BinaryField(max_length=96, help_text=_("nonce 12 ‖ root 32 ‖ count 4 ‖ head 32 ‖ tag 16"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="lines_one_pin_each")]


class RecoveryKey(models.Model):
    """The public half of a key whose private half is on paper, split 3 of 5. The newest one is meant."""

    erasure = NOTHING_PERSONAL

    public_key = models.BinaryField(max_length=1216, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)


class RecoveryWrap(models.Model):
    """A line's private key sealed to the recovery key."""

    erasure = NOTHING_PERSONAL

    line_key = models.OneToOneField(LineKey, on_delete=models.CASCADE, related_name="recovery_wrap")
    recovery_key = models.ForeignKey(RecoveryKey, on_delete=models.CASCADE, related_name="wraps")
    sealed = models.BinaryField(max_length=1168, help_text=_("enc 1120 ‖ seed 32 ‖ tag 16"))
