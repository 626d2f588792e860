"""Writing a ready answer. One that may go by text takes few texts: each arrives, and is paid for, by itself."""

import json
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpline.accounts.models import User
from helpline.channels.models import Template
from helpline.channels.queries import lines_written_for
from helpline.channels.sms.gsm import count
from helpline.lines.languages import LANGUAGES
from helpline.lines.models import Channel, Line
from helpline.workspace.carried_words import CARRIED

MOST_TEXTS = 3
CHANNELS = [("", _("Any")), *((each.value, each.label) for each in Channel if each != Channel.VOICE)]
# For its script: the desk's own sentences.
TEXTS = lazy(
    lambda: json.dumps({"one": str(CARRIED["one_text"]), "many": str(CARRIED["texts"]), "wide": str(CARRIED["wide"])}),
    str,
)()
CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one of the list.")}


class ReadyAnswerForm(forms.Form):
    line = forms.ChoiceField(label=_("Line"), error_messages=CHOOSE)
    channel = forms.ChoiceField(label=_("For"), choices=CHANNELS, required=False, error_messages=CHOOSE)
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()), error_messages=CHOOSE)
    title = forms.CharField(
        label=_("Title, for colleagues"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Give it a title, by which colleagues find it."),
            "max_length": _("A title of up to 80 letters is found faster."),
        },
    )
    text = forms.CharField(
        label=_("What is said"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-texts": TEXTS, "autocomplete": "off"}),
        error_messages={
            "required": _("Write what is said."),
            "max_length": _("That is too long to read on a phone: up to 2,000 letters."),
        },
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.slug: line for line in lines_written_for(user)}
        line = self.fields["line"]
        if isinstance(line, forms.ChoiceField):
            line.choices = [(slug, each.name) for slug, each in self.lines.items()]

    def clean_line(self) -> Line:
        return self.lines[self.cleaned_data["line"]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        line, text = cleaned.get("line"), cleaned.get("text")
        if line and text and _goes_by_text(line, cleaned.get("channel", "")):
            self._check_length(text)
        return cleaned

    def _check_length(self, text: str) -> None:
        counted = count(text)
        if counted.parts <= MOST_TEXTS:
            return
        sentence = ngettext(
            "By text this takes %(count)s message.", "By text this takes %(count)s messages.", counted.parts
        ) % {"count": counted.parts}
        if counted.coding == "ucs2":
            sentence += " " + str(_("A macron, a curly quote or an emoji in it leaves room for 67 letters in each."))
        self.add_error("text", f"{sentence} " + str(_("Three at most: please shorten it, or choose another channel.")))


def values_of(template: Template) -> dict[str, str]:
    """As the form shows it."""
    return {
        "line": template.line.slug,
        "channel": template.channel,
        "language": template.language,
        "title": template.title,
        "text": template.text,
    }


def _goes_by_text(line: Line, channel: str) -> bool:
    return channel == Channel.SMS or (not channel and Channel.SMS in line.channels)
