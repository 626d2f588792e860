"""What representatives write. A refusal says what to do, and what was typed stays."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from helpline.directory.capacity import MOST_WEEKS, Capacity
from helpline.directory.fields import BadValue, Clock
from helpline.directory.hsds import Model, fields_of
from helpline.directory.models import Address, Phone, Row, Schedule, Service
from helpline.directory.models.details import WEEKDAYS
from helpline.directory.models.organizations import STATUSES
from helpline.directory.needs import Side, needs
from helpline.lines.languages import LANGUAGES
from helpline.referrals.actions import ANSWERS
from helpline.vault import sealing
from helpline.vault.codes import CODE_PATTERN, Malformed, b64url_decode

LONGEST = 4000  # characters of one field; a service that says more is not read
DAYS = {
    "MO": _("Monday"),
    "TU": _("Tuesday"),
    "WE": _("Wednesday"),
    "TH": _("Thursday"),
    "FR": _("Friday"),
    "SA": _("Saturday"),
    "SU": _("Sunday"),
}
STATES = {
    "active": _("Open"),
    "temporarily closed": _("Closed for a time"),
    "inactive": _("Not taking part now"),
    "defunct": _("Does not exist any more"),
}
NUMBER = RegexValidator(r"^\+?[0-9][0-9 ()-]{1,30}$", _("Digits and spaces only, as one dials it: 09 123 4567."))
CODE = f"^{CODE_PATTERN}$"
MOST_SEALED = 12_000  # characters; the longest message in base64url has 11,302
MOST_MESSAGES = 2**31 - 1
Label = Any  # text, or text that waits for its language


class EmailForm(forms.Form):
    email = forms.EmailField(max_length=254)


class WordsForm(forms.Form):
    words = forms.CharField(max_length=200)


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40)


class AnswerForm(forms.Form):
    """What a service says to somebody who is handed over."""

    state = forms.ChoiceField(choices=[(each, each) for each in ANSWERS])


class RoomForm(forms.Form):
    room = forms.ChoiceField(choices=[(each, each) for each in ("yes", "no")])


class SealedBytes(forms.CharField):
    """Bytes in base64url, made by the page's script; what can be seen of them from outside is checked."""

    def __init__(self, is_well_formed: Callable[[bytes], bool]) -> None:
        super().__init__(max_length=MOST_SEALED)
        self.is_well_formed = is_well_formed

    def clean(self, value: Any) -> bytes:
        try:
            found = b64url_decode(super().clean(value))
        except Malformed:
            raise forms.ValidationError("", code="base64url") from None
        if not self.is_well_formed(found):
            raise forms.ValidationError("", code="size")
        return found


class JoinForm(forms.Form):
    """The public half of the key pair that a browser makes for one chat."""

    public_key = SealedBytes(sealing.is_public_key)


class AfterForm(forms.Form):
    after = forms.IntegerField(min_value=0, max_value=MOST_MESSAGES)


class SayForm(forms.Form):
    """A message, sealed as everybody's is in a chat."""

    client_id = forms.RegexField(CODE)
    key_id = forms.RegexField(CODE)
    key = SealedBytes(lambda sealed: len(sealed) == sealing.SEALED_KEY_BYTES)
    sealed = SealedBytes(sealing.is_well_formed_message)

    @property
    def message(self) -> sealing.SealedMessage:
        given = self.cleaned_data
        return sealing.SealedMessage(given["client_id"], given["key_id"], given["key"], given["sealed"])


class Form(forms.Form):
    def is_valid(self) -> bool:
        """What is wrong has the focus: without a script nothing else leads there."""
        is_valid = super().is_valid()
        for name in [name for name in self.errors if name in self.fields][:1]:
            self.fields[name].widget.attrs["autofocus"] = True
        return is_valid


class RowForm(Form):
    """Fields of one row of the directory, each read as the standard reads it."""

    model: ClassVar[Model]
    labels: ClassVar[Mapping[str, Label]]
    long: ClassVar[frozenset[str]] = frozenset()
    hints: ClassVar[Mapping[str, Label]] = {}

    def __init__(self, row: Row | None = None, data: Any = None) -> None:
        name = f"{row.pk}-%s" if row else "new-%s"
        super().__init__(data, auto_id=name, initial=self._said_by(row))
        for each, label in self.labels.items():
            self.fields.setdefault(each, self._field(each, label))

    def _field(self, name: str, label: Label) -> forms.CharField:
        widget = forms.Textarea(attrs={"rows": 4}) if name in self.long else forms.TextInput()
        widget.attrs["autocomplete"] = "off"
        is_needed = not fields_of(self.model)[name].null
        return forms.CharField(
            label=label, max_length=LONGEST, required=is_needed, widget=widget, help_text=self.hints.get(name, "")
        )

    def _said_by(self, row: Row | None) -> dict[str, Any]:
        shown = fields_of(self.model)
        given = {name: getattr(row, name, None) for name in self.labels} if row else {}
        return {name: shown[name].show(value) for name, value in given.items() if value is not None}

    def clean(self) -> dict[str, Any]:
        for name in self.labels:
            if name in self.cleaned_data:
                self._read(name, str(self.cleaned_data[name]).replace("\r\n", "\n").strip())
        return self.cleaned_data

    def _read(self, name: str, text: str) -> None:
        field = fields_of(self.model)[name]
        try:
            cell = field.read_cell(text)
            self.cleaned_data[name] = None if cell is None else field.read(cell)
        except BadValue as bad:
            self.add_error(name, _now("What you wrote {why}.").format(why=bad))

    @property
    def given(self) -> dict[str, Any]:
        """As the directory takes it."""
        return {name: self.cleaned_data[name] for name in self.labels}


