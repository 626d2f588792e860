"""Staff. A help-seeker has no account and appears nowhere in this file."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.vault.chain import new_salt
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

if TYPE_CHECKING:
    from helpline.accounts.sessions import SessionStore


class Role(models.TextChoices):
    COUNSELLOR = "counsellor", _("Counsellor")
    SUPERVISOR = "supervisor", _("Supervisor")
    OPERATOR = "operator", _("Operator")
    EDITOR = "editor", _("Editor")
    ANALYST = "analyst", _("Analyst")
    AUDITOR = "auditor", _("Auditor")


class Gender(models.TextChoices):
    """What a help-seeker may ask for; a member of staff need not say."""

    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")
    ANOTHER = "another", _("Another gender")


def english_only() -> list[str]:
    return ["en"]


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff who signs in.

    `password` holds the hash of the sign-in secret, one of the two keys that the browser derives from the five-word
    passphrase; the other opens the private key and never reaches the server. Groups are Wagtail's (editing.py).
    """

    erasure = Erasure(
        holds="a staff member's name, pseudonym, gender, languages, skills and public key",
        ends="when the operator removes the account",
        by="helpline.accounts.actions.remove_staff",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=40, help_text=_("What a help-seeker sees."))
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.COUNSELLOR)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False, help_text=_("Invented; the passphrase is public knowledge."))
    public_key = models.BinaryField(max_length=1216, help_text=_("MLKEM768-X25519, 1216 bytes"))
    signing_key = models.BinaryField(
        max_length=32, default=bytes, help_text=_("Ed25519, 32 bytes; empty until their browser has said it.")
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    skills = ArrayField(models.SlugField(), default=list, blank=True, help_text=_("As skills.py names them."))
    languages = ArrayField(models.CharField(max_length=12), default=english_only)
    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    is_new_starter = models.BooleanField(default=False, help_text=_("Has fewer conversations at a time."))
    handed_words_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("When a command printed their words; nothing once they have drawn their own."),
    )

    email = ""  # nobody's is kept; Wagtail would write to it
    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_user_role"),
            models.CheckConstraint(condition=models.Q(gender__in=["", *Gender.values]), name="accounts_user_gender"),
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="accounts_nobody_above_roles"),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """What Wagtail calls somebody by."""
        return self.name

    @property
    def holds_words(self) -> bool:
        """Whether this role may ever be given a key to somebody's words."""
        return self.role in {Role.COUNSELLOR, Role.SUPERVISOR}

    @property
    def must_draw_words(self) -> bool:
        """Whoever ran a command has seen their words: these open the page on which they draw their own, and no more."""
        return self.handed_words_at is not None


class StaffKeyWrap(models.Model):
    """A staff member's private key, wrapped by something only that person has."""

    class Kind(models.TextChoices):
        PASSPHRASE = "passphrase", _("Passphrase")
        PASSKEY = "passkey", _("Passkey")

    erasure = Erasure(
        holds="a wrapped private key", ends="with the account", by="helpline.accounts.actions.remove_staff"
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="key_wraps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    passkey = models.OneToOneField("Passkey", on_delete=models.CASCADE, null=True, related_name="key_wrap")
    salt = models.BinaryField(max_length=16, help_text=_("Of the passphrase; a passkey needs none."))
    wrapped = models.BinaryField(max_length=60, help_text=_("nonce 12 ‖ seed 32 ‖ tag 16"))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(kind="passphrase"), name="accounts_one_passphrase"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="passkey") ^ models.Q(passkey=None), name="accounts_wrap_passkey"
            ),
        ]


class AuthenticatorApp(models.Model):
    """A second factor: an app on somebody's phone that shows a new code every 30 seconds."""

    erasure = Erasure(
        holds="the secret that a staff member's app makes codes from, sealed under a key outside the database",
        ends="when they replace it, when it is reset, or with the account",
        by="helpline.accounts.actions.forget_factors",
    )

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="authenticator")
    sealed = models.BinaryField(max_length=48, help_text=_("nonce 12 ‖ secret 20 ‖ tag 16"))
    last_step = models.BigIntegerField(default=0, help_text=_("Of the last code that was used: none is taken twice."))
    made_at = models.DateTimeField(auto_now_add=True)


