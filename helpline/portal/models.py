"""Who keeps a service's entries, how they come in, and what of theirs waits for an editor."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import User
from helpline.directory.models import Organization, Service, Source
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

# A source may drop an organization and bring it back: who keeps its entries outlives that.
HELD_ELSEWHERE: dict[str, Any] = {"on_delete": models.DO_NOTHING, "db_constraint": False}
ENDS_WITH_ACCESS = "when an editor ends their access"
END_ACCESS = "helpline.portal.actions.end_access"


class Representative(models.Model):
    """Somebody of an organization who keeps its entries. No member of staff, and no help-seeker."""

    erasure = Erasure(
        holds="the name and work e-mail address of who keeps an organization's entries; the secret that their app "
        "makes codes from, sealed under a key outside the database",
        ends=ENDS_WITH_ACCESS,
        by=END_ACCESS,
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True, help_text=_("In small letters."))
    app = models.BinaryField(max_length=48, null=True, help_text=_("nonce 12 ‖ secret 20 ‖ tag 16"))
    last_step = models.BigIntegerField(default=0, help_text=_("Of the last code that was used: none is taken twice."))
    is_demonstration = models.BooleanField(default=False, help_text=_("Invented; no mail reaches them."))
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]


class Representation(models.Model):
    """That somebody keeps the entries of an organization."""

    erasure = Erasure(holds="whose entries a representative keeps", ends=ENDS_WITH_ACCESS, by=END_ACCESS)

    representative = models.ForeignKey(Representative, on_delete=models.CASCADE, related_name="represents")
    organization = models.ForeignKey(Organization, related_name="+", **HELD_ELSEWHERE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["representative", "organization"], name="portal_once")]


class PortalInvitation(models.Model):
    """That an editor asked somebody to keep an organization's entries. Six words take it up."""

    erasure = Erasure(
        holds="the name and work e-mail address of somebody who is invited to keep an organization's entries",
        ends="when it is taken up or taken back, or after a week",
        by="helpline.portal.actions.end_lapsed",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    words_hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of six words: 76 bits"))
    organization = models.ForeignKey(Organization, related_name="+", **HELD_ELSEWHERE)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["expires_at"]


class SignInLink(models.Model):
    """A link that was mailed: the first step of coming in, once."""

    erasure = Erasure(
        holds="that a representative asked for a link; a hash of it",
        ends="when it is used, or after fifteen minutes",
        by="helpline.portal.actions.end_lapsed",
    )

    token_hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of 32 random bytes"))
    representative = models.ForeignKey(Representative, on_delete=models.CASCADE, related_name="links")
    browser_hash = models.BinaryField(max_length=32, default=bytes, help_text=_("Of the browser that asked for it."))
    expires_at = models.DateTimeField(db_index=True)


class PortalSession(models.Model):
    """A browser of a representative: on the way after the link, and in after the second step."""

    erasure = Erasure(
        holds="that a representative is signed in, since when, and the hour of its last use",
        ends="at sign-out, or after two hours",
        by="helpline.portal.actions.end_lapsed",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    token_hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of the cookie"))
    representative = models.ForeignKey(Representative, on_delete=models.CASCADE, related_name="sessions")
    is_in = models.BooleanField(default=False, help_text=_("Both steps are taken."))
    offered_app = models.BinaryField(max_length=48, null=True, help_text=_("Sealed; kept once a code of it is right."))
    began_at = models.DateTimeField(auto_now_add=True)
    used_hour = models.DateTimeField(null=True, help_text=_("To the hour: nobody's day can be read from it."))
    expires_at = models.DateTimeField(db_index=True)


class Proposal(models.Model):
    """A change that is not made before an editor has said yes: where a service is, what it is for, for whom."""

    class Kind(models.TextChoices):
        FIELDS = "fields", _("Other words")
        NEEDS = "needs", _("What it is for")
        SHOW = "show", _("To be seen by everybody")
        FEED = "feed", _("A feed says otherwise than what was written by hand")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for an editor")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Not approved")

    erasure = Erasure(
        holds="what a service wishes to change about itself, an address that only staff may know among it",
        ends="thirty days after an editor has decided; what a feed says and an editor did not take, when it is gone",
        by="helpline.portal.proposals.forget_decided",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    service = models.ForeignKey(Service, related_name="+", **HELD_ELSEWHERE)
    by = models.ForeignKey(Representative, on_delete=models.SET_NULL, null=True, related_name="proposals")
    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text=_("The feed that says so, if one does."),
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    table = models.CharField(max_length=40)
    row_id = models.UUIDField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=500, blank=True, help_text=_("What the editor wrote to the service."))
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "approved", "declined"]), name="portal_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting") ^ models.Q(decided_at__isnull=False), name="portal_decided"
            ),
            # Asking again replaces what waits: an editor decides about the newest wish only.
            models.UniqueConstraint(
                fields=["kind", "row_id"], condition=models.Q(state="waiting"), name="portal_one_waits"
            ),
        ]


class Notice(models.Model):
    """That an organization was told by mail that something waits in its inbox; not what, nor of whom."""

    erasure = NOTHING_PERSONAL

    organization = models.OneToOneField(Organization, related_name="+", **HELD_ELSEWHERE)
    told_at = models.DateTimeField()


class Reminder(models.Model):
    """That an organization was asked by mail whether its entries are still right."""

    erasure = NOTHING_PERSONAL

    organization = models.OneToOneField(Organization, related_name="+", **HELD_ELSEWHERE)
    asked_on = models.DateField()
