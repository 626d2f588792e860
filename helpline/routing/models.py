"""Who waits, what is offered to whom, and who is there to answer."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import Conversation
from helpline.lines.models import Channel, Line
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

# Four text conversations at once is the most that anybody holds well (design, 08-routing).
MOST_AT_ONCE = 4
MOST_FOR_A_NEW_STARTER = 2


class Urgency(models.IntegerChoices):
    """Set by the optional question, the channel, a return, or a person; never by reading words."""

    DANGER = 1, _("In danger now")
    URGENT = 2, _("Urgent")
    NORMAL = 3, _("Normal")
    CAN_WAIT = 4, _("Can wait")


# The order key: in danger first, then who is due first. It is fixed on arrival.
DANGER_FIRST = Case(When(urgency=Urgency.DANGER, then=Value(0)), default=Value(1))


class QueueEntry(models.Model):
    """A conversation's place in the queue, kept for the conversation's life so that it can return to it.

    The order is (in danger first, `due_at`, id). `due_at` is arrival plus what the line promises this class; only a
    person who re-triages changes it. Everything else that happens leaves it as it is.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("Being offered")
        HELD = "held", _("With a counsellor")
        LEFT = "left", _("Left; the place is kept for a while")
        OVER = "over", _("Ended")

    class Left(models.TextChoices):
        """Why somebody is not in the queue: they said so, or their page is gone (it may come back by itself)."""

        ASKED = "asked", _("Asked to leave for a moment")
        GONE = "gone", _("Their page is gone")

    erasure = Erasure(
        holds="that somebody waits or waited, since when, in which class, and with whom they would rather talk",
        ends="with the conversation",
        by="helpline.conversations.actions.erase",
    )

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="queue_entry")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="queue")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.NORMAL)
    entered_at = models.DateTimeField(help_text=_("First arrival; never changes."))
    due_at = models.DateTimeField(help_text=_("By when the line promises this class an answer."))
    language = models.CharField(max_length=12, default="en")
    skills = ArrayField(models.CharField(max_length=30), default=list, blank=True, help_text=_("Beyond the line's."))
    gender = models.CharField(max_length=10, blank=True, help_text=_("Of the counsellor, if asked for."))
    preferred = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    needs_supervisor = models.BooleanField(default=False)
    is_crowding = models.BooleanField(default=False, help_text=_("From a network that starts very many chats."))
    waiting_since = models.DateTimeField(help_text=_("The beginning of this wait; a return to the queue is a new one."))
    left_at = models.DateTimeField(null=True, blank=True)
    left_because = models.CharField(max_length=5, choices=Left.choices, blank=True)
    seen_at = models.DateTimeField(help_text=_("When the person's page was last there."))

    class Meta:
        ordering = [DANGER_FIRST, "due_at", "id"]
        indexes = [
            models.Index(fields=["line", "due_at", "id"], condition=Q(state="waiting"), name="routing_waiting"),
            models.Index(fields=["state", "seen_at"], condition=~Q(state__in=["held", "over"]), name="routing_unheld"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="routing_urgency"),
            models.CheckConstraint(
                condition=Q(state="left", left_at__isnull=False) | ~Q(state="left"), name="routing_left"
            ),
        ]


