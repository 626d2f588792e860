"""What a channel needs beside the conversation: its carriers, the way back to a person, and what is on its way.

No address and no word is here but sealed to the gateway key (gateway.py); each goes as soon as it has done its work.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import ERASE, Author, Conversation
from helpline.lines.models import Channel, Line
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

ENDS_AT_CLOSE = "when the conversation closes, whoever closes it; with STOP at once"


class Carrier(models.Model):
    """One way of a line's texts or mails in or out. Its secret is in the key store (carriers.py)."""

    class Kind(models.TextChoices):
        SMPP = "smpp", _("SMPP")
        TWILIO = "twilio", _("Twilio and alike")
        VONAGE = "vonage", _("Vonage")
        MESSAGEBIRD = "messagebird", _("MessageBird")
        BASIC = "basic", _("An aggregator with a password")
        SMTP = "smtp", _("Mail out by SMTP")
        LMTP = "lmtp", _("Mail in by LMTP")
        IMAP = "imap", _("Mail in by IMAP")

    erasure = NOTHING_PERSONAL

    name = models.SlugField(unique=True, max_length=40)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="carriers")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    priority = models.PositiveSmallIntegerField(default=1, help_text=_("The lowest sends; the next when it cannot."))
    options = models.JSONField(default=dict, blank=True, help_text=_("Where and how; never a secret."))
    is_on = models.BooleanField(default=True)
    up_at = models.DateTimeField(null=True, blank=True, help_text=_("When `helpline carry` last found it up."))

    class Meta:
        ordering = ["line", "channel", "priority", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def sends(self) -> bool:
        return self.kind not in {self.Kind.LMTP, self.Kind.IMAP}


class Address(models.Model):
    """Where what is said in an open conversation goes. Without this row nothing is ever sent to anybody."""

    class Window(models.TextChoices):
        ANY = "any", _("At any time")
        MORNING = "morning", _("In the morning, from 8 to 12")
        AFTERNOON = "afternoon", _("In the afternoon, from 12 to 5")
        EVENING = "evening", _("In the evening, from 5 to 9")
        SCHOOL_HOURS = "school_hours", _("While children are at school, from 9 to 3 on weekdays")
        NEVER = "never", _("Never: they write when they can")

    erasure = Erasure(
        holds="a pseudonym of a phone number or mail address, the address itself sealed, and when it is safe to write",
        ends=ENDS_AT_CLOSE,
        by=ERASE,
    )

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="address")
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, related_name="+", help_text=_("Whose number they wrote to.")
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    pseudonym = models.BinaryField(max_length=32)
    thread = models.CharField(
        max_length=22, unique=True, default=new_code, help_text=_("Names the thread to a mailbox.")
    )
    sealed = models.BinaryField(max_length=9600)
    window = models.CharField(max_length=12, choices=Window.choices, default=Window.ANY)
    heard_at = models.DateTimeField(help_text=_("When they last wrote: whoever has just written is there."))
    ends_at = models.DateTimeField(null=True, blank=True, help_text=_("Since when an end waits for the last words."))
    ends_by = models.CharField(max_length=12, choices=Author.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "channel", "pseudonym"], name="channels_one_address"),
        ]


class Received(models.Model):
    """That a carrier has handed over a message: it may hand it over again, and then it is no news."""

    erasure = Erasure(
        holds="a keyed hash of a carrier’s name of a message; neither words nor who",
        ends="a week later",
        by="helpline.channels.outbox.tidy",
    )

    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="+", db_index=False)
    message_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="channels_received_at")]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "message_hash"], name="channels_received_once"),
        ]


class Delivery(models.Model):
    """One message on its way to a person. `sealed` is what the carrier needs in clear, gone once it has it.

    Without a conversation it is the one answer to somebody who has none: a STOP confirmed, a block explained.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not sent")

    erasure = Erasure(
        holds="that something was said to somebody by text or mail, sealed words until a carrier has them, its ids",
        ends="the words when a carrier has them, at close, or a day after they failed; the rest with the conversation",
        by=ERASE,
    )

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries", db_index=False
    )
    client_id = models.CharField(max_length=22)
    seq = models.IntegerField(default=0, help_text=_("Of the message; 0 without a conversation."))
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    carrier = models.ForeignKey(Carrier, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(max_length=9600, null=True, blank=True)
    sealed_to = models.BinaryField(max_length=9600, null=True, blank=True, help_text=_("Only without a conversation."))
    parts = models.PositiveSmallIntegerField(default=1)
    provider_ids = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    reason = models.CharField(max_length=30, blank=True, help_text=_("One word."))
    is_automatic = models.BooleanField(default=False, help_text=_("Said by the system, not by a person."))
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state__in=["pending", "sending"]), name="channels_due"),
            models.Index(fields=["at"], condition=Q(state="failed"), name="channels_failed"),
            GinIndex(fields=["provider_ids"], condition=Q(state="sent"), name="channels_provider_ids"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "client_id"], name="channels_one_delivery"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "sending"], sealed__isnull=False)
                | ~Q(state__in=["pending", "sending"]),
                name="channels_words_to_send",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "delivered"], sealed__isnull=True, sealed_to__isnull=True)
                | ~Q(state__in=["sent", "delivered"]),
                name="channels_words_gone",
            ),
        ]


class EarlyReceipt(models.Model):
    """A receipt that was faster than the answer to what it is about."""

    erasure = Erasure(
        holds="a carrier’s name of a message of ours, and what became of it",
        ends="when the answer comes, or an hour later",
        by="helpline.channels.outbox.tidy",
    )

    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="+")
    provider_id = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=Delivery.State.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="channels_early_at")]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "provider_id"], name="channels_early_once"),
        ]


class MonthlyCount(models.Model):
    """What a carrier will write on its bill: counts alone."""

    erasure = NOTHING_PERSONAL

    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(help_text=_("Its first day."))
    texts_in = models.PositiveIntegerField(default=0)
    parts_in = models.PositiveIntegerField(default=0)
    texts_out = models.PositiveIntegerField(default=0)
    parts_out = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-month", "carrier"]
        constraints = [models.UniqueConstraint(fields=["carrier", "month"], name="channels_one_month")]


class Template(models.Model):
    """Words that editors have written for a line, put into a reply and changed there as needed."""

    erasure = NOTHING_PERSONAL

    code = models.CharField(max_length=22, unique=True, default=new_code)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="templates")
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True, help_text=_("Empty: on any."))
    language = models.CharField(max_length=12, default="en")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=2000)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["line", "language", "title"]
        constraints = [
            models.UniqueConstraint(fields=["line", "channel", "language", "title"], name="channels_template_once"),
        ]