class Passkey(models.Model):
    """A second factor that is also a first one: a device that knows its owner (WebAuthn)."""

    erasure = Erasure(
        holds="a public key of a staff member's device, and the name they gave it",
        ends="when they remove it, when it is reset, or with the account",
        by="helpline.accounts.actions.forget_factors",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    host = models.CharField(max_length=253, help_text=_("The staff door that it was made at opens for it alone."))
    credential_id = models.BinaryField(max_length=1023, unique=True)
    credential = models.BinaryField(max_length=4096, help_text=_("Its public key, as WebAuthn writes it."))
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=40)
    made_at = models.DateTimeField(auto_now_add=True)


class ProviderIdentity(models.Model):
    """Who somebody is at the organisation's own sign-in (OpenID Connect), which then stands for their passphrase at the
    first step. It opens no key."""

    erasure = Erasure(
        holds="a hash of what the organisation's own sign-in calls a staff member, and which sign-in that is",
        ends="when they remove it, when their second step is reset, or with the account",
        by="helpline.accounts.actions.forget_factors",
    )

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="provider_identity")
    issuer = models.CharField(max_length=255)
    subject_hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of issuer and subject"))
    made_at = models.DateTimeField(auto_now_add=True)


class RecoveryCode(models.Model):
    """For the day on which the phone is lost: each is taken once."""

    erasure = Erasure(
        holds="the hash of a code that stands in for a staff member's second factor once",
        ends="when it is used, when new ones are made, or with the account",
        by="helpline.accounts.actions.forget_factors",
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    hash = models.BinaryField(max_length=32, help_text=_("SHA-256 of 80 random bits"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "hash"], name="accounts_recovery_code")]


