"""What somebody writes on the phone or in the mailbox of the demonstration. What was typed stays."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 1530  # ten parts of 153 characters; phones stop there too
LONGEST_MAIL = 20_000


class TextForm(forms.Form):
    words = forms.CharField(
        label=_("Your text"),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("A phone sends at most %(limit_value)d characters at once. This has %(show_value)d."),
        },
    )


class MailForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"),
        max_length=150,
        required=False,
        error_messages={"max_length": _("A subject has at most %(limit_value)d characters. This has %(show_value)d.")},
    )
    words = forms.CharField(
        label=_("Your e-mail"),
        max_length=LONGEST_MAIL,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("This mailbox sends at most %(limit_value)d characters at once. This has %(show_value)d."),
        },
    )
