"""What moderators press and fill in."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpline.content.consultations import Section
from helpline.engagement.models import Choice, HuiNote, Said
from helpline.engagement.models.consultations import LONGEST_NOTE
from helpline.engagement.moderating import Hui, Read, Show
from helpline.vault.codes import CODE_LENGTH


class ReadForm(forms.Form):
    """What was read, as it stood, and what is to become of it."""

    code = forms.CharField(max_length=CODE_LENGTH)
    revision = forms.IntegerField(min_value=1)
    state = forms.ChoiceField(choices=Said.State.choices)
    do = forms.ChoiceField(choices=[("show", ""), ("keep-back", "")])
    why = forms.ChoiceField(choices=Said.Why.choices, required=False)

    @staticmethod
    def whys() -> list[tuple[str, str]]:
        return [(each.value, str(each.label)) for each in Said.Why]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("do") == "keep-back" and not given.get("why"):
            self.add_error("why", _("Choose why."))
        return given

    @property
    def read(self) -> Read:
        return Read(*(self.cleaned_data[name] for name in ("code", "revision", "state")))


class SetAsideForm(forms.Form):
    submission = forms.CharField(max_length=CODE_LENGTH)
    is_set_aside = forms.BooleanField(required=False)


class HuiForm(forms.Form):
    """What a hui said to one section, and how many hands went up for what."""

    held_on = forms.DateField(
        label=gettext_lazy("Day of the hui"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("On which day was it?")),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Where was it?")},
    )
    people = forms.IntegerField(
        label=gettext_lazy("About how many people"),
        min_value=1,
        max_value=10_000,
        required=False,
        widget=forms.NumberInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What was said to this section"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 10}),
        help_text=gettext_lazy(
            "In your own words. Name nobody, and tell no one’s story: everyone can read it at once."
        ),
        error_messages={"required": gettext_lazy("Write what was said.")},
    )

    def __init__(self, section: Section, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.section = section
        for proposal in section.proposals:
            for choice in Choice:
                self.fields[f"{choice}-{proposal.key}"] = forms.IntegerField(
                    label=str(choice.label),
                    min_value=0,
                    max_value=10_000,
                    required=False,
                    widget=forms.NumberInput(attrs={"autocomplete": "off"}),
                )

    @property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in ("held_on", "place", "people", "text")]

    @property
    def shows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for proposal in self.section.proposals:
            yield proposal.text.words, [self[f"{choice}-{proposal.key}"] for choice in Choice]

    @property
    def hui(self) -> Hui:
        """A proposal for which no hand was counted has no count, rather than four noughts."""
        given = self.cleaned_data
        shows = []
        for proposal in self.section.proposals:
            counted = tuple((choice, given.get(f"{choice}-{proposal.key}") or 0) for choice in Choice)
            if any(many for _, many in counted):
                shows.append(Show(proposal.key, counted))
        plain = {name: given[name] for name in ("held_on", "place", "people", "text")}
        return Hui(section=self.section.key, shows=tuple(shows), **plain)


def initial_of(note: HuiNote) -> dict[str, Any]:
    counts = {f"{choice}-{each.proposal}": getattr(each, choice) for each in note.counts.all() for choice in Choice}
    return {**{name: getattr(note, name) for name in ("held_on", "place", "people", "text")}, **counts}
