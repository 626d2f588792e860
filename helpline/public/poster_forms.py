"""What somebody chooses and types about posters."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpline.content.posters.rendering import FORMATS, LONGEST_PARTNER, Format, Output, Wish
from helpline.content.posters.words import Poster
from helpline.engagement.models import LONGEST_ADDRESS
from helpline.engagement.posters import MOST_OF_ONE, Item
from helpline.lines.bilingual import Language
from helpline.lines.regions import PLACES

# A picture for social media is downloaded, not sent.
SENT = (Format.A3, Format.A4, Format.STRIPS, Format.CARD)
SHORTEST_ADDRESS = 10


class ChoiceForm(forms.Form):
    """Which form of a poster. Whatever else is in an address counts as nothing chosen."""

    format = forms.ChoiceField(label=_("Format"), choices=list(FORMATS.items()))
    language = forms.ChoiceField(label=_("Language of the poster"), choices=Language.choices)
    region = forms.ChoiceField(
        label=_("Region"),
        choices=[("", _("None")), *PLACES],
        required=False,
        help_text=_("It stands on the poster, and tells us where posters are seen. Nothing tells us by whom."),
    )

    def wish(self, poster: Poster, partner: str = "") -> Wish:
        given = self.cleaned_data
        return Wish(poster, Format(given["format"]), Language(given["language"]), given["region"], partner)


class NamedForm(ChoiceForm):
    """With a partner's name on it: sent by POST, so that it stands in no address and in no history."""

    partner = forms.CharField(
        label=_("Name of your organisation"),
        max_length=LONGEST_PARTNER,
        error_messages={
            "required": _("Write the name that is to stand on the poster."),
            "max_length": _("That is too long for a poster. A short form has up to %(limit_value)d letters."),
        },
    )
    output = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[
            (Output.SCREEN.value, _("A PDF for your own printer")),
            (Output.PRINT.value, _("A PDF for a print shop")),
            (Output.PICTURE.value, _("A picture")),
        ],
    )

    def clean_partner(self) -> str:
        partner = " ".join(str(self.cleaned_data["partner"]).split())
        if not partner.isprintable():
            raise forms.ValidationError(_("There is a letter in it that cannot be printed."))
        return partner


class OrderForm(forms.Form):
    """How many of each, and where to. No name, no way to write back."""

    language = forms.ChoiceField(label=_("Language of the posters"), choices=Language.choices)
    address = forms.CharField(
        label=_("Postal address"),
        min_length=SHORTEST_ADDRESS,
        max_length=LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("The name of your organisation, street, town and postcode. Please leave out names of people."),
        error_messages={
            "required": _("Tell us where the posters are to go."),
            "min_length": _("A postal address has a street or a box, a town and a postcode."),
            "max_length": _("A postal address has at most %(limit_value)d letters."),
        },
    )

    def __init__(self, posters: list[Poster], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posters = posters
        for poster, shape in self._each():
            self.fields[_name(poster, shape)] = forms.IntegerField(
                label=str(FORMATS[shape]),
                min_value=0,
                max_value=MOST_OF_ONE,
                required=False,
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value"), _("A number from 0 to {most}.").format(most=MOST_OF_ONE)
                ),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = [_name(poster, shape) for poster, shape in self._each()]
        if not any(given.get(name) for name in names) and not any(name in self.errors for name in names):
            self.add_error(None, _("Say how many you want of at least one poster."))
        return given

    @property
    def items(self) -> list[Item]:
        given = self.cleaned_data
        counts = ((poster, shape, given[_name(poster, shape)] or 0) for poster, shape in self._each())
        return [Item(poster.code, shape.value, given["language"], count) for poster, shape, count in counts if count]

    def rows(self) -> list[tuple[Poster, list[forms.BoundField]]]:
        return [(poster, [self[_name(poster, shape)] for shape in SENT]) for poster in self.posters]

    def _each(self) -> Iterator[tuple[Poster, Format]]:
        return ((poster, shape) for poster in self.posters for shape in SENT)


def _name(poster: Poster, shape: Format) -> str:
    return f"count-{poster.code}-{shape.value}"
