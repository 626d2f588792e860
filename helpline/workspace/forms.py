"""What the desk may send: JSON objects of known shapes and sizes."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.records.forms import ContactRecordForm
from helpline.routing.models import MOST_AT_ONCE, Offer, Presence, Urgency
from helpline.vault.codes import Malformed, b64url_decode, is_code
from helpline.vault.sealing import SEALED_KEY_BYTES

MAX_SKILLS = 5


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Anything that is not a JSON object is an empty one, which no form with a required field accepts."""
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):  # not JSON or not UTF-8; ten thousand brackets
        return {}
    return data if isinstance(data, dict) else {}


def _validate_code(text: str) -> None:
    if not is_code(text):
        raise ValidationError("", code="code")


class SealedKey(forms.CharField):
    """A 32-byte key sealed to somebody's public key, in base64url. Only its length can be checked here."""

    def clean(self, value: Any) -> bytes:
        if not self.required and value in self.empty_values:
            return b""
        try:
            sealed = b64url_decode(super().clean(value))
        except Malformed:
            raise ValidationError("", code="base64url") from None
        if len(sealed) != SEALED_KEY_BYTES:
            raise ValidationError("", code="size")
        return sealed


class SaltForm(forms.Form):
    username = forms.CharField(max_length=60)


class SignInForm(SaltForm):
    secret = forms.CharField(max_length=64)  # 43 characters; a little room for what is wrong anyway


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
    to = forms.CharField(max_length=22, validators=[_validate_code])


RECORD_GROUPS = (
    (_("Who"), ["role", "age", "gender", "region", "returning", "disability", "interpreter", "ethnicities"]),
    (_("Why"), ["harm", "harm_when", "relationship", "in_childhood", "needs"]),
    (_("Outcome"), ["outcome", "not_counselling"]),
)


def record_groups() -> list[tuple[Promise | str, list[BoundField]]]:
    """The wrap-up form in the order in which a counsellor thinks of it."""
    form = ContactRecordForm()
    return [(title, [form[name] for name in names]) for title, names in RECORD_GROUPS]
