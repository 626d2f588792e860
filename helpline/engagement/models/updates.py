"""Who asked for updates, what was written to them, and what still waits to be handed to the mail server."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.regions import Region
from helpline.vault.codes import new_code
from helpline.vault.erasure import Erasure
from helpline.vault.subscribers import SEALED_BYTES

LONGEST_TITLE = 120
LONGEST_TEXT = 20_000


class Topic(models.TextChoices):
    FIGURES = "figures", _("Figures")
    NEWS = "news", _("News of the sector")
    PROVIDERS = "providers", _("For service providers")
    EVENTS = "events", _("Events")
    CONSULTATIONS = "consultations", _("Consultations")


class Wishes(models.Model):
    """What somebody asked for, and the address that it goes to."""

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    find_hash = models.BinaryField(max_length=32, help_text=_("Keyed, outside the database."))
    sealed = models.BinaryField(max_length=SEALED_BYTES, help_text=_("The address, under a key outside the database."))
    topics = ArrayField(models.CharField(max_length=13, choices=Topic.choices), default=list)
    region = models.CharField(max_length=20, choices=Region.choices, blank=True, help_text=_("Empty: everywhere."))
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)

    class Meta:
        abstract = True


class SignUp(Wishes):
    """That an address was typed on the public site. Nothing but one mail goes there before its link is used."""

    erasure = Erasure(
        holds="an e-mail address, sealed, that somebody typed to get updates, and for which topics and region",
        ends="when its link is used, or after two days",
        by="helpline.engagement.actions.forget_lapsed",
    )

    token_hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of 32 random bytes"))
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["line", "find_hash"], name="engagement_sign_up_address")]


class Subscriber(Wishes):
    """Whoever has confirmed that they want updates. No account, no name, and not what they opened."""

    erasure = Erasure(
        holds="the e-mail address, sealed, of somebody who gets updates, for which topics and region, since which day, "
        "and how often their mailbox took none",
        ends="when they stop the last topic, or their mailbox is gone",
        by="helpline.engagement.actions.end",
    )

    confirmed_on = models.DateField(auto_now_add=True)
    soft_bounces = models.PositiveSmallIntegerField(default=0)
    bounced_since = models.DateField(null=True, help_text=_("The first of those."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "find_hash"], name="engagement_once")]


class Update(models.Model):
    """Something that is written to everybody who asked for its topic: drafted, looked at by a second person, sent."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waits for a second look")
        READY = "ready", _("About to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")

    erasure = Erasure(
        holds="which two staff members wrote and sent an update",
        ends="whose name it is, with the account; what was published stays published",
        by="helpline.accounts.actions.remove_staff",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="updates")
    topic = models.CharField(max_length=13, choices=Topic.choices)
    region = models.CharField(max_length=20, choices=Region.choices, blank=True, help_text=_("Empty: everywhere."))
    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField(max_length=LONGEST_TEXT)
    title_mi = models.CharField(max_length=LONGEST_TITLE, blank=True)
    text_mi = models.TextField(max_length=LONGEST_TEXT, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text=_("Whoever sends it says which one they have read."))
    source = models.CharField(
        max_length=80, blank=True, help_text=_("What it announces by itself, once; empty: it was written.")
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    addressed = models.PositiveIntegerField(default=0, help_text=_("To how many it was to go."))
    handed_over = models.PositiveIntegerField(
        default=0, help_text=_("How many the mail server took; written when all are done.")
    )

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "source"], condition=~Q(source=""), name="engagement_announced_once"
            ),
            models.CheckConstraint(
                condition=Q(sent_by__isnull=True) | ~Q(sent_by=F("written_by")), name="engagement_two_people"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, state__in=["draft", "waiting"])
                | Q(published_at__isnull=False, state__in=["ready", "sending", "sent"]),
                name="engagement_published",
            ),
            # Nothing that a person wrote goes out on one person's word.
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(sent_by__isnull=False) | ~Q(source=""),
                name="engagement_looked_at",
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def languages(self) -> list[str]:
        return [Language.ENGLISH, *([Language.TE_REO] if self.text_mi else [])]


class Mailing(models.Model):
    """One mail of an update. That the mail server has it is kept in one commit of its own (sending.py)."""

    erasure = Erasure(
        holds="that an update is still to be sent to somebody who asked for it, or has been",
        ends="when all mails of the update are with the mail server, at the latest three days on; with the subscriber, "
        "but for the number",
        by="helpline.engagement.sending.finish",
    )

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="mailings")
    subscriber = models.ForeignKey(
        Subscriber,
        on_delete=models.SET_NULL,
        null=True,
        related_name="mailings",
        help_text=_("Empty: it was handed over, and they have gone since."),
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "subscriber"], name="engagement_mail_once"),
            models.CheckConstraint(
                condition=Q(subscriber__isnull=False) | Q(handed_at__isnull=False), name="engagement_mail_to_somebody"
            ),
        ]
        indexes = [models.Index(fields=["next_at", "id"], condition=Q(handed_at__isnull=True), name="engagement_next")]
