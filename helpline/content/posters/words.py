"""What stands on posters: words of our own, short and calm, in both languages; and what every poster says besides.

A poster hangs where anybody sees it, also beside whoever harmed somebody: it describes nothing, and asks nothing.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.lines.bilingual import Word

LONGEST_HEADING = 60
LONGEST_LEAD = 180
LONGEST_POINT = 24
MOST_POINTS = 3


class Audience(models.TextChoices):
    EVERYBODY = "everybody", _("Everybody")
    YOUNG = "young", _("Young people")
    MEN = "men", _("Men")
    LONG_AGO = "long-ago", _("People to whom something happened long ago")
    FAMILY = "family", _("Whānau and friends")
    WORRIED = "worried", _("People who worry about their own thoughts or behaviour")
    PROVIDERS = "providers", _("Service providers, for their rooms and desks")


@dataclass(frozen=True)
class Words:
    """Of one poster in one language."""

    heading: str
    lead: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Poster:
    """`code` stands in the address that its square leads to, and so on paper: it never changes."""

    code: str
    audience: Audience
    english: Words
    te_reo: Words
    is_reviewed: bool = False
    """Whether a native speaker has read the words in te reo Māori; until then the poster says so."""
    line: str = ""
    """The slug of the line that it is for; empty: for any."""

    def words(self, language: str) -> Words:
        return self.te_reo if language == "mi" else self.english


FREE = ("Free", "Confidential", "Day and night")
FREE_MI = ("Kore utu", "Matatapu", "I te ao, i te pō")
OURS = "safe-to-talk"

BUILT_IN = (
    Poster(
        "f4k",
        Audience.EVERYBODY,
        Words(
            "You can talk to someone.",
            "Has something sexual happened that was not okay? Or are you worried about someone? You do not have to "
            "give your name.",
            FREE,
        ),
        Words(
            "Ka taea e koe te kōrero.",
            "He wāhi haumaru tēnei hei kōrero mō te taitōkai. Kāore e mate kia hoatu i tō ingoa.",
            FREE_MI,
        ),
        line=OURS,
    ),
    Poster(
        "h7r",
        Audience.YOUNG,
        Words(
            "Did something feel wrong?",
            "Online or face to face: you can ask us what is okay. It is not your fault, and no question is silly.",
            FREE,
        ),
        Words("I hē tētahi mea ki a koe?", "Ahakoa i te ipurangi, pātai mai. Ehara nāu te hē.", FREE_MI),
        line=OURS,
    ),
    Poster(
        "m2t",
        Audience.MEN,
        Words("It happens to men, too.", "You did nothing wrong. You can talk at your own pace, and stop.", FREE),
        Words("Ka pā hoki ki ngā tāne.", "Ehara nāu te hē. Māu e whakatau ngā kōrero.", FREE_MI),
        line=OURS,
    ),
    Poster(
        "n9d",
        Audience.LONG_AGO,
        Words("It was long ago. It still matters.", "You can talk about it now. You choose what to say.", FREE),
        Words("Ahakoa kua roa, he take tonu.", "Ka taea te kōrero ināianei. Māu e kōwhiri ngā kupu.", FREE_MI),
        line=OURS,
    ),
    Poster(
        "w3p",
        Audience.FAMILY,
        Words(
            "Somebody told you. Now what?",
            "You do not need the perfect words. We can help you to help them, and to look after yourself.",
            FREE,
        ),
        Words("I kōrero mai tētahi ki a koe?", "Ka āwhina mātou i a koe ki te āwhina i a ia.", FREE_MI),
        line=OURS,
    ),
    Poster(
        "k6b",
        Audience.WORRIED,
        Words(
            "Worried about your own thoughts?",
            "You can talk about what you think or do, before anybody is harmed. We listen, and we do not judge.",
            FREE,
        ),
        Words("E āwangawanga ana mō ō whakaaro?", "Kōrero mai. Ka whakarongo mātou, kāore e whakawā.", FREE_MI),
        line=OURS,
    ),
    Poster(
        "r5c",
        Audience.PROVIDERS,
        Words(
            "Need to talk? Ask us for a quiet room.",
            "Or talk to trained people elsewhere, at any hour. They know the services near you.",
            FREE,
        ),
        Words(
            "E hiahia kōrero ana koe?",
            "Tonoa he rūma mārire i konei, kōrero rānei ki ētahi tāngata whai pūkenga.",
            FREE_MI,
        ),
        line=OURS,
    ),
    Poster(
        "z8v",
        Audience.EVERYBODY,
        Words("You can talk to someone.", "A trained person listens. You do not have to give your name."),
        Words(
            "Ka taea e koe te kōrero.", "Ka whakarongo tētahi tangata whai pūkenga. Kāore e mate kia hoatu i tō ingoa."
        ),
    ),
)

SAID = {
    "call": Word("Call", "Waea mai"),
    "text": Word("Text", "Pātuhi mai"),
    "read": Word("Chat and read", "Kōrero mai, pānui mai"),
    "look": Word("Read", "Pānui mai"),
    "danger": Word("In danger right now? Call {emergency}.", "Kei te mōrearea koe? Waea atu ki te {emergency}."),
    "square": Word("Square code that leads to {address}", "He waehere tapawhā e ahu ana ki {address}"),
    "picture": Word(
        "The sun comes up over hills and a harbour.", "E ara ake ana te rā i runga ake i ngā puke me te whanga."
    ),
    "review": Word("awaiting a native speaker’s review", "E tatari ana ki te arotake a tētahi kaikōrero Māori"),
}
# In English, like the banner of every page: the words that keep somebody from calling in vain.
DEMONSTRATION = (
    "DEMONSTRATION. Not a real poster: nobody answers here. In danger call 111. To talk to a real person call "
    "0800 044 334, text 4334, or go to safetotalk.nz."
)
DEMONSTRATION_SMALL = "DEMONSTRATION · nobody answers here · in danger call 111"
DEMONSTRATION_STRIP = "DEMONSTRATION"
