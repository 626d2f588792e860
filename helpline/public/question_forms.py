"""Looking for a question, and asking one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from helpline.content.questions import LONGEST_SEARCH
from helpline.engagement.models.questions import LONGEST_ASKER, LONGEST_QUESTION


class SearchForm(forms.Form):
    words = forms.CharField(
        label=_("What would you like to know?"),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write a word or two to look for."),
            "max_length": _("That is long. A few words are enough, at most %(limit_value)d letters."),
        },
    )


class AskForm(forms.Form):
    """No name. An address only if one likes."""

    question = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("Please leave out names, and what happened to somebody. The answer will be for everybody."),
        error_messages={
            "required": _("Write what you would like to know."),
            "max_length": _("That is long. A question has at most %(limit_value)d letters."),
        },
    )
    address = forms.EmailField(
        label=_("E-mail address (if you want a link to the answer)"),
        max_length=LONGEST_ASKER,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("We write there once, when it is answered. Does somebody else read your mail? Leave this empty."),
        error_messages=dict.fromkeys(
            ("invalid", "max_length"), _("This does not look like an e-mail address. You can also leave it empty.")
        ),
    )
