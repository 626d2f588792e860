"""Conversation, Message, grants: the heart. Words are here only in sealed form."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.lines.models import Channel, Line
from helpline.vault.erasure import Erasure
from helpline.vault.models import DayKey

ENDS = "when the person erases it, or at retention"
ERASE = "helpline.conversations.actions.erase"


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Author(models.TextChoices):
    HELP_SEEKER = "help_seeker", _("Help-seeker")
    COUNSELLOR = "counsellor", _("Counsellor")
    SERVICE = "service", _("Somebody of a service")
    SYSTEM = "system", _("System")


class Conversation(models.Model):
    """One episode with one help-seeker over one channel."""

    erasure = Erasure(holds="that somebody was in touch, and when", ends=ENDS, by=ERASE)

    code = models.CharField(max_length=22, unique=True, help_text=_("Random; the only public name."))
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="conversations")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.WEBCHAT)
    language = models.CharField(max_length=12, default="en")
    needs_interpreter = models.BooleanField(default=False, help_text=_("As their counsellor has noted."))
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
