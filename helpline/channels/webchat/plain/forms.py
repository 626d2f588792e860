"""What the page without JavaScript posts. Every form carries the page's secret, which no other site can know."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from helpline.channels.webchat.forms import GENDERS_ASKED_FOR
from helpline.channels.webchat.plain.page_secret import PageSecret, parse_page_secret
from helpline.conversations.handovers import ANSWERS
from helpline.lines.languages import LANGUAGES
from helpline.lines.regions import PLACES
from helpline.referrals.pathway import ASK_AFTER_DAYS, BY_PERSON
from helpline.vault.codes import CODE_PATTERN, Malformed, is_code

YES_NO = [("yes", "yes"), ("no", "no")]


class SecretField(forms.CharField):
    def clean(self, value: Any) -> PageSecret:
        try:
            return parse_page_secret(super().clean(value))
        except Malformed as error:
            raise ValidationError("malformed") from error


class CodeField(forms.CharField):
    def validate(self, value: Any) -> None:
        super().validate(value)
        if not is_code(value):
            raise ValidationError("malformed")


class YesNoField(forms.ChoiceField):
    """Yes, no, or not answered: True, False, None."""

    def __init__(self) -> None:
        super().__init__(choices=YES_NO, required=False)

    def clean(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(super().clean(value))


class PageForm(forms.Form):
    """`page` is one open page, so that a notice shows where it belongs and in no other tab."""

    begins_chat = False

    secret = SecretField()
    page = CodeField()


class StartForm(PageForm):
    begins_chat = True

    line = forms.SlugField()
    region = forms.ChoiceField(choices=PLACES, required=False)
    in_danger = YesNoField()
    language = forms.ChoiceField(choices=list(LANGUAGES.items()), required=False)
    gender = forms.ChoiceField(choices=[(gender, gender) for gender in GENDERS_ASKED_FOR if gender], required=False)
    is_message = YesNoField()

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or "en"


class AgainForm(PageForm):
    begins_chat = True


class SayForm(PageForm):
    """`form` names this very box: pressed twice, it is still one message."""

    form = CodeField()
    text = forms.CharField(required=False, strip=False)


class HandoverForm(PageForm):
    answer = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS])


class CodesField(forms.MultipleChoiceField):
    """The items of a referral that were ticked."""

    def valid_value(self, value: str) -> bool:
        return is_code(value)


class ConsentForm(PageForm):
    referral = CodeField()
    agreed = CodesField(required=False)
    answer = forms.ChoiceField(choices=YES_NO)


class TakeBackForm(PageForm):
    """One item, or without it the whole referral."""

    referral = CodeField()
    item = forms.RegexField(CODE_PATTERN, required=False, max_length=22)


class AskMeForm(PageForm):
    days = forms.TypedChoiceField(choices=[(str(days), str(days)) for days in (0, *ASK_AFTER_DAYS)], coerce=int)


class SayHowForm(PageForm):
    says = forms.ChoiceField(choices=[(str(state), str(state)) for state in BY_PERSON])


class ReturnForm(PageForm):
    # Six words of at most nine letters; room for somebody's commas and spaces.
    words = forms.CharField(max_length=200)


class SurveyForm(PageForm):
    helped = forms.TypedChoiceField(
        choices=[(str(number), str(number)) for number in range(1, 6)], coerce=int, required=False, empty_value=None
    )
    knows_next_step = YesNoField()