class Promise(models.Model):
    """Within how many seconds a line means to answer a class on a channel; without a row, `promises.py` says."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="promises")
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "urgency", "channel"], name="routing_one_promise"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="routing_promise_urgency"),
        ]


class Offer(models.Model):
    """A conversation shown to one counsellor, who accepts, declines, or lets it lapse."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Lapsed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Reason(models.TextChoices):
        BREAK = "break", _("I need a break")
        KNOWN_PERSON = "known_person", _("I may know this person")
        NOT_MY_SKILL = "not_my_skill", _("Somebody else knows more about this")
        TOO_FULL = "too_full", _("I have enough just now")
        OTHER = "other", _("Another reason")

    erasure = Erasure(
        holds="who was asked to take a conversation, what they answered, and why it came to them",
        ends="with the conversation",
        by="helpline.conversations.actions.erase",
    )

    entry = models.ForeignKey(QueueEntry, on_delete=models.CASCADE, related_name="offers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    why = models.JSONField(default=dict, help_text=_("The decision: its rule, what was dropped, and the words for it."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(state="open"), name="routing_one_offer_each"),
            models.UniqueConstraint(fields=["user"], condition=Q(state="open"), name="routing_one_offer_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="routing_offer_answered",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="routing_open_offers")]


class Presence(models.Model):
    """Whether a member of staff takes conversations, how many at once, and how this shift has been."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        WRAP_UP = "wrap_up", _("Wrapping up")
        AWAY = "away", _("Away")
        BREAK = "break", _("On a break")
        DEBRIEF = "debrief", _("Debriefing")

    erasure = Erasure(
        holds="whether a staff member is present, and counts of their shift",
        ends="with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presence")
    state = models.CharField(max_length=10, choices=State.choices, default=State.AWAY)
    capacity = models.PositiveSmallIntegerField(default=3, help_text=_("Their own choice."))
    max_capacity = models.PositiveSmallIntegerField(default=MOST_AT_ONCE, help_text=_("The supervisor's."))
    changed_at = models.DateTimeField(auto_now=True)
    free_since = models.DateTimeField(null=True, blank=True, help_text=_("Who has been free longest is asked first."))
    missed = models.PositiveSmallIntegerField(default=0, help_text=_("Offers let lapse in a row."))
    seen_at = models.DateTimeField(null=True, blank=True, help_text=_("The open desk's last sign of life."))
    rested_at = models.DateTimeField(null=True, blank=True, help_text=_("The end of the last break of this shift."))
    shift_began_at = models.DateTimeField(null=True, blank=True)
    heavy = models.PositiveSmallIntegerField(default=0, help_text=_("Heavy contacts of this shift."))
    abusive = models.PositiveSmallIntegerField(default=0, help_text=_("Abusive contacts of this shift."))
    is_break_offered = models.BooleanField(default=False, help_text=_("The next offer waits for their answer."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1) & Q(capacity__lte=models.F("max_capacity")), name="routing_capacity"
            ),
            models.CheckConstraint(condition=Q(max_capacity__range=(1, MOST_AT_ONCE)), name="routing_max_capacity"),
        ]


class Block(models.Model):
    """That whoever harmed the line cannot begin there again for a time: from the same tab, or by the same pseudonym.

    One person blocks for thirty days at most; for longer a second one has agreed to what the first had asked.
    """

    class Reason(models.TextChoices):
        SEXUAL = "sexual", _("Sexual abuse of staff")
        INSULTS = "insults", _("Threats or insults")
        PRANK = "prank", _("Pranks")

    DAYS_ALONE = 30
    MOST_DAYS = 365

    erasure = Erasure(
        holds="that somebody may not begin on a line for a time, and the kind of reason; neither words nor who",
        ends="when it runs out, or is lifted",
        by="helpline.routing.blocks.end_blocks",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="blocks")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.WEBCHAT)
    key = models.BinaryField(max_length=32, help_text=_("What the tab, or a pseudonym, becomes (vault/codes.py)."))
    reason = models.CharField(max_length=10, choices=Reason.choices)
    is_explained = models.BooleanField(default=False, help_text=_("By text or mail: one answer says so, no other."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    longer_until = models.DateTimeField(null=True, help_text=_("Asked for, and waiting for a second person."))
    longer_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["key"], name="routing_block_key"),
            models.Index(fields=["expires_at"], name="routing_block_expires"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=["sexual", "insults", "prank"]), name="routing_block_reason"),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("made_at") + timedelta(days=30)) | Q(agreed_by__isnull=False),
                name="routing_block_two_people",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | (Q(longer_by__isnull=False) & ~Q(longer_by=F("agreed_by"))),
                name="routing_block_second_person",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("made_at") + timedelta(days=365)), name="routing_block_ends"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("made_by")), name="routing_block_reviewed"
            ),
        ]


class HandsOnDuty(models.Model):
    """How long hands were there for a line in a month, and how long they were full. Of all staff together: nobody's."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="hands_on_duty")
    month = models.DateField(help_text=_("Its first day."))
    there_seconds = models.PositiveBigIntegerField(default=0, help_text=_("Hands times seconds."))
    full_seconds = models.PositiveBigIntegerField(default=0)
    noted_at = models.DateTimeField(help_text=_("Until when it is counted."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "month"], name="routing_hands_once")]
