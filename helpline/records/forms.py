"""The wrap-up form: one screen of codes, every one of which may stay "not stated"."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import Conversation
from helpline.records import codes
from helpline.records.editions import Edition, edition_of
from helpline.records.models import ContactRecord
from helpline.records.months import month_of


class ContactRecordForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    ethnicities = forms.MultipleChoiceField(
        label=_("Ethnicity, all that were stated"), choices=codes.Ethnicity.choices, required=False
    )
    needs = forms.MultipleChoiceField(
        label=_("What was needed, all that apply"), choices=codes.Need.choices, required=False
    )
    not_counselling = forms.ChoiceField(
        label=_("Kind of contact"),
        choices=[("", _("Counselling")), *codes.NotCounselling.choices],
        required=False,
    )

    class Meta:
        model = ContactRecord
        fields = [
            "role",
            "age",
            "gender",
            "ethnicities",
            "region",
            "returning",
            "interpreter",
            "disability",
            "harm",
            "harm_when",
            "in_childhood",
            "relationship",
            "needs",
            "outcome",
            "not_counselling",
        ]
        labels = {
            "role": _("Who is in touch"),
            "age": _("Age"),
            "gender": _("Gender"),
            "region": _("Region"),
            "returning": _("First contact?"),
            "interpreter": _("Interpreter used"),
            "disability": _("Disability"),
            "harm": _("What harm"),
            "harm_when": _("When"),
            "in_childhood": _("In childhood"),
            "relationship": _("Who harmed"),
            "outcome": _("What came of it"),
        }

    def __init__(self, *args: Any, edition: Edition | None = None, **kwargs: Any) -> None:
        """With the codes of that edition; else of this month's."""
        super().__init__(*args, **kwargs)
        used = (edition or edition_of(month_of(timezone.now()))).codes
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.choices = [(code, label) for code, label in _pairs(field) if code in ("", *used[name])]


def _pairs(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    return list(field.choices)  # type: ignore[arg-type]  # written out in this file and in codes.py


def form_about(conversation: Conversation, *args: Any, **kwargs: Any) -> ContactRecordForm:
    """With the codes that this contact is coded in."""
    return ContactRecordForm(*args, edition=edition_of(month_of(conversation.started_at)), **kwargs)
