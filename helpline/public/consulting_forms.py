"""What somebody fills in to say something to a section of a draft. No field asks more than it has to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpline.content.consultations import Proposal, Section
from helpline.engagement.consultations import Answer, Person, Stand
from helpline.engagement.models import Choice
from helpline.engagement.models.consultations import (
    LONGEST_ADDRESS,
    LONGEST_COMMENT,
    LONGEST_NAME,
    LONGEST_ORGANIZATION,
    LONGEST_REASON,
)

EVERYONE, HOST = "everyone", "host"
# What turns the order of letters round, or hides: a comment must read as its moderator read it.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
TOO_LONG = gettext_lazy(
    "That is too long: %(show_value)d letters, where %(limit_value)d fit. Nothing is lost: shorten it here."
)


class Plain(forms.CharField):
    """Words without anything that is not seen; lines end as they do here."""

    def __init__(self, longest: int, rows: int = 0, **kwargs: Any) -> None:
        off = {"autocomplete": "off"}
        widget = forms.Textarea(attrs={**off, "rows": rows}) if rows else forms.TextInput(attrs=off)
        super().__init__(required=False, widget=widget, **kwargs)
        self.longest = longest

    def to_python(self, value: Any) -> str:
        return _UNSEEN.sub("", str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n"))

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.longest:
            raise forms.ValidationError(TOO_LONG, params={"show_value": len(value), "limit_value": self.longest})


@dataclass(frozen=True)
class Asked:
    """A proposal, and the two fields that ask about it."""

    proposal: Proposal
    stand: forms.BoundField
    why: forms.BoundField


class SayForm(forms.Form):
    """`words` are the six that somebody came back with, or gets with this."""

    words = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput())
    text = Plain(LONGEST_COMMENT, rows=8, label=gettext_lazy("Your comment"))
    who = forms.ChoiceField(
        label=gettext_lazy("Who may read your words?"),
        choices=[
            (EVERYONE, gettext_lazy("Everyone, on this page, after somebody here has read them")),
            (HOST, gettext_lazy("Only us, who wrote the draft")),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one of these.")),
    )
    name = Plain(LONGEST_NAME, label=gettext_lazy("Your name"))
    organization = Plain(LONGEST_ORGANIZATION, label=gettext_lazy("Your organization"))
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=gettext_lazy("Only if we may ask you what you mean. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("That is no e-mail address. Look for a missing @ or dot, or leave it empty."),
            "max_length": gettext_lazy("That address is too long."),
        },
    )
    is_shown = forms.BooleanField(label=gettext_lazy("Show my name and organization beside my words"), required=False)

    def __init__(self, section: Section, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.section = section
        for proposal in section.proposals:
            self.fields[f"stand-{proposal.key}"] = forms.ChoiceField(
                choices=[*[(each.value, each.label) for each in Choice], ("", gettext_lazy("No position"))],
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": gettext_lazy("Choose one of these.")},
            )
            self.fields[f"why-{proposal.key}"] = Plain(
                LONGEST_REASON, rows=3, label=gettext_lazy("Why? (you need not say)")
            )

    @property
    def asked(self) -> Iterator[Asked]:
        for each in self.section.proposals:
            yield Asked(each, self[f"stand-{each.key}"], self[f"why-{each.key}"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for each in self.section.proposals:
            if given.get(f"why-{each.key}") and not given.get(f"stand-{each.key}"):
                self.add_error(f"stand-{each.key}", _("You wrote why. Choose where you stand, too."))
        if given.get("is_shown") and not (given.get("name") or given.get("organization")):
            self.add_error("is_shown", _("There is no name to show. Give one, or take the tick away."))
        if not self.errors and not self.answer.says_something:
            self.add_error("text", _("Write a comment, or choose where you stand on a proposal."))
        return given

    @property
    def answer(self) -> Answer:
        given = self.cleaned_data
        stands = {
            each.key: Stand(Choice(choice), given.get(f"why-{each.key}", ""))
            for each in self.section.proposals
            if (choice := given.get(f"stand-{each.key}"))
        }
        return Answer(given.get("text", ""), given.get("who") == HOST, stands)

    @property
    def person(self) -> Person:
        return Person(**{name: self.cleaned_data[name] for name in ("name", "organization", "email", "is_shown")})


def initial_of(words: str, answer: Answer, person: Person) -> dict[str, Any]:
    """The form as somebody sent it, for whoever has come back."""
    stands = {f"stand-{key}": stand.choice.value for key, stand in answer.stands.items()}
    reasons = {f"why-{key}": stand.text for key, stand in answer.stands.items()}
    who = HOST if answer.is_private else EVERYONE
    known = {name: getattr(person, name) for name in ("name", "organization", "email", "is_shown")}
    return {"words": words, "text": answer.text, "who": who, **known, **stands, **reasons}
