"""The wrap-up form: one screen of codes, every one of which may stay "not stated"."""

from django import forms

from helpline.records import codes
from helpline.records.models import ContactRecord


class ContactRecordForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    ethnicities = forms.MultipleChoiceField(choices=codes.Ethnicity.choices, required=False)
    needs = forms.MultipleChoiceField(choices=codes.Need.choices, required=False)

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
