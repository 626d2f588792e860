"""What the page of keys may send: signatures, a pin, and new keys for a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from helpline.lines.models import LineKey
from helpline.lines.roster import FOUNDERS, Signed
from helpline.lines.rotation import NewKey
from helpline.vault import contexts
from helpline.vault.codes import is_code
from helpline.vault.sealing import PUBLIC_KEY_BYTES, is_public_key
from helpline.vault.signing import PUBLIC_BYTES, SIGNATURE_BYTES
from helpline.workspace.forms import Code, Sealed, SealedKey

PIN_BYTES = 96
MOST_AT_ONCE = 100  # more do not fit into a post


class Bytes(Sealed):
    """So many bytes, in base64url."""

    def __init__(self, length: int, **options: Any) -> None:
        self.length = length
        super().__init__(**options)

    def is_well_formed(self, sealed: bytes) -> bool:
        return len(sealed) == self.length


class PublicKey(Bytes):
    """One that can be sealed to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(PUBLIC_KEY_BYTES, **options)

    def is_well_formed(self, sealed: bytes) -> bool:
        return super().is_well_formed(sealed) and is_public_key(sealed)


class Many(forms.Field):
    """A list, each of it a valid form."""

    def __init__(self, form: type[forms.Form], **options: Any) -> None:
        self.form = form
        super().__init__(**options)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) > MOST_AT_ONCE:
            raise ValidationError("", code="list")
        filled = [self.form(each if isinstance(each, dict) else {}) for each in value]
        if not all(form.is_valid() for form in filled):
            raise ValidationError("", code="list")
        return [form.cleaned_data for form in filled]


class PinForm(forms.Form):
    pin = Bytes(PIN_BYTES)


class SigningKeyForm(forms.Form):
    signing_key = Bytes(PUBLIC_BYTES)


class SignatureForm(forms.Form):
    signature = Bytes(SIGNATURE_BYTES)


class SignedForm(SignatureForm):
    subject = forms.CharField()
    issued_at = forms.IntegerField(min_value=0)

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if subject != contexts.RECOVERY and not is_code(subject):
            raise ValidationError("", code="subject")
        return subject


class SignForm(forms.Form):
    signatures = Many(SignedForm)

    @property
    def signed(self) -> list[Signed]:
        return [Signed(**each) for each in self.cleaned_data["signatures"]]


class PartnerForm(forms.Form):
    partner = Code()


class FoundForm(PartnerForm):
    issued_at = forms.IntegerField(min_value=0)
    signatures = Many(SignatureForm)

    def clean_signatures(self) -> list[bytes]:
        signatures = [each["signature"] for each in self.cleaned_data["signatures"]]
        if len(signatures) != FOUNDERS:
            raise ValidationError("", code="two")
        return signatures


class LineForm(forms.Form):
    line = forms.SlugField()


class WrapForm(forms.Form):
    code = Code()
    sealed = SealedKey()


class NewKeyForm(forms.Form):
    purpose = forms.ChoiceField(choices=LineKey.Purpose.choices)
    epoch = forms.IntegerField(min_value=1)
    public_key = PublicKey()
    signature = Bytes(SIGNATURE_BYTES)
    recovery = SealedKey(required=False)


class StageForm(LineForm):
    """Some wraps of new keys: a few at a time, since a post is at most 64 KiB."""

    draft = Code()
    purpose = forms.ChoiceField(choices=LineKey.Purpose.choices)
    wraps = Many(WrapForm)

    @property
    def by_code(self) -> dict[str, bytes]:
        return {each["code"]: each["sealed"] for each in self.cleaned_data["wraps"]}


class RotateForm(LineForm):
    draft = Code()
    keys = Many(NewKeyForm)

    @property
    def new_keys(self) -> list[NewKey]:
        return [
            NewKey(**{**each, "recovery": each["recovery"] or None}, wraps={}) for each in self.cleaned_data["keys"]
        ]
