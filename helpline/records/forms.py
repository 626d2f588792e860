"""The wrap-up form: one screen of codes, every one of which may stay "not stated"."""

from django import forms
from django.utils.translation import gettext_lazy as _

from helpline.records import codes
from helpline.records.models import ContactRecord


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
