"""What somebody asks the directory for, as a page, a link or a desk sends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpline.directory.needs import Side, folded, needs
from helpline.directory.places import Place, choose, named, place, places, places_in
from helpline.directory.saying import LANGUAGES, for_whom_choices
from helpline.directory.search import Found, Wanted

MOST_CHARACTERS = 200  # of words: more is a story, which nobody should have to tell a search box
MOST_NAMES = 20
SIDES = [
    (Side.HARMED.value, _("What somebody did to me, or to someone I care about")),
    (Side.HARMING.value, _("What I did, or am afraid I might do")),
    ("", _("I would rather not say")),
]


class Known(forms.MultipleChoiceField):
    """What is still known of an old link or a changed form; the rest is left out."""

    def __init__(self, *, choices: Any = ()) -> None:
        super().__init__(choices=choices, required=False)

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            value = [str(each) for each in value[:MOST_NAMES] if self.valid_value(str(each))]
        return super().clean(value)


class OneKnown(forms.ChoiceField):
    def clean(self, value: Any) -> Any:
        return value if self.valid_value(value) else ""


class KnownPlace(forms.Field):
    """By its id; None for any other."""

    def clean(self, value: Any) -> Place | None:
        return place(value) if isinstance(value, str) else None


class KnownNames(Known):
    """Names of rows."""

    def valid_value(self, value: str) -> bool:
        try:
            return bool(UUID(value))
        except ValueError:
            return False


class WantedForm(forms.Form):
    """`place` is one that was chosen, and goes before `where`, which is what somebody wrote."""

    words = forms.CharField(
        required=False,
        max_length=MOST_CHARACTERS,
        error_messages={"max_length": _("That is a lot for us to look for. Please use fewer words.")},
    )
    where = forms.CharField(
        required=False,
        max_length=80,
        error_messages={"max_length": _("That is a long name. Please write only the town or suburb.")},
    )
    place = KnownPlace(required=False)
    need = Known(choices=lambda: [(code, each.shown) for code, each in needs().items()])
    without = Known(choices=lambda: [(code, each.shown) for code, each in needs().items()])
    side = OneKnown(required=False, choices=SIDES)
    for_whom = Known(choices=for_whom_choices)
    language = OneKnown(required=False, choices=[("", _("Any language")), *LANGUAGES.items()])
    is_open_now = forms.BooleanField(required=False)
    is_free = forms.BooleanField(required=False)
    is_elsewhere = forms.BooleanField(required=False)
    not_known = KnownNames()
    same: tuple[Place, ...] = ()
    """Of the name that was written, if it is not clear which is meant."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        where = found.get("where", "")
        if where and not found.get("place"):
            self.same = _places_called(where)
            found["place"] = choose(self.same)
            if not self.same:
                self.add_error("where", _("We do not know a place of that name. Please try the nearest town."))
        elif found.get("is_elsewhere") and not self._town():
            self.add_error("where", _("Please write here which town we should leave out."))
        return found

    def _town(self) -> Place | None:
        """The one that was chosen or written, or that the words name."""
        chosen: Place | None = self.cleaned_data.get("place")
        return chosen or choose(places_in(self.cleaned_data.get("words", "")).places)

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        chosen, town = given["place"], self._town()
        return Wanted(
            words=given["words"],
            needs=frozenset(given["need"]) - frozenset(given["without"]),
            without=frozenset(given["without"]),
            side=given["side"],
            place=chosen.id if chosen else "",
            for_whom=frozenset(given["for_whom"]),
            language=given["language"],
            is_open_now=given["is_open_now"],
            is_free=given["is_free"],
            not_in=frozenset({town.id}) if town and given["is_elsewhere"] else frozenset(),
            not_known=frozenset(map(UUID, given["not_known"])),
        )


def _places_called(where: str) -> tuple[Place, ...]:
    """By its name, or as we show it ourselves: `Richmond, Whakatū · Nelson`."""
    whole = folded(where)
    return tuple(each for each in places().values() if folded(each.full_name) == whole) or named(where)


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was understood, and can be taken away: `drop` is what the page then sends."""

    text: str
    drop: str
    is_need: bool = False


def chips(wanted: Wanted, found: Found) -> list[Chip]:
    shown = [Chip(each.shown, f"need:{each.code}", is_need=True) for each in found.needs]
    if found.place and wanted.place:
        shown.append(Chip(found.place.full_name, "where"))
    shown += [Chip(needs()[code].shown, f"for_whom:{code}", is_need=True) for code in sorted(wanted.for_whom)]
    if wanted.language:
        shown.append(Chip(LANGUAGES[wanted.language], "language"))
    flags = (
        (wanted.is_open_now, _("Open now"), "is_open_now"),
        (wanted.is_free, _("Free"), "is_free"),
        (bool(wanted.not_in), _("Not in this town"), "is_elsewhere"),
    )
    shown += [Chip(str(text), drop) for is_so, text, drop in flags if is_so]
    if left_out := len(wanted.not_known):
        text = ngettext("%(count)d organisation left out", "%(count)d organisations left out", left_out)
        shown.append(Chip(text % {"count": left_out}, "not_known"))
    return shown


def without(data: Any, drop: str) -> Any:
    """What was sent, less one thing (a chip's `drop`). A need is remembered as not meant: the words may name it."""
    name, _colon, value = drop.partition(":")
    left = data.copy()
    if name == "need":
        left.appendlist("without", value)
        left.setlist("need", [each for each in left.getlist("need") if each != value])
    elif name == "for_whom":
        left.setlist(name, [each for each in left.getlist(name) if each != value])
    elif name == "where":
        left["where"] = left["place"] = ""
    elif name in WantedForm.base_fields:
        left[name] = ""
    return left


def link_to(wanted: Wanted, found: Found) -> str:
    """What may be passed on: codes of what was understood and chosen. No word that somebody wrote, and not where
    somebody is known."""
    side = found.side if wanted.side or found.side == Side.HARMING else ""
    pairs: list[tuple[str, str]] = [("need", each.code) for each in found.needs]
    pairs += [("side", side), ("place", found.place.id if found.place else "")]
    pairs += [("for_whom", each) for each in sorted(wanted.for_whom)] + [("language", wanted.language)]
    pairs += [("is_open_now", "on" * wanted.is_open_now), ("is_free", "on" * wanted.is_free)]
    return urlencode([pair for pair in pairs if pair[1]])


def with_needs(wanted: Wanted, more: Sequence[str] | frozenset[str], side: str, town: str) -> Wanted:
    """With what is coded besides; what somebody chose goes before it."""
    return replace(
        wanted,
        needs=(wanted.needs | frozenset(more)) - wanted.without,
        side=wanted.side or side,
        place=wanted.place or town,
    )
