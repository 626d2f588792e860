"""Conversation, Message, grants: the heart. Words are here only in sealed form."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import AuditEvent
from helpline.lines.models import Channel, Line
from helpline.vault.erasure import Erasure
from helpline.vault.models import DayKey

ENDS = "when the person erases it, or at retention"
ENDS_AT_CLOSE = "when the conversation ends"
ERASE = "helpline.conversations.actions.erase"


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Author(models.TextChoices):
    HELP_SEEKER = "help_seeker", _("Help-seeker")
    COUNSELLOR = "counsellor", _("Counsellor")
    SYSTEM = "system", _("System")


class Conversation(models.Model):
    """One episode with one help-seeker over one channel."""

    erasure = Erasure(holds="that somebody was in touch, and when", ends=ENDS, by=ERASE)

    code = models.CharField(max_length=22, unique=True, help_text=_("Random; the only public name."))
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="conversations")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.WEBCHAT)
    language = models.CharField(max_length=12, default="en")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    in_danger = models.BooleanField(null=True, help_text=_("The optional question; null = not answered."))
    capability_hash = models.BinaryField(max_length=32, help_text=_("SHA-256 of the help-seeker's capability"))
    has_script = models.BooleanField(default=True, help_text=_("False: the server seals and opens for them."))
    counsellor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
    )
    started_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=12, choices=Author.choices, blank=True)
    held_until = models.DateField(
        null=True, blank=True, help_text=_("The law forbids to erase it before the day after.")
    )
    is_to_be_erased = models.BooleanField(
        default=False, help_text=_("The person has asked for it, and a hold forbade.")
    )
    # Written by the SQL functions only.
    last_seq = models.IntegerField(default=0)
    help_seeker_seq = models.IntegerField(default=0, help_text=_("The help-seeker has received up to here."))
    counsellor_seq = models.IntegerField(default=0, help_text=_("The counsellor has received up to here."))

    class Meta:
        indexes = [
            models.Index(fields=["counsellor", "state"], name="conversations_owner"),
            models.Index(fields=["closed_at"], name="conversations_closed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", counsellor__isnull=True, closed_at__isnull=True)
                | models.Q(state="open", counsellor__isnull=False, closed_at__isnull=True)
                | models.Q(state="closed", closed_at__isnull=False),
                name="conversations_legal_state",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def public_key(self) -> bytes:
        return bytes(self.key.public_key)


class ConversationKey(models.Model):
    """The public half of the conversation's key pair.

    Apart from the conversation, whose row is rewritten with every message: half the database's work a message.
    """

    erasure = Erasure(holds="a public key made for one conversation", ends=ENDS, by=ERASE)

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, primary_key=True, related_name="key")
    public_key = models.BinaryField(max_length=1216)


class SenderKey(models.Model):
    """The AES key of one author's page session, sealed to the conversation's public key."""

    erasure = Erasure(holds="a sealed key to words", ends=ENDS, by=ERASE)

    pk = models.CompositePrimaryKey("conversation_id", "key_id")
    # No index of its own: the primary key begins with it.
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="sender_keys", db_index=False)
    key_id = models.CharField(max_length=22)
    author = models.CharField(max_length=12, choices=Author.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # never looked for by whose it is
        help_text=_("Who of staff made it: each message shows its own author's name."),
    )
    sealed = models.BinaryField(max_length=1168)
    first_seq = models.IntegerField(help_text=_("The message it came with; a stream tells the key just before it."))


class Message(models.Model):
    """One thing said. `seq` counts from 1 within its conversation; `sealed` is nonce ‖ ciphertext."""

    erasure = Erasure(holds="sealed words", ends=ENDS, by=ERASE)

    pk = models.CompositePrimaryKey("conversation_id", "seq")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    seq = models.IntegerField()
    client_id = models.CharField(max_length=22)
    author = models.CharField(max_length=12, choices=Author.choices)
    key_id = models.CharField(max_length=22)
    sealed = models.BinaryField(max_length=8476)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "client_id"], name="conversations_once"),
        ]


class Grant(models.Model):
    """A conversation's private key, sealed to one reader. Erasing it takes that reader's sight away.

    `sealed` is wrapped once more under `day_key`: see daykeys.py, which alone writes and opens it.
    """

    class Reader(models.TextChoices):
        QUEUE = "queue", _("Whoever is on duty")
        STAFF = "staff", _("One member of staff")
        SUPERVISOR = "supervisor", _("Supervisors of the line")
        HELP_SEEKER = "help_seeker", _("The help-seeker")
        RETURN = "return", _("Whoever holds the return code")

    erasure = Erasure(holds="a sealed key to words", ends=ENDS, by=ERASE)

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="grants")
    reader = models.CharField(max_length=12, choices=Reader.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    sealed = models.BinaryField(max_length=1196)
    day_key = models.ForeignKey(DayKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "reader", "user"], nulls_distinct=False, name="conversations_one_grant"
            ),
            models.CheckConstraint(
                condition=models.Q(reader="staff", user__isnull=False)
                | (~models.Q(reader="staff") & models.Q(user__isnull=True)),
                name="conversations_grant_reader",
            ),
        ]


class ReturnCode(models.Model):
    """Six words that lead back: of the keys they yield together, one finds this row, another the `return` grant."""

    erasure = Erasure(holds="hashes of a return code", ends=ENDS, by=ERASE)

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="return_code")
    finder_hash = models.BinaryField(max_length=32, unique=True)
    capability_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()


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
