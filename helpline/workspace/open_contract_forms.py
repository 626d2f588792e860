"""The form of the contract in the open, made from what `contract_facts` knows: one entry there is one field here."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpline.publishing import contract_facts
from helpline.publishing.contract_facts import LISTS, LONGEST, SECTIONS, TOP, Check, OneOf
from helpline.publishing.levels import LEVELS
from helpline.workspace.open_contract_words import CODES, HELP, LABELS, LONG, REFUSED, TITLES, WRONG

Facts = Mapping[str, Any]
DAY_HELP = gettext_lazy("Write the day like this: 2018-06-01.")
MOST_ROWS = 60


class Entries(forms.Form):
    """Some entries of the facts; what may be left out there may be left out here."""

    def __init__(self, *args: Any, entries: Mapping[str, Check], section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [entry.rstrip("?") for entry in entries]
        for name, (entry, check) in zip(self.names, entries.items(), strict=True):
            self.fields[name] = _field(section, name, check, is_required=not entry.endswith("?"))

    def given(self) -> dict[str, Any]:
        found = {name: self.cleaned_data.get(name) for name in self.names}
        return {name: each for name, each in found.items() if each not in (None, "")}


class Levels(forms.Form):
    """What was promised, in per cent; at least one thing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, level in LEVELS.items():
            self.fields[code] = forms.FloatField(
                label=level.name.en,
                min_value=1,
                max_value=contract_facts.MOST,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), WRONG["level"]),
            )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.given():
            self.add_error(next(iter(LEVELS)), WRONG["no_level"])
        return self.cleaned_data

    def given(self) -> dict[str, float]:
        return {code: each for code, each in self.cleaned_data.items() if each is not None}


class OpenContractForm:
    """All of it, section by section. `facts`: those of the newest edition, or none yet."""

    def __init__(self, facts: Facts | None, data: QueryDict | None = None) -> None:
        known: Facts = facts or {}
        self.top = Entries(data, prefix="top", initial=known, entries=TOP, section="top")
        self.sections = {
            name: Entries(data, prefix=name, initial=known.get(name), entries=entries, section=name)
            for name, entries in SECTIONS.items()
        }
        promised = {code: f"{share:g}" for code, share in known.get("levels", {}).items()}
        self.levels = Levels(data, prefix="levels", initial=promised)
        rows = formset_factory(Entries, extra=2, max_num=MOST_ROWS, absolute_max=MOST_ROWS, can_delete=True)
        self.lists: dict[str, BaseFormSet[Entries]] = {
            name: rows(data, prefix=name, initial=known.get(name), form_kwargs={"entries": entries, "section": name})
            for name, entries in LISTS.items()
        }

    def is_valid(self) -> bool:
        """Each is asked, so that everything that is wrong is said at once."""
        wrong = [each for each in (self.top, *self.sections.values(), self.levels) if not each.is_valid()]
        wrong_rows = [each for each in self.lists.values() if not each.is_valid()]
        return not wrong and not wrong_rows

    def facts(self) -> dict[str, Any]:
        """As they are published. Raises NotFacts, which a form that is valid does not lead to."""
        given = self.top.given() | {name: form.given() for name, form in self.sections.items()}
        given["levels"] = self.levels.given()
        for name, rows in self.lists.items():
            made = (row.given() for row in rows if not row.cleaned_data.get("DELETE"))
            given[name] = [each for each in made if each]
        return contract_facts.checked(given)

    def parts(self) -> Iterator[tuple[str, Promise, forms.Form]]:
        """For the page: its name, its title, its fields."""
        for name, form in (*self.sections.items(), ("levels", self.levels)):
            yield name, TITLES[name], form

    def rows(self) -> Iterator[tuple[str, Promise, BaseFormSet[Entries]]]:
        for name, rows in self.lists.items():
            yield name, TITLES[name], rows


def _field(section: str, name: str, check: Check, *, is_required: bool) -> forms.Field:
    label, help_text = LABELS[f"{section}.{name}"], HELP.get(f"{section}.{name}", "")
    said: dict[str, Any] = {"label": label, "help_text": help_text, "required": is_required}
    if check is contract_facts.a_flag:
        return forms.BooleanField(**said | {"required": False})
    if check is contract_facts.a_day:
        widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, error_messages={"required": DAY_HELP, "invalid": DAY_HELP}, **said)
    if isinstance(check, OneOf):
        choices = [("", "–"), *((code, CODES[code]) for code in check.codes)]
        return forms.ChoiceField(choices=choices, error_messages={"required": WRONG["choose"]}, **said)
    return _TextField(check, is_long=name in LONG, **said)


class _TextField(forms.CharField):
    """What its check says about one line of text."""

    def __init__(self, check: Check, *, is_long: bool, **said: Any) -> None:
        attributes = {"autocomplete": "off", **({"rows": 3} if is_long else {})}
        widget = (forms.Textarea if is_long else forms.TextInput)(attrs=attributes)
        errors = {"required": WRONG["missing"], "max_length": WRONG["long"]}
        super().__init__(max_length=LONGEST, widget=widget, error_messages=errors, **said)
        self.check = check

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text:
            try:
                self.check(text)
            except ValueError:
                raise forms.ValidationError(str(REFUSED[self.check])) from None
        return text


def changes(before: Facts | None, after: Facts) -> list[tuple[str, str, str]]:
    """What a new edition says anew: of what, what stood there, what will. In the order of the form."""
    old, new = dict(_lines(before or {})), dict(_lines(after))
    return [(what, old.get(what, "–"), new.get(what, "–")) for what in {**new, **old} if old.get(what) != new.get(what)]


def _lines(facts: Facts) -> Iterator[tuple[str, str]]:
    if "is_invented" in facts:
        yield str(LABELS["top.is_invented"]), _("Yes") if facts["is_invented"] else _("No")
    for section in SECTIONS:
        for name, value in facts.get(section, {}).items():
            yield f"{TITLES[section]}: {LABELS[f'{section}.{name}']}", _said(value)
    for code, share in facts.get("levels", {}).items():
        yield LEVELS[code].name.en, f"{share:g} %"
    for section in LISTS:
        for number, row in enumerate(facts.get(section, []), 1):
            for name, value in row.items():
                yield f"{TITLES[section]}, {number}: {LABELS[f'{section}.{name}']}", _said(value)


def _said(value: str) -> str:
    return str(CODES.get(value, value))
