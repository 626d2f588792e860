"""What the desk may send: JSON objects of known shapes and sizes."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import AuditEvent
from helpline.conversations.handovers import ANSWERS
from helpline.records.forms import ContactRecordForm
from helpline.routing.models import MOST_AT_ONCE, Offer, Presence, Urgency
from helpline.vault.codes import CODE_PATTERN, Malformed, b64url_decode, is_code
from helpline.vault.sealing import (
    SEALED_KEY_BYTES,
    WRAPPED_KEY_BYTES,
    SealedMessage,
    is_well_formed_letter,
    is_well_formed_message,
)
from helpline.workspace.guides import GUIDES, SILENT

MAX_SKILLS = 5
MAX_LETTERS = 10  # more than ever are beside one counsellor


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Anything that is not a JSON object is an empty one, which no form with a required field accepts."""
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):  # not JSON or not UTF-8; ten thousand brackets
        return {}
    return data if isinstance(data, dict) else {}


TRUE = str(True)
# JSON's true and false, which Django reads as these; a box that was left out is neither.
YES_OR_NO = [(TRUE, ""), (str(False), "")]


class Sealed(forms.CharField):
    """Sealed bytes in base64url. Only their length can be checked here."""

    def clean(self, value: Any) -> bytes:
        if not self.required and value in self.empty_values:
            return b""
        try:
            sealed = b64url_decode(super().clean(value))
        except Malformed:
            raise ValidationError("", code="base64url") from None
        if not self.is_well_formed(sealed):
            raise ValidationError("", code="size")
        return sealed

    def is_well_formed(self, sealed: bytes) -> bool:
        raise NotImplementedError


class SealedKey(Sealed):
    """A 32-byte key sealed to somebody's public key."""

    def is_well_formed(self, sealed: bytes) -> bool:
        return len(sealed) == SEALED_KEY_BYTES


class WrappedKey(Sealed):
    """A 32-byte key under another."""

    def is_well_formed(self, sealed: bytes) -> bool:
        return len(sealed) == WRAPPED_KEY_BYTES


class SealedText(Sealed):
    """A text under a sender key."""

    def is_well_formed(self, sealed: bytes) -> bool:
        return is_well_formed_message(sealed)


class SealedLetter(Sealed):
    """A text sealed to one person's or one line's public key."""

    def is_well_formed(self, sealed: bytes) -> bool:
        return is_well_formed_letter(sealed)


class Code(forms.CharField):
    """A code or an id: 16 random bytes."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not is_code(text):
            raise ValidationError("", code="code")
        return text


class SaltForm(forms.Form):
    username = forms.CharField(max_length=60)


class SignInForm(SaltForm):
    secret = forms.CharField(max_length=64)  # 43 characters; a little room for what is wrong anyway


class CodeForm(forms.Form):
    """What an app shows, or a recovery code; blanks and dashes are no mistake."""

    code = forms.CharField(max_length=40)


class NameForm(forms.Form):
    """What a person calls a browser or a device of theirs."""

    name = forms.CharField(max_length=40, required=False)


class SecretForm(forms.Form):
    secret = forms.CharField(max_length=64)


class ProviderForm(forms.Form):
    """What the organisation's own sign-in sent the browser back with; no code where somebody said no there."""

    state = forms.CharField(max_length=64)
    code = forms.CharField(max_length=4096, required=False)
    iss = forms.CharField(max_length=255, required=False)


class PasskeyForm(forms.Form):
    """What the browser says that a passkey has signed; the vault looks into it."""

    answer = forms.JSONField()

    def clean_answer(self) -> dict[str, Any]:
        answer = self.cleaned_data["answer"]
        if not isinstance(answer, dict):
            raise ValidationError("", code="object")
        return answer


class NewPasskeyForm(PasskeyForm):
    name = forms.CharField(max_length=40)


class WrapForm(forms.Form):
    """A private key, wrapped in the browser."""

    wrapped = WrappedKey()


class PresenceForm(forms.Form):
    state = forms.ChoiceField(choices=Presence.State.choices)
    capacity = forms.IntegerField(min_value=1, max_value=MOST_AT_ONCE)


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(choices=Offer.Reason.choices)


class TriageForm(forms.Form):
    urgency = forms.TypedChoiceField(choices=Urgency.choices, coerce=int)


class BreakForm(forms.Form):
    is_taken = forms.BooleanField(required=False)


class WeightForm(forms.Form):
    """What a contact was like for the counsellor; counted for the shift and kept nowhere else."""

    heavy = forms.BooleanField(required=False)
    abusive = forms.BooleanField(required=False)


class MostForm(forms.Form):
    """How many conversations somebody may hold at once."""

    most = forms.IntegerField(min_value=1, max_value=MOST_AT_ONCE)


class GrantForm(forms.Form):
    grant = SealedKey()


class Skills(forms.Field):
    """A list of slugs, or nothing."""

    def clean(self, value: Any) -> list[str] | None:
        if value in self.empty_values:
            return None
        if not isinstance(value, list) or len(value) > MAX_SKILLS:
            raise ValidationError("", code="list")
        return [forms.SlugField(max_length=30).clean(each) for each in value]


