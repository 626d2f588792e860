"""Referrals, what the person agreed to item by item, and blind capacity requests (docs/referrals.md).

A service never learns who somebody is from a row here: it has a need, an area, and what was sealed for it under a key
that only its link carries. Services are named by their HSDS row; a source may drop one and bring it back, so nothing
here hangs on that, and their names are kept as they were agreed to.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import ERASE, Conversation
from helpline.directory.models import Service
from helpline.lines.models import Line
from helpline.lines.regions import Region
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

ENDS = "with the conversation; the sealed texts when it is completed, withdrawn or run out"
OF_CONVERSATION = "with the conversation"
MOST_ASKED = 5  # services that one capacity request asks


class Referral(models.Model):
    """A service that the person was told about (signpost), or is handed over to with their consent (warm).

    `token_hash` is of the token with which the service answers; the desk's browser made it, and the server keeps the
    link (token and key) only as `sealed_link`, sealed to the conversation. `sealed_key` is the key, made for this
    referral, under which that and the items' texts are sealed as messages of the counsellor's are.
    """

    class Kind(models.TextChoices):
        SIGNPOST = "signpost", _("Told about")
        WARM = "warm", _("Handed over")

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for the person’s yes")
        REQUESTED = "requested", _("Sent to the service")
        RECEIVED = "received", _("The service has read it")
        ON_HOLD = "on_hold", _("The service asks to wait")
        ACCEPTED = "accepted", _("The service has said yes")
        DECLINED = "declined", _("The service has said no")
        COMPLETED = "completed", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Ran out")

    # What a service may see and answer.
    WITH_SERVICE = (State.REQUESTED, State.RECEIVED, State.ON_HOLD, State.ACCEPTED)
    LIVE = (State.ASKED, *WITH_SERVICE)

    erasure = Erasure(
        holds="which service somebody was told about or handed over to, and for what", ends=ENDS, by=ERASE
    )

    code = models.CharField(max_length=22, unique=True, help_text=_("Made by the page that asks; the public name."))
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="referrals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.DO_NOTHING, db_constraint=False, related_name="referrals")
    service_name = models.TextField()
    organization_name = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    need = models.SlugField(max_length=40, blank=True, db_index=False, help_text=_("A code of needs.json."))
    area = models.SlugField(
        max_length=80, blank=True, db_index=False, help_text=_("The id of a place, never an address.")
    )
    until = models.DateField(null=True, help_text=_("The last day on which the service may see it."))
    is_reached = models.BooleanField(default=False, help_text=_("The service says that somebody came; never who."))
    token_hash = models.BinaryField(max_length=32, null=True, unique=True)
    key_id = models.CharField(max_length=22, blank=True)
    sealed_key = models.BinaryField(max_length=1168, null=True)
    sealed_link = models.BinaryField(max_length=284, null=True)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["service", "state"], name="referrals_of_service"),
            models.Index(fields=["until"], condition=~Q(sealed_key=None), name="referrals_to_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="signpost", state="completed", until=None, token_hash=None, sealed_key=None)
                | Q(kind="warm", until__isnull=False, token_hash__isnull=False),
                name="referrals_kind",
            ),
            # What could be opened ends with it.
            models.CheckConstraint(
                condition=Q(sealed_key=None, sealed_link=None, key_id="")
                | (
                    Q(state__in=["asked", "requested", "received", "on_hold", "accepted"])
                    & Q(sealed_key__isnull=False, sealed_link__isnull=False)
                    & ~Q(key_id="")
                ),
                name="referrals_sealed_ends",
            ),
            # Somebody came, and then it may end as it likes.
            models.CheckConstraint(
                condition=Q(is_reached=False) | ~Q(state__in=["asked", "requested", "received"]),
                name="referrals_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ConsentItem(models.Model):
    """One thing that a service is to be told: the person says yes or no to it alone, and may take the yes back.

    `sealed` is the item's text as the person and the counsellor read it, `sealed_for_service` the same under the
    link's key. Neither outlives the yes.
    """

    class What(models.TextChoices):
        NEED = "need", _("What help is looked for, and roughly where")
        NOTE = "note", _("A note")
        CONTACT = "contact", _("How they can be reached")
        JOIN = "join", _("Somebody of the service may join the chat, and reads from then on")
        REACHED = "reached", _("The service may say that they came, without their name")

    WITH_TEXT = (What.NOTE, What.CONTACT)

    erasure = Erasure(holds="what a service may be told, and what of it, sealed", ends=ENDS, by=ERASE)

    code = models.CharField(max_length=22, unique=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="items")
    what = models.CharField(max_length=8, choices=What.choices)
    until = models.DateField()
    agreed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(max_length=8476, null=True)
    sealed_for_service = models.BinaryField(max_length=8476, null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "what"], name="referrals_one_item"),
            models.CheckConstraint(
                condition=Q(sealed=None, sealed_for_service=None)
                | Q(
                    sealed__isnull=False,
                    sealed_for_service__isnull=False,
                    what__in=["note", "contact"],
                    withdrawn_at=None,
                ),
                name="referrals_item_text",
            ),
        ]


class CapacityRequest(models.Model):
    """ "Can you take someone: this need, this area?", asked of up to five services without a word of who.

    The first yes counts, and makes the meeting code.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Asked")
        TAKEN = "taken", _("A service has room")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Nobody answered in time")

    erasure = Erasure(holds="that room was looked for, for what and where", ends=OF_CONVERSATION, by=ERASE)

    code = models.CharField(max_length=22, unique=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="capacity_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    need = models.SlugField(max_length=40, db_index=False)
    area = models.SlugField(max_length=80, blank=True, db_index=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    until = models.DateTimeField()
    meeting_code = models.CharField(
        max_length=80, blank=True, help_text=_("Words that the person says to the service, instead of a name.")
    )
    key_id = models.CharField(max_length=22)
    sealed_key = models.BinaryField(max_length=1168)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="taken") & ~Q(meeting_code="") | (~Q(state="taken") & Q(meeting_code="")),
                name="referrals_meeting_code",
            )
        ]