class DetailsForm(RowForm):
    """What a service may change by itself."""

    model = Service
    labels = {
        "url": _("Website"),
        "email": _("E-mail for people who look for help"),
        "application_process": _("How somebody comes to you"),
        "fees_description": _("What it costs"),
        "interpretation_services": _("Interpreters"),
        "alert": _("What people should know now"),
    }
    long = frozenset({"application_process", "fees_description", "alert"})
    hints = {
        "url": _("With https:// at its beginning."),
        "alert": _("Such as “closed from 20 December to 6 January”. Empty it when it is over."),
    }


class WhatForm(RowForm):
    """What it is and for whom: an editor reads it first."""

    model = Service
    labels = {
        "name": _("Name of the service"),
        "description": _("What it is"),
        "eligibility_description": _("For whom"),
        "minimum_age": _("From age"),
        "maximum_age": _("To age"),
        "status": _("State"),
    }
    long = frozenset({"description", "eligibility_description"})

    def _field(self, name: str, label: Label) -> Any:
        if name == "status":
            return forms.ChoiceField(label=label, choices=[(each, STATES[each]) for each, _same in STATUSES])
        return super()._field(name, label)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        youngest, oldest = given.get("minimum_age"), given.get("maximum_age")
        if isinstance(youngest, float) and isinstance(oldest, float) and youngest > oldest:
            self.add_error("maximum_age", _now("This is younger than the age above."))
        return given


class NeedsForm(forms.Form):
    needs = forms.MultipleChoiceField(
        label=_("What people come for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, chosen: Iterable[str] = (), data: Any = None) -> None:
        super().__init__(data, initial={"needs": sorted(chosen)})
        self.fields["needs"].choices = [(each.code, each.name) for each in needs().values()]  # type: ignore[attr-defined]  # typed as any field

    def clean_needs(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["needs"]
        if {needs()[code].side for code in chosen} == set(Side):
            raise forms.ValidationError(
                _("One service is for people who were harmed, or for people who have harmed; not for both.")
            )
        return chosen


class OffersForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Languages that you help in"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_free = forms.BooleanField(label=_("It costs nothing"), required=False)

    def __init__(self, spoken: Iterable[str] = (), *, is_free: bool = False, data: Any = None) -> None:
        super().__init__(data, initial={"languages": sorted(spoken), "is_free": is_free}, auto_id="offers-%s")

    @property
    def spoken(self) -> dict[str, str]:
        return {code: LANGUAGES[code] for code in self.cleaned_data["languages"]}


class CapacityForm(forms.Form):
    capacity = forms.ChoiceField(choices=[(each.value, each.value) for each in Capacity])
    weeks = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_WEEKS,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Write about how many weeks people wait: 1 to 104.")
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        is_waiting = given.get("capacity") == Capacity.WAITING
        if is_waiting and not given.get("weeks") and "weeks" not in self.errors:
            self.add_error("weeks", _now("Write about how many weeks people wait: 1 to 104."))
        if not is_waiting:
            self.errors.pop("weeks", None)
            given["weeks"] = 0
        return given


class PhoneForm(RowForm):
    model = Phone
    labels = {"number": _("Number"), "extension": _("Extension"), "description": _("Whose it is, or when it rings")}

    def _field(self, name: str, label: Label) -> forms.CharField:
        field = super()._field(name, label)
        if name == "number":
            field.validators.append(NUMBER)
        return field


class HoursForm(Form):
    """One time of the week, on one day or several."""

    byday = forms.MultipleChoiceField(
        label=_("Days"),
        choices=[(each, DAYS[each]) for each, _same in WEEKDAYS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    opens_at = forms.CharField(label=_("Opens at"), max_length=20, widget=forms.TextInput({"placeholder": "09:00"}))
    closes_at = forms.CharField(label=_("Closes at"), max_length=20, widget=forms.TextInput({"placeholder": "17:00"}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="hours-%s")
        for each in self.fields.values():
            each.widget.attrs["autocomplete"] = "off"

    def clean_opens_at(self) -> str:
        return _clock(self.cleaned_data["opens_at"])

    def clean_closes_at(self) -> str:
        return _clock(self.cleaned_data["closes_at"])

    @property
    def given(self) -> dict[str, str]:
        times = {name: self.cleaned_data[name] for name in ("opens_at", "closes_at")}
        return {"freq": "WEEKLY", "byday": ",".join(self.cleaned_data["byday"]), **times}


def _clock(text: str) -> str:
    try:
        return Clock().read(text.strip())
    except BadValue:
        raise forms.ValidationError(_("Write the time like this: 09:00.")) from None


class AddressForm(RowForm):
    model = Address
    labels = {
        "address_1": _("Street and number"),
        "address_2": _("More of the address"),
        "city": _("Town or city"),
        "state_province": _("Region"),
        "postal_code": _("Postcode"),
    }


def days_of(schedule: Schedule) -> list[str]:
    """As people name them."""
    return [str(DAYS.get(each.strip(), each)) for each in (schedule.byday or "").split(",") if each.strip()]
