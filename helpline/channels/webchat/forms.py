"""What the chat page may send: JSON of known shapes and sizes, and nothing besides."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from helpline.conversations.handovers import ANSWERS
from helpline.lines.languages import LANGUAGES
from helpline.lines.regions import PLACES
from helpline.referrals.models import ConsentItem
from helpline.referrals.pathway import ASK_AFTER_DAYS, BY_PERSON
from helpline.vault import proof_of_work, sealing
from helpline.vault.codes import Malformed, b64url_decode, is_code

HASH_BYTES = 32
SLUG_CHARACTERS = 50  # Django's SlugField
GENDERS_ASKED_FOR = ("", "female", "male")


class Exact(forms.Field):
    """A JSON value taken as it is: nothing is coerced, so `"false"` is not a boolean and 1 is not text."""

    kinds: tuple[type, ...] = (str,)

    def to_python(self, value: Any) -> Any:
        if value is None and not self.required:
            return None
        if type(value) not in self.kinds:
            raise ValidationError("", code="kind")
        return value


class Text(Exact):
    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__()

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        if len(text) > self.limit:
            raise ValidationError("", code="size")
        return text


class Code(Exact):
    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        if not is_code(text):
            raise ValidationError("", code="code")
        return text


class OptionalCode(Code):
    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> str:
        return "" if value is None else super().to_python(value)


class Bytes(Exact):
    """base64url of exactly so many bytes."""

    def __init__(self, length: int, *, required: bool = True) -> None:
        self.length = length
        super().__init__(required=required)

    def to_python(self, value: Any) -> bytes:
        if value is None and not self.required:
            return b""
        try:
            data = b64url_decode(super().to_python(value))
        except Malformed:
            raise ValidationError("", code="base64url") from None
        if len(data) != self.length:
            raise ValidationError("", code="size")
        return data


class Flag(Exact):
    kinds = (bool,)


class Number(Exact):
    kinds = (int,)


class JsonForm(forms.Form):
    """A form over one JSON object, whose names must be the form's."""

    begins_chat = False

    @classmethod
    def read(cls, request: HttpRequest) -> "JsonForm":
        """Anything that is not a JSON object is an empty one, which no form accepts."""
        try:
            data = json.loads(request.body)
        except ValueError:  # not JSON, or not UTF-8
            data = None
        except RecursionError:  # ten thousand brackets
            data = None
        return cls(data if isinstance(data, dict) else {})

    def clean(self) -> dict[str, Any]:
        if unknown := set(self.data) - set(self.fields):
            raise ValidationError(f"{len(unknown)} unknown", code="names")
        return self.cleaned_data


class Known(JsonForm):
    """Which conversation, and the proof that it is one's own."""

    code = Code()
    capability = Bytes(HASH_BYTES)


class Grants(Exact):
    kinds = (dict,)
    lengths = {
        "queue": sealing.SEALED_KEY_BYTES,
        "supervisor": sealing.SEALED_KEY_BYTES,
        "help_seeker": sealing.WRAPPED_KEY_BYTES,
    }

    def to_python(self, value: Any) -> dict[str, bytes]:
        grants = super().to_python(value)
        if set(grants) != set(self.lengths):
            raise ValidationError("", code="names")
        return {reader: Bytes(length).clean(grants[reader]) for reader, length in self.lengths.items()}


class Before(Exact):
    """An earlier chat of one's own: its code and capability, as a pair."""

    kinds = (dict,)

    def to_python(self, value: Any) -> tuple[str, bytes] | None:
        before = super().to_python(value)
        if before is None:
            return None
        if set(before) != {"code", "capability"}:
            raise ValidationError("", code="names")
        return Code().clean(before["code"]), Bytes(HASH_BYTES).clean(before["capability"])