class StaffSession(AbstractBaseSession):
    """A signed-in browser, with its owner in a column so that it can be listed, checked and ended."""

    erasure = Erasure(
        holds="that a staff member is signed in, since when, the hour of its last use, and the name they gave it",
        ends="at sign-out, or after twelve hours",
        by="helpline.accounts.actions.end_sessions",
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    code = models.CharField(max_length=22, default=new_code, editable=False, db_index=True)
    name = models.CharField(max_length=40, blank=True, help_text=_("As its owner calls this browser."))
    signed_in_at = models.DateTimeField(null=True)
    used_hour = models.DateTimeField(null=True, help_text=_("To the hour: nobody's day can be read from it."))

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        from helpline.accounts.sessions import SessionStore  # noqa: PLC0415  # Django's documented pattern

        return SessionStore


class EditingPass(models.Model):
    """With which somebody goes from the staff door to the editors' door (editing.py). It opens it once."""

    erasure = Erasure(
        holds="that a staff member is on the way to the editors' door, and the hash of what opens it",
        ends="when it is used, with the next one, or with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="editing_pass")
    hash = models.BinaryField(max_length=32, unique=True, help_text=_("SHA-256 of 32 random bytes"))
    expires_at = models.DateTimeField()


class AuditEvent(models.Model):
    """That a member of staff did what has to be accounted for. It holds no word of anybody's.

    `line` is a slug and `conversation_code` a code, since accounts knows neither lines nor conversations. Which
    conversation and which minute are covered by the chain through a commitment that `salt` opens (`AuditLink`).
    """

    class Kind(models.TextChoices):
        """Not a choice of the field, so that a new kind needs no migration; `actions.audit` refuses others."""

        # In conversations
        WORDS_OPENED = "words_opened", _("Opened the words")
        READ_ALONG = "read_along", _("Read along")
        WHISPER = "whisper", _("Whispered to a colleague")
        JOIN = "join", _("Joined")
        THREE_WAY = "three_way", _("Asked a colleague in")
        LEAVE = "leave", _("Left")
        REASSIGN = "reassign", _("Gave it to a colleague")
        RETRIAGE = "retriage", _("Changed how urgent it is")
        CLOSE_FOR = "close_for", _("Ended it for a colleague")
        HELP_CALLED = "help_called", _("Called for help")
        HELP_ANSWERED = "help_answered", _("Answered a call for help")
        DISCLOSURE_ASKED = "disclosure_asked", _("Asked to break confidentiality")
        DISCLOSURE_APPROVED = "disclosure_approved", _("Agreed to break confidentiality")
        DISCLOSURE_DECLINED = "disclosure_declined", _("Declined to break confidentiality")
        DISCLOSURE_READ = "disclosure_read", _("Read why confidentiality is to be broken")
        KEY_OPENED = "key_opened", _("Took its key, to seal it to somebody else")
        ERASED = "erased", _("Erased before its time")
        HOLD_ASKED = "hold_asked", _("Asked for a legal hold")
        HOLD_AGREED = "hold_agreed", _("Agreed to a legal hold")
        HOLD_ENDED = "hold_ended", _("Ended a legal hold")
        # Handing on to services
        REFERRAL_ASKED = "referral_asked", _("Asked whether a service may be told of somebody")
        REFERRAL_SENT = "referral_sent", _("Handed on to a service, as the person agreed")
        REFERRAL_WITHDRAWN = "referral_withdrawn", _("Took back what a service was told")
        GUEST_JOINED = "guest_joined", _("Let somebody of a service into the chat, as the person agreed")
        GUEST_LEFT = "guest_left", _("Somebody of a service went out of the chat")
        CAPACITY_ASKED = "capacity_asked", _("Asked services for room, without a word of who")
        # Whoever harms the line
        BLOCKED = "blocked", _("Blocked somebody for a time")
        BLOCK_REVIEWED = "block_reviewed", _("Looked at a block and let it stand")
        BLOCK_LIFTED = "block_lifted", _("Lifted a block")
        BLOCK_LONGER_ASKED = "block_longer_asked", _("Asked for a longer block")
        BLOCK_LONGER_AGREED = "block_longer_agreed", _("Agreed to a longer block")
        # Staff
        INVITED = "invited", _("Invited somebody")
        INVITATION_WITHDRAWN = "invitation_withdrawn", _("Took an invitation back")
        JOINED_STAFF = "joined_staff", _("Took up an invitation")
        LEFT_STAFF = "left_staff", _("Ended somebody’s access")
        ROLE_CHANGED = "role_changed", _("Changed a role")
        LINES_CHANGED = "lines_changed", _("Changed who works on a line")
        ABILITIES_CHANGED = "abilities_changed", _("Changed what somebody is able to do")
        TRAINING_RECORDED = "training_recorded", _("Recorded training")
        COURSE_SET = "course_set", _("Changed a course")
        CAPACITY_SET = "capacity_set", _("Set how many at a time")
        # Signing in
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Somebody failed to sign in under this name")
        SESSION_ENDED = "session_ended", _("Signed a browser out")
        FACTOR_ADDED = "factor_added", _("Added a second factor")
        FACTOR_REMOVED = "factor_removed", _("Removed a second factor")
        PROVIDER_LINKED = "provider_linked", _("Linked the organisation’s own sign-in")
        PROVIDER_UNLINKED = "provider_unlinked", _("Removed the link to the organisation’s own sign-in")
        FACTOR_RESET = "factor_reset", _("Reset a colleague’s second factor")
        RECOVERY_CODE_USED = "recovery_code_used", _("Signed in with a recovery code")
        PASSPHRASE_RESET = "passphrase_reset", _("Gave new keys for a lost passphrase")
        PASSPHRASE_CHANGED = "passphrase_changed", _("Took a new passphrase")
        # Keys
        ROSTER_SIGNED = "roster_signed", _("Vouched for a colleague’s key")
        ROSTER_WITHDRAWN = "roster_withdrawn", _("Withdrew a colleague’s key")
        LINE_KEY_ROTATED = "line_key_rotated", _("Renewed a line’s keys")
        REGRANTED = "regranted", _("Sealed a key again for a colleague")
        RECOVERY_MADE = "recovery_made", _("Made a recovery key")
        RECOVERY_OPENED = "recovery_opened", _("Put a recovery key together")
        # Services in the directory
        SERVICE_INVITED = "service_invited", _("Invited somebody of a service")
        SERVICE_INVITATION_WITHDRAWN = "service_uninvited", _("Took a service’s invitation back")
        REPRESENTATIVE_ENDED = "representative_ended", _("Ended the access of somebody of a service")
        REPRESENTATIVE_RESET = "representative_reset", _("Reset the second step of somebody of a service")
        CHANGE_APPROVED = "change_approved", _("Approved what a service changes about itself")
        CHANGE_DECLINED = "change_declined", _("Did not approve what a service changes about itself")
        # The public site
        EDITING_BEGAN = "editing_began", _("Went in at the editors’ door")
        # Figures
        FIGURES_PROPOSED = "figures_proposed", _("Signed figures, or a note beside them, as the first of two")
        FIGURES_RELEASED = "figures_released", _("Released figures, as the second of two")
        CONTRACT_PUBLISHED = "contract_published", _("Published an edition of the contract")
        FIGURES_NOTED = "figures_noted", _("Released a note beside figures, as the second of two")
        FIGURES_TAKEN_BACK = "figures_taken_back", _("Took a first signature of figures back")
        COMPLAINTS_COUNTED = "complaints_counted", _("Counted complaints of a month")
        # Updates, posters, consultations, events
        UPDATE_SENT = "update_sent", _("Sent an update that somebody else had written")
        ORDER_READ = "order_read", _("Read where posters are to be sent")
        POSTERS_SENT = "posters_sent", _("Sent posters, and so erased the address")
        SUBMISSIONS_TAKEN = (
            "submissions_taken",
            _("Took out what was said to a consultation, with private words and names"),
        )
        GUESTS_READ = "guests_read", _("Read who comes to an event")
        # The whole
        EXPORTED = "exported", _("Took figures out")
        AUDIT_READ = "audit_read", _("Read this account")
        RESTORED = "restored", _("Restored a backup")

    # Reading again within the hour says nothing new: a unique index of the migration's, over an hour that Django
    # cannot write into one.
    ONCE_AN_HOUR = (Kind.WORDS_OPENED, Kind.DISCLOSURE_READ, Kind.AUDIT_READ)

    erasure = Erasure(
        holds="what a staff member did, when, and in which conversation",
        ends="which conversation, and the minute, with the conversation; whose it was, with the account; all of it "
        "after seven years",
        by="helpline.accounts.actions.forget_in_audit",
    )

    kind = models.CharField(max_length=30)
    actor = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="audit_events",
        help_text=_("Empty: a command on the server."),
    )
    line = models.SlugField(blank=True, db_index=False)
    conversation_code = models.CharField(max_length=22, blank=True)
    detail = models.CharField(max_length=60, blank=True, help_text=_("A code or a number, never a sentence."))
    at = models.DateTimeField(auto_now_add=True)
    salt = models.BinaryField(max_length=16, null=True, default=new_salt, help_text=_("Opens the commitment."))
    is_linked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # One word at most: nobody can put a reason, a name or a quotation here.
            models.CheckConstraint(
                condition=models.Q(detail__regex=r"^[A-Za-z0-9_.:>-]*$"), name="accounts_audit_wordless"
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation_code"],
                condition=~models.Q(conversation_code=""),
                name="accounts_audit_conversation",
            ),
            models.Index(fields=["id"], condition=models.Q(is_linked=False), name="accounts_audit_to_link"),
            # Whose conversations were read, by whom: detail is the counsellor's code.
            models.Index(fields=["detail", "-id"], condition=~models.Q(detail=""), name="accounts_audit_detail"),
        ]


class AuditLink(models.Model):
    """An event's place in the chain: changing, dropping or moving one breaks every link after it.

    `commitment` stands for the conversation and the exact time, which the event may forget; `statement` for
    everything else in the event, and for the commitment; `hash` for the statement and the whole chain before it.
    `hour` outlives the event, to say whether the event was old enough to end (docs/audit.md).
    """

    erasure = NOTHING_PERSONAL

    seq = models.BigIntegerField(primary_key=True, help_text=_("From 1, without gaps."))
    event = models.OneToOneField(AuditEvent, on_delete=models.SET_NULL, null=True, related_name="link")
    hour = models.DateTimeField()
    commitment = models.BinaryField(max_length=32)
    statement = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
