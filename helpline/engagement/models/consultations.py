"""What people say to a draft that is consulted on: to each section, with a position on each proposal, and at hui.

Nobody has an identity here. What belongs together is a submission, known again by six words that its writer keeps.
Sections and proposals are blocks of the consultation's page: they are named by the block's UUID, which stays through
drafts and in every language, where rows of a page get new ids with each publication.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.content.models import ConsultationPage
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

LONGEST_COMMENT = 5_000  # two pages
LONGEST_REASON = 1_000
LONGEST_NAME = 80
LONGEST_ORGANIZATION = 120
LONGEST_ADDRESS = 254
LONGEST_NOTE = 10_000
SEALED_CONTACT_BYTES = 2_000  # nonce, name, organization and address as JSON in steps of 256 bytes, tag
FORGET = "helpline.engagement.consultations.forget_people"


class Choice(models.TextChoices):
    AGREE = "agree", _("Agree")
    ABSTAIN = "abstain", _("Abstain")
    DISAGREE = "disagree", _("Disagree")
    BLOCK = "block", _("Block")


class Submission(models.Model):
    """What one sender says to one consultation. The same person may send several: nobody can know, and pages say so."""

    erasure = Erasure(
        holds="a name, an organization and an e-mail address, sealed, as far as somebody gave them; what of these they "
        "asked to have shown; and the hash of the words by which they come back",
        ends="what is sealed, 180 days after the consultation closed; what is shown, when they take it off; all of it "
        "when they take it back before it closes",
        by=FORGET,
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    consultation = models.ForeignKey(ConsultationPage, on_delete=models.PROTECT, related_name="submissions")
    words_hash = models.BinaryField(max_length=32, help_text=_("SHA-256 of six random words."))
    sealed = models.BinaryField(
        max_length=SEALED_CONTACT_BYTES, null=True, help_text=_("Who it is, under a key outside the database.")
    )
    shown_as = models.CharField(
        max_length=LONGEST_NAME + LONGEST_ORGANIZATION + 2,
        blank=True,
        help_text=_("The name that they asked to have shown."),
    )
    is_set_aside = models.BooleanField(default=False, help_text=_("A flood: neither shown nor counted."))
    given_on = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "words_hash"], name="engagement_submitted_once")]


class Said(models.Model):
    """Words that somebody wrote to one section; nobody else reads them before a moderator has."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be read")
        SHOWN = "shown", _("Shown")
        KEPT_BACK = "kept_back", _("Not shown")

    class Why(models.TextChoices):
        NAMES = "names", _("It says something about a person who can be recognised.")
        STORY = "story", _("It tells so much of somebody’s own story that they could be recognised.")
        ABUSE = "abuse", _("It insults or threatens.")
        OFF = "off", _("It is not about this draft.")

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="%(class)ss")
    section = models.UUIDField()
    text = models.TextField(max_length=LONGEST_COMMENT, blank=True)
    is_private = models.BooleanField(default=False, help_text=_("For whoever wrote the draft, and nobody else."))
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=5, choices=Why.choices, blank=True, help_text=_("It is not shown."))
    revision = models.PositiveIntegerField(default=1, help_text=_("A moderator says which one they have read."))
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    said_on = models.DateField(default=timezone.localdate)

    class Meta:
        abstract = True
        constraints = [
            # Nothing private is ever shown, and nothing that nobody has read.
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(is_private=False, read_by__isnull=False),
                name="engagement_%(class)s_shown",
            ),
            models.CheckConstraint(
                condition=Q(state="kept_back", why__gt="") | (~Q(state="kept_back") & Q(why="")),
                name="engagement_%(class)s_why",
            ),
        ]


class Comment(Said):
    erasure = Erasure(
        holds="what somebody wrote to a section of a draft",
        ends="what is not shown, 180 days after the consultation closed; what is shown is a part of its result and "
        "stays; all of it when its writer takes it back before it closes",
        by=FORGET,
    )

    class Meta(Said.Meta):
        constraints = [
            *Said.Meta.constraints,
            models.UniqueConstraint(fields=["submission", "section"], name="engagement_comment_once"),
            models.CheckConstraint(condition=Q(text__gt=""), name="engagement_comment_says_something"),
        ]


class Position(Said):
    """Where a submission stands on one proposal, and why. The position counts at once; its words wait to be read."""

    erasure = Erasure(
        holds="where somebody stands on a proposal of a draft, and what they wrote about it",
        ends="words that are not shown, 180 days after the consultation closed; the position, and words that are "
        "shown, are a part of its result and stay; all of it when its writer takes it back before it closes",
        by=FORGET,
    )

    proposal = models.UUIDField()
    choice = models.CharField(max_length=8, choices=Choice.choices)

    class Meta(Said.Meta):
        constraints = [
            *Said.Meta.constraints,
            models.UniqueConstraint(fields=["submission", "proposal"], name="engagement_position_once"),
        ]


class HuiNote(models.Model):
    """What was said to one section at a hui, as the host wrote it down: beside what came online, and never mixed."""

    erasure = Erasure(
        holds="which staff member wrote down what a hui said; no name of anybody who was there",
        ends="whose name it is, with the account; the note is a part of the result and stays",
        by="helpline.accounts.actions.remove_staff",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    consultation = models.ForeignKey(ConsultationPage, on_delete=models.PROTECT, related_name="hui_notes")
    section = models.UUIDField()
    held_on = models.DateField()
    place = models.CharField(max_length=120)
    people = models.PositiveSmallIntegerField(null=True, help_text=_("About how many were there."))
    text = models.TextField(max_length=LONGEST_NOTE)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["held_on", "place", "pk"]


class HuiCount(models.Model):
    """How a hui stood on a proposal, by a show of hands."""

    erasure = NOTHING_PERSONAL

    note = models.ForeignKey(HuiNote, on_delete=models.CASCADE, related_name="counts")
    proposal = models.UUIDField()
    agree = models.PositiveSmallIntegerField(default=0)
    abstain = models.PositiveSmallIntegerField(default=0)
    disagree = models.PositiveSmallIntegerField(default=0)
    block = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "proposal"], name="engagement_hui_count_once")]
