"""Lines that other people run for the whole country; an editor confirms each number before going live."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class NationalLine:
    name: str
    phone: str
    about: Promise
    text_number: str = ""
    email: str = ""


NATIONAL_LINES = (
    NationalLine("1737 Need to talk?", "1737", _("Free, any time. For when you feel low or worried."), "1737"),
    NationalLine("Women’s Refuge", "0800 733 843", _("For when someone at home hurts or controls you.")),
    NationalLine("Healthline", "0800 611 116", _("For health questions.")),
    NationalLine("Youthline", "0800 376 633", _("For young people."), "234"),
    NationalLine("What’s Up", "0800 942 8787", _("For children and teenagers.")),
    NationalLine("OUTLine", "0800 688 5463", _("For rainbow people.")),
)
