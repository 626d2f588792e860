"""What is counted about a conversation. No words, and after erasure no way back to anybody."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import Conversation
from helpline.lines.models import Channel, Line
from helpline.lines.regions import Region
from helpline.records import codes, editions
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure


def coded(choices: type[models.TextChoices], **options: object) -> "models.CharField[str, str]":
    """A coded field that is "not stated" until somebody states it."""
    return models.CharField(max_length=20, choices=choices.choices, default=codes.NOT_STATED, **options)  # type: ignore[arg-type]  # options are CharField's own


class ContactRecord(models.Model):
    """The coded account of one contact, answered or abandoned."""

    erasure = Erasure(
        holds="coded facts about one contact",
        ends="the link to the conversation ends when the words do; the codes stay, naming nobody",
        by="helpline.conversations.actions.erase",
    )

    # Random, so that its order tells nothing of when it was made.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_settled = models.BooleanField(
        default=False, help_text=_("Written anew among others since the conversation ended: actions.settle_records.")
    )
    conversation = models.OneToOneField(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="record"
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="records")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # The hour, not the minute: enough for the figures, too little to find somebody by.
    started_hour = models.DateTimeField()
    fate = models.CharField(
        max_length=20,
        choices=codes.Fate.choices,
        blank=True,
        help_text=_("Empty as long as the contact goes on: it counts nowhere before it is over."),
    )
    wait_seconds = models.PositiveIntegerField(default=0)
    first_reply_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("From the beginning to the first words of staff.")
    )
    handled_seconds = models.PositiveIntegerField(null=True, blank=True)
    is_late = models.BooleanField(
        default=False, help_text=_("It was over only when its month had been closed: it counts nowhere.")
    )
    is_complete = models.BooleanField(default=False, help_text=_("A counsellor has coded it, or there was none."))
    code_edition = models.CharField(max_length=10, default=editions.FIRST, help_text=_("Of the code lists."))
    person = models.UUIDField(
        null=True,
        blank=True,
        help_text=_(
            "Random, and shared by what is known to be the same person's on one line within one month, until "
            "that is counted: one person is not counted as a crowd."
        ),
    )

    role = coded(codes.Role)
    age = coded(codes.Age)
    gender = coded(codes.Gender)
    ethnicities = ArrayField(models.CharField(max_length=20, choices=codes.Ethnicity.choices), default=list, blank=True)
    region = coded(Region)
    returning = coded(codes.Returning)
    language = models.CharField(max_length=12, default="en")
    interpreter = coded(codes.YesNo)
    disability = coded(codes.YesNo)
    harm = coded(codes.Harm)
    harm_when = coded(codes.HarmWhen)
    in_childhood = coded(codes.YesNo)
    relationship = coded(codes.Relationship)
    needs = ArrayField(models.CharField(max_length=20, choices=codes.Need.choices), default=list, blank=True)
    outcome = coded(codes.Outcome)
    not_counselling = models.CharField(max_length=20, choices=codes.NotCounselling.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["line", "started_hour"], name="records_month")]
        constraints = [
            models.CheckConstraint(condition=models.Q(fate__in=["", *codes.Fate.values]), name="records_fate"),
        ]

    @property
    def is_answered(self) -> bool:
        return self.fate == codes.Fate.ANSWERED


class ClosedMonth(models.Model):
    """A month of a line in which nothing is coded any more. It counts as it is."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="closed_months")
    month = models.DateField(help_text=_("Its first day."))
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["line", "month"], name="records_closed_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="records_closed_first_day"),
        ]


class SecondCoding(models.Model):
    """That a colleague who was in a conversation is asked to code it too, without seeing how it was coded."""

    erasure = Erasure(
        holds="that a colleague codes a contact a second time, and how",
        ends="when both have coded it, when its month closes, or with the conversation",
        by="helpline.conversations.actions.erase",
    )

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="second_coding")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_codings")
    coded = models.JSONField(null=True, help_text=_("Codes by field; empty until they have coded it."))


class Agreement(models.Model):
    """How often two people who coded the same contacts gave which two codes. No contact, and nobody's name."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="agreements")
    month = models.DateField(help_text=_("The first of the month."))
    field = models.CharField(max_length=20)
    first = models.CharField(max_length=20, help_text=_("The counsellor's code; yes or no where several may stand."))
    second = models.CharField(max_length=20)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "month", "field", "first", "second"], name="records_agreement_once")
        ]


class SurveyAnswer(models.Model):
    """Two answers that a help-seeker chose to give. No link to the conversation, and the month only,
    so that nobody's counsellor can tell whose it is."""

    erasure = NOTHING_PERSONAL

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_settled = models.BooleanField(default=False, help_text=_("As a ContactRecord's."))
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="survey_answers")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    month = models.DateField(help_text=_("The first of the month."))
    helped = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("1 (no) to 5 (very much)"))
    knows_next_step = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(helped__isnull=True) | models.Q(helped__range=(1, 5)), name="records_helped"
            )
        ]