class RequeueForm(forms.Form):
    """For a skill, a supervisor or another line; what is not said stays as it is."""

    line = forms.SlugField(required=False)
    skills = Skills(required=False)
    needs_supervisor = forms.BooleanField(required=False)
    urgency = forms.TypedChoiceField(choices=Urgency.choices, coerce=int, required=False, empty_value=None)
    queue_grant = SealedKey()
    supervisor_grant = SealedKey(required=False)


class TransferForm(GrantForm):
    to = Code()


class LeaveForm(forms.Form):
    """`who`: the counsellor ends a colleague's moment; without it somebody leaves by themselves."""

    who = Code(required=False)


class LetterForm(forms.Form):
    to = Code()
    client_id = Code()
    sealed_to = SealedLetter()
    sealed_own = SealedLetter()


class WhisperForm(forms.Form):
    """One text, sealed to each whom it is for."""

    letters = forms.JSONField()

    def clean_letters(self) -> list[dict[str, Any]]:
        given = self.cleaned_data["letters"]
        if not isinstance(given, list) or len(given) > MAX_LETTERS:
            raise ValidationError("", code="list")
        all_of_them = [LetterForm(each if isinstance(each, dict) else {}) for each in given]
        if not all(form.is_valid() for form in all_of_them):
            raise ValidationError("", code="letter")
        return [form.cleaned_data for form in all_of_them]


class NoteForm(forms.Form):
    """A note for the next counsellor, sealed as a message is."""

    client_id = Code()
    key_id = Code()
    key = SealedKey()
    sealed = SealedText()

    @property
    def note(self) -> SealedMessage:
        given = self.cleaned_data
        return SealedMessage(given["client_id"], given["key_id"], given["key"], given["sealed"])


class HandoverAnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS])


class HandoverForm(forms.Form):
    """`kind` says what `to` is: a colleague's code, a line's or a skill's slug; nothing for a supervisor."""

    kind = forms.ChoiceField(choices=[(kind, "") for kind in ("colleague", "line", "skill", "supervisor")])
    to = forms.SlugField(required=False)
    note = forms.JSONField(required=False)

    def clean_note(self) -> SealedMessage | None:
        given = self.cleaned_data["note"]
        if given is None:
            return None
        form = NoteForm(given if isinstance(given, dict) else {})
        if not form.is_valid():
            raise ValidationError("", code="note")
        return form.note

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if bool(given.get("to")) == (given.get("kind") == "supervisor"):
            raise ValidationError("", code="target")
        return given


class DisclosureForm(forms.Form):
    """One text, sealed to the line's supervisors and to who asks."""

    code = Code()
    sealed_to_supervisors = SealedLetter()
    sealed_own = SealedLetter()
    is_person_told = forms.TypedChoiceField(choices=YES_OR_NO, coerce=TRUE.__eq__)


class DisclosureAnswerForm(forms.Form):
    code = Code()
    is_approved = forms.TypedChoiceField(choices=YES_OR_NO, coerce=TRUE.__eq__)


class HardEndingForm(forms.Form):
    """A guided ending; with `hours`, whoever was there is blocked for as long. Silence is never blocked."""

    HOURS = ((0, ""), (1, _("an hour")), (24, _("a day")), (7 * 24, _("a week")), (30 * 24, _("thirty days")))

    kind = forms.ChoiceField(choices=[(guide.kind, guide.name) for guide in GUIDES])
    hours = forms.TypedChoiceField(choices=HOURS, coerce=int)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("kind") == SILENT and cleaned.get("hours"):
            raise ValidationError("", code="silent")
        return cleaned


class BlockForm(forms.Form):
    """What a supervisor does with a block; `days` only to ask for a longer one."""

    DAYS = ((0, ""), (60, _("two months")), (90, _("three months")), (180, _("half a year")), (365, _("a year")))

    what = forms.ChoiceField(choices=[(what, what) for what in ("review", "lift", "longer", "agree")])
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, required=False, empty_value=None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("what") == "longer" and not cleaned.get("days"):
            raise ValidationError("", code="days")
        return cleaned


class AuditForm(forms.Form):
    """What somebody looks for in the account of what staff did; each may be left out."""

    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)
    who = forms.CharField(label=_("Name to sign in with"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("What"), choices=[("", _("Everything")), *AuditEvent.Kind.choices], required=False)
    line = forms.SlugField(label=_("Line"), required=False)
    conversation = forms.RegexField(CODE_PATTERN, label=_("Conversation"), max_length=22, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = _("Write the day like this: 2026-11-26.")
        self.fields["conversation"].error_messages["invalid"] = _("A conversation’s code has 22 letters and digits.")
        self.fields["line"].error_messages["invalid"] = _("Write the line’s short name, such as safe-to-talk.")


RECORD_GROUPS = (
    (_("Who"), ["role", "age", "gender", "region", "returning", "disability", "interpreter", "ethnicities"]),
    (_("Why"), ["harm", "harm_when", "relationship", "in_childhood", "needs"]),
    (_("Outcome"), ["outcome", "not_counselling"]),
)


def record_groups(form: ContactRecordForm | None = None) -> list[tuple[Promise | str, list[BoundField]]]:
    """The wrap-up form in the order in which a counsellor thinks of it; an empty one where none is given."""
    shown = form or ContactRecordForm()
    return [(title, [shown[name] for name in names]) for title, names in RECORD_GROUPS]
