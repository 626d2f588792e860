"""Counting complaints: a line of one's own, a month, a kind and a number. No words, on purpose."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing.models import ComplaintCount
from helpline.records.months import month_of

MONTHS_SHOWN = 3
MOST = 999
CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one of the list.")}


class ComplaintsForm(forms.Form):
    line = forms.ChoiceField(label=_("Line"), error_messages=CHOOSE)
    month = forms.TypedChoiceField(coerce=dt.date.fromisoformat, label=_("Month"), error_messages=CHOOSE)
    kind = forms.ChoiceField(choices=ComplaintCount.Kind.choices, label=_("About"), error_messages=CHOOSE)
    number = forms.IntegerField(
        min_value=0,
        max_value=MOST,
        label=_("How many in all"),
        error_messages={
            "required": _("Write how many there were; 0 for none."),
            "invalid": _("Write a number, such as 2."),
            "min_value": _("Write a number from 0 to 999."),
            "max_value": _("Write a number from 0 to 999."),
        },
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.slug: line for line in Line.objects.filter(memberships__user=user)}
        choices: dict[str, list[tuple[str, str]]] = {
            "line": [(slug, line.name) for slug, line in self.lines.items()],
            "month": [(month.isoformat(), date_format(month, "F Y")) for month in recent_months()],
        }
        for name, given in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = given

    def clean_line(self) -> Line:
        return self.lines[self.cleaned_data["line"]]


def recent_months() -> list[dt.date]:
    found = [month_of(timezone.now())]
    while len(found) < MONTHS_SHOWN:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    return found
