"""What staff may be trained in. A line requires some, and a conversation may ask for one besides."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# An operator may use others too: any slug will do, and is shown with its hyphens as spaces.
SKILLS: dict[str, Promise] = {
    "voice": _("phone calls"),
    "email": _("e-mail"),
    "young-people": _("young people"),
    "kaupapa-maori": _("kaupapa Māori"),
    "own-behaviour": _("worry about one’s own behaviour"),
    "sexual-harm": _("sexual harm"),
    "mental-health": _("mental health"),
    "nursing": _("nursing"),
    "quitting": _("giving up smoking"),
}


def name_of(skill: str) -> str:
    return str(SKILLS.get(skill, skill.replace("-", " ")))