class Proof(Exact):
    """A proof of work; nothing as a rule."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> str:
        proof: str = super().to_python(value) or ""
        if len(proof) > proof_of_work.LONGEST:
            raise ValidationError("", code="size")
        return proof


class PublicKey(Bytes):
    """Checked before it is kept: nobody could answer a conversation whose key cannot be sealed to."""

    def __init__(self) -> None:
        super().__init__(sealing.PUBLIC_KEY_BYTES)

    def to_python(self, value: Any) -> bytes:
        key = super().to_python(value)
        if not sealing.is_public_key(key):
            raise ValidationError("", code="key")
        return key


class Place(Exact):
    """A region, or nothing: not asked, or not said."""

    def to_python(self, value: Any) -> str:
        region: str = super().to_python(value) or ""
        if region and region not in dict(PLACES):
            raise ValidationError("", code="region")
        return region


class Gender(Exact):
    """With whom somebody would rather talk; nothing is no preference."""

    def to_python(self, value: Any) -> str:
        gender: str = super().to_python(value) or ""
        if gender not in GENDERS_ASKED_FOR:
            raise ValidationError("", code="gender")
        return gender


class Start(JsonForm):
    begins_chat = True
    line = Text(SLUG_CHARACTERS)
    code = Code()
    public_key = PublicKey()
    capability_hash = Bytes(HASH_BYTES)
    grants = Grants()
    in_danger = Flag(required=False)
    language = Text(12)
    region = Place(required=False)
    gender = Gender(required=False)
    is_message = Flag(required=False)
    before = Before(required=False)
    block = Bytes(HASH_BYTES, required=False)
    proof = Proof()

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if language not in LANGUAGES:
            raise ValidationError("", code="language")
        return language


class Answer(Known):
    """What the person says to a hand-over."""

    answer = Text(12)

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if answer not in ANSWERS:
            raise ValidationError("", code="answer")
        return answer


class Codes(Exact):
    """A list of codes, each once; none is a list too."""

    kinds = (list,)

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(required=False)

    def to_python(self, value: Any) -> list[str]:
        if value is None:
            raise ValidationError("", code="kind")
        codes = [Code().clean(each) for each in super().to_python(value)[: self.most + 1]]
        if len(codes) > self.most or len(set(codes)) != len(codes):
            raise ValidationError("", code="size")
        return codes


class Consent(Known):
    """To which of a referral's items the person says yes; to none is a no."""

    referral = Code()
    agreed = Codes(len(ConsentItem.What))


class TakeBack(Known):
    """One item, or without it the whole referral."""

    referral = Code()
    item = OptionalCode()


class AskMe(Known):
    """After how many days, when they are here again; 0: not at all."""

    days = Number()

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if days and days not in ASK_AFTER_DAYS:
            raise ValidationError("", code="days")
        return days


class SayHow(Known):
    """How far they are on their way."""

    says = Text(10)

    def clean_says(self) -> str:
        says: str = self.cleaned_data["says"]
        if says not in BY_PERSON:
            raise ValidationError("", code="says")
        return says


class Leave(Known):
    is_exit = Flag()


class Regrant(Known):
    """The conversation's key, sealed to the line's queue key, and after a change of line to its supervisors' too."""

    grant = Bytes(sealing.SEALED_KEY_BYTES)
    supervisor_grant = Bytes(sealing.SEALED_KEY_BYTES, required=False)


class Keep(Known):
    finder_hash = Bytes(HASH_BYTES)
    return_capability_hash = Bytes(HASH_BYTES)
    grant = Bytes(sealing.WRAPPED_KEY_BYTES)


class ComeBack(JsonForm):
    finder = Bytes(HASH_BYTES)
    capability = Bytes(HASH_BYTES)


class TakeOver(ComeBack):
    capability_hash = Bytes(HASH_BYTES)
    grant = Bytes(sealing.WRAPPED_KEY_BYTES)


class Survey(Known):
    helped = Number(required=False)
    knows_next_step = Flag(required=False)

    def clean_helped(self) -> int | None:
        helped: int | None = self.cleaned_data["helped"]
        if helped is not None and not 1 <= helped <= 5:
            raise ValidationError("", code="range")
        return helped
