"""Who is in a conversation beside the two who write it, and what is between them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import AuditEvent
from helpline.conversations.models.heart import ENDS, ERASE, Conversation
from helpline.lines.models import Line
from helpline.vault.erasure import Erasure
from helpline.vault.models import DayKey

ENDS_AT_CLOSE = "when the conversation ends"


class Companion(models.Model):
    """Somebody of staff who is in a conversation beside its counsellor, for as long as `ended_at` is empty.

    None can exist without the notice that told both sides, nor without its audit row: `told_seq` is a foreign key to
    the message (two columns, so the migration has it and Django does not know), and `audit_event` may not be empty.
    """

    class Kind(models.TextChoices):
        READING = "reading", _("Reads along")
        JOINED = "joined", _("Has joined")
        THREE_WAY = "three_way", _("A colleague, for a moment")

    erasure = Erasure(holds="which colleagues were in a conversation", ends=ENDS, by=ERASE)

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="companions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="companions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    told_seq = models.IntegerField(help_text=_("The notice in the conversation that says so."))
    audit_event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # Begins with the conversation, by which the SQL functions look.
            models.UniqueConstraint(
                fields=["conversation", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="conversations_one_companion",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["reading", "joined", "three_way"]), name="conversations_companion_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(ended_at__isnull=True), name="conversations_accompanied")
        ]


class Whisper(models.Model):
    """What the counsellor and a companion write to each other; never to the help-seeker, who knows that they may.

    Sealed twice, to the two of them and to nobody else: no grant of the conversation opens it. Both are wrapped once
    more under `day_key`, as a grant is.
    """

    erasure = Erasure(holds="sealed words between colleagues", ends=ENDS_AT_CLOSE, by=ERASE)

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="whispers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=22)
    sealed_to = models.BinaryField(max_length=9612)
    sealed_own = models.BinaryField(max_length=9612)
    day_key = models.ForeignKey(DayKey, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "client_id"], name="conversations_whisper_once"),
            models.CheckConstraint(condition=~models.Q(author=models.F("to")), name="conversations_whisper_to_other"),
        ]


class Handover(models.Model):
    """A counsellor's wish to hand over, with what the person is asked and what they answered.

    `note`, if there is one, is sealed as a message of the counsellor's is, but stands in no stream.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        AGREED_WITHOUT_NOTE = "agreed_without_note", _("Agreed, without the note")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DONE = "done", _("Done")

    LIVE = ("asked", "agreed", "agreed_without_note")

    erasure = Erasure(holds="a sealed note for the next counsellor, and who it is", ends=ENDS_AT_CLOSE, by=ERASE)

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="handovers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_skill = models.SlugField(blank=True, db_index=False)
    to_supervisor = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State.choices)
    client_id = models.CharField(max_length=22, blank=True)
    key_id = models.CharField(max_length=22, blank=True)
    sealed_key = models.BinaryField(max_length=1168, null=True, blank=True)
    sealed = models.BinaryField(max_length=8476, null=True, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(state__in=["asked", "agreed", "agreed_without_note"]),
                name="conversations_one_handover",
            ),
            models.CheckConstraint(
                condition=models.Q(to_user__isnull=False, to_line=None, to_skill="", to_supervisor=False)
                | models.Q(to_user=None, to_line__isnull=False, to_skill="", to_supervisor=False)
                | (models.Q(to_user=None, to_line=None, to_supervisor=False) & ~models.Q(to_skill=""))
                | models.Q(to_user=None, to_line=None, to_skill="", to_supervisor=True),
                name="conversations_handover_target",
            ),
            # The person agreed to the note, or has yet to: otherwise there is none.
            models.CheckConstraint(
                condition=models.Q(sealed=None, sealed_key=None, client_id="", key_id="")
                | (
                    models.Q(sealed__isnull=False, sealed_key__isnull=False, state__in=["asked", "agreed", "done"])
                    & ~models.Q(client_id="")
                    & ~models.Q(key_id="")
                ),
                name="conversations_handover_note",
            ),
        ]

    @property
    def has_note(self) -> bool:
        return self.sealed is not None

    def leave(self, state: str, at: datetime) -> None:
        """Come to a state in which the note ends."""
        self.state, self.answered_at = state, self.answered_at or at
        self.client_id = self.key_id = ""
        self.sealed = self.sealed_key = None
        self.save()


class Disclosure(models.Model):
    """That a counsellor asks to break confidentiality, and what another person answers.

    The reason, what is told and to whom are one sealed text, to the line's supervisors and to who asks, wrapped once
    more under `day_key` as a grant is.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    erasure = Erasure(holds="sealed words about what was told to whom, and why", ends=ENDS, by=ERASE)

    code = models.CharField(max_length=22, unique=True, help_text=_("Made by the page that asks."))
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="disclosures")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    sealed_to_supervisors = models.BinaryField(max_length=9612)
    sealed_own = models.BinaryField(max_length=9612)
    day_key = models.ForeignKey(DayKey, on_delete=models.PROTECT, related_name="+")
    is_person_told = models.BooleanField(help_text=_("Telling them does not put anybody in danger."))
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(state="asked"), name="conversations_one_disclosure_asked"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", answered_by=None, answered_at=None)
                | models.Q(state__in=["approved", "declined"], answered_by__isnull=False, answered_at__isnull=False),
                name="conversations_disclosure_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("answered_by")), name="conversations_disclosure_two_people"
            ),
        ]


class HelpCall(models.Model):
    """A counsellor's "help me now", until a supervisor says that they are there."""

    erasure = Erasure(holds="that a counsellor called for help", ends=ENDS_AT_CLOSE, by=ERASE)

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="help_calls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(answered_by__isnull=True),
                name="conversations_one_call_for_help",
            )
        ]


class Guest(models.Model):
    """A service's worker in a conversation, with the person's consent, for as long as `ended_at` is empty.

    They hold no key of the conversation: their browser made a pair for this one time, and what is said from `told_seq`
    on is sealed to it (`ForGuest`). As with a companion, none can exist without the notice that told both sides.
    """

    erasure = Erasure(holds="which service was in a conversation, and by which account of its", ends=ENDS, by=ERASE)

    code = models.CharField(max_length=22, unique=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="guests")
    referral = models.CharField(max_length=22, help_text=_("The code of the referral with the consent to it."))
    who = models.CharField(max_length=22, help_text=_("The code of an account of the services’ door."))
    name = models.TextField(help_text=_("What everybody reads: the service, and that it is one. Never a person’s."))
    public_key = models.BinaryField(max_length=1216)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("When their page asked last, to some seconds."))
    ended_at = models.DateTimeField(null=True, blank=True)
    told_seq = models.IntegerField(help_text=_("The notice in the conversation that says so; they read from there on."))
    audit_event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # One service at a time, so that whose words are whose is never in doubt.
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(ended_at__isnull=True),
                name="conversations_one_guest",
            )
        ]
        indexes = [
            models.Index(
                fields=["seen_at"], condition=models.Q(ended_at__isnull=True), name="conversations_guests_here"
            ),
            models.Index(fields=["conversation", "told_seq"], name="conversations_guests_by_time"),
        ]


class ForGuest(models.Model):
    """One message as the guest reads it: opened and sealed again by the counsellor's page. It ends with their time.

    `seq` is the message's; 0 is the summary, where the person said yes to one.
    """

    SUMMARY = 0

    erasure = Erasure(holds="words sealed to a service's worker", ends="when they leave", by=ERASE)

    pk = models.CompositePrimaryKey("guest_id", "seq")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="words", db_index=False)
    seq = models.IntegerField()
    sealed = models.BinaryField(max_length=9584)
