"""What the desk may send about services: sealed, but for a need, a place, and which service."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from helpline.conversations.models import ForGuest
from helpline.directory.models import Service
from helpline.directory.needs import needs
from helpline.directory.places import places
from helpline.directory.queries import visible
from helpline.referrals.actions import OFFERED_DAYS, NewItem, Sealed, Wish
from helpline.referrals.capacity import NewAsk, NewRequest
from helpline.referrals.models import MOST_ASKED, ConsentItem, Pathway
from helpline.vault.codes import Malformed, b64url_decode, is_code
from helpline.workspace.forms import Code, SealedKey, SealedLetter, SealedText

HASH_BYTES = 32
MOST_MESSAGES = 2**31 - 1


class Hash(forms.CharField):
    """SHA-256 of a token, in base64url."""

    def clean(self, value: Any) -> bytes:
        try:
            found = b64url_decode(super().clean(value))
        except Malformed:
            raise ValidationError("", code="base64url") from None
        if len(found) != HASH_BYTES:
            raise ValidationError("", code="size")
        return found


class OneService(forms.UUIDField):
    """One that anybody may find."""

    def clean(self, value: Any) -> Any:
        name: UUID = super().clean(value)
        found = visible(Service).filter(pk=name).first()
        if found is None:
            raise ValidationError("", code="service")
        return found


class NeedField(forms.CharField):
    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if code not in needs():
            raise ValidationError("", code="need")
        return code


class AreaField(forms.CharField):
    """The id of a place, or nothing."""

    def clean(self, value: Any) -> str:
        identity: str = super().clean(value)
        if identity and identity not in places():
            raise ValidationError("", code="area")
        return identity


class Several(forms.Field):
    """A list of objects, each of which a form of its own reads."""

    form_class: ClassVar[type[forms.Form]]
    most: ClassVar[int]

    def clean(self, value: Any) -> list[Any]:
        if not isinstance(value, list) or not 0 < len(value) <= self.most:
            raise ValidationError("", code="list")
        read = [self.form_class(each if isinstance(each, dict) else {}) for each in value]
        if not all(form.is_valid() for form in read):
            raise ValidationError("", code="item")
        return [form.made for form in read]  # type: ignore[attr-defined]  # each of these forms makes its object


class ItemForm(forms.Form):
    code = Code()
    what = forms.ChoiceField(choices=ConsentItem.What.choices)
    sealed = SealedText(required=False)
    for_service = SealedText(required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        has_text = given.get("what") in ConsentItem.WITH_TEXT
        if bool(given.get("sealed")) != has_text or bool(given.get("for_service")) != has_text:
            raise ValidationError("", code="text")
        return given

    @property
    def made(self) -> NewItem:
        given = self.cleaned_data
        return NewItem(given["code"], given["what"], given["sealed"] or None, given["for_service"] or None)


class Items(Several):
    form_class = ItemForm
    most = len(ConsentItem.What)

    def clean(self, value: Any) -> list[NewItem]:
        items: list[NewItem] = super().clean(value)
        whats = [item.what for item in items]
        if len(set(whats)) != len(whats) or ConsentItem.What.NEED not in whats:
            raise ValidationError("", code="items")
        return items


class Codes(forms.Field):
    """Of items; a list that may be empty."""

    def clean(self, value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > len(ConsentItem.What):
            raise ValidationError("", code="list")
        if not all(isinstance(each, str) and is_code(each) for each in value):
            raise ValidationError("", code="item")
        return value


class AboutForm(forms.Form):
    """What both kinds of question say: nothing of who."""

    code = Code()
    need = NeedField()
    area = AreaField(required=False)
    key_id = Code()
    key = SealedKey()


class ReferForm(AboutForm):
    service = OneService()
    days = forms.TypedChoiceField(choices=[(days, days) for days in OFFERED_DAYS], coerce=int)
    token_hash = Hash()
    link = SealedText()
    items = Items()

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(given["code"], given["service"], given["need"], given["area"])

    @property
    def sealed(self) -> Sealed:
        given = self.cleaned_data
        return Sealed(given["token_hash"], given["key_id"], given["key"], given["link"])


class AnswerForm(forms.Form):
    """What somebody said yes to, by the codes of the items; nothing where they said no."""

    referral = Code()
    agreed = Codes()


class TakeBackForm(forms.Form):
    """One item of a referral, or without it all of it."""

    referral = Code()
    item = Code(required=False)


class AskForm(forms.Form):
    code = Code()
    service = OneService()
    token_hash = Hash()
    link = SealedText()

    @property
    def made(self) -> NewAsk:
        given = self.cleaned_data
        return NewAsk(given["code"], given["service"], given["token_hash"], given["link"])


class Asks(Several):
    form_class = AskForm
    most = MOST_ASKED

    def clean(self, value: Any) -> list[NewAsk]:
        asks: list[NewAsk] = super().clean(value)
        if len({ask.service.pk for ask in asks}) != len(asks):
            raise ValidationError("", code="twice")
        return asks


class RoomForm(AboutForm):
    asks = Asks()

    @property
    def made(self) -> NewRequest:
        given = self.cleaned_data
        about = given["code"], given["need"], given["area"], given["key_id"], given["key"]
        return NewRequest(*about, given["asks"])


class EndRoomForm(forms.Form):
    request = Code()


class ForGuestForm(forms.Form):
    seq = forms.IntegerField(min_value=ForGuest.SUMMARY, max_value=MOST_MESSAGES)
    sealed = SealedLetter()

    @property
    def made(self) -> tuple[int, bytes]:
        return self.cleaned_data["seq"], self.cleaned_data["sealed"]


class WordsForGuest(Several):
    form_class = ForGuestForm
    most = 4  # as many of the longest as fit into one request


class PassOnForm(forms.Form):
    """Words for somebody of a service who is in the chat, each sealed to them."""

    guest = Code()
    words = WordsForGuest()


class PathwayForm(forms.Form):
    state = forms.ChoiceField(choices=Pathway.State.choices)