class CapacityAsk(models.Model):
    """One service that a capacity request asks, by a token of its own."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        YES = "yes", _("Has room")
        NO = "no", _("Has none")
        TAKEN = "taken", _("Another was faster")

    erasure = Erasure(holds="that a service was asked for room", ends=OF_CONVERSATION, by=ERASE)

    code = models.CharField(max_length=22, unique=True)
    request = models.ForeignKey(CapacityRequest, on_delete=models.CASCADE, related_name="asks")
    service = models.ForeignKey(Service, on_delete=models.DO_NOTHING, db_constraint=False, related_name="capacity_asks")
    service_name = models.TextField()
    organization_name = models.TextField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.ASKED)
    token_hash = models.BinaryField(max_length=32, unique=True)
    sealed_link = models.BinaryField(max_length=284)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "service"], name="referrals_asked_once"),
            # However many say yes at once: one of them is first.
            models.UniqueConstraint(fields=["request"], condition=Q(state="yes"), name="referrals_one_yes"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_too_late(self) -> bool:
        """Another was faster, before or after this service had looked."""
        is_asked = self.state == self.State.ASKED
        return self.state == self.State.TAKEN or (is_asked and self.request.state == CapacityRequest.State.TAKEN)


class Pathway(models.Model):
    """How far somebody is on the way to therapy that ACC pays for. They are asked only as they asked to be."""

    class State(models.TextChoices):
        SEARCHING = "searching", _("Looking for a therapist")
        WAITING = "waiting", _("On a waiting list")
        BEGUN = "begun", _("It has begun")
        STOPPED = "stopped", _("Not looking any more")

    erasure = Erasure(
        holds="how far somebody is on the way to therapy, and when they want to be asked",
        ends=OF_CONVERSATION,
        by=ERASE,
    )

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="pathway")
    state = models.CharField(max_length=9, choices=State.choices)
    ask_from = models.DateField(
        null=True, help_text=_("From this day on they are asked how it goes, when they are here; their own choice.")
    )
    said_at = models.DateTimeField(null=True, help_text=_("When the person themself said last how far they are."))
    changed_at = models.DateTimeField()


class UnmetNeed(models.Model):
    """How often room was asked for and no service said yes, by need and region. It stays when the request has ended."""

    erasure = NOTHING_PERSONAL

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="unmet_needs")
    month = models.DateField(help_text=_("In which it was asked; its first day."))
    need = models.SlugField(max_length=40, db_index=False)
    region = models.CharField(max_length=20, choices=Region.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "month", "need", "region"], name="referrals_unmet_once")]
