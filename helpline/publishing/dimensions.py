"""What a contact is counted by. The codes are those of `records.codes`, in the order in which pages show them."""

from dataclasses import dataclass

from django.db import models

from helpline.lines.models import Channel
from helpline.lines.regions import Region
from helpline.records import codes

# A contact for which none of several was stated: then, and only then, it counts here.
NONE_STATED = codes.NOT_STATED


@dataclass(frozen=True)
class Dimension:
    """One way to divide contacts.

    `several`: a contact counts in each of its codes (total response), so that the parts come to more than the whole.
    """

    name: str
    codes: tuple[str, ...]
    several: bool = False

    def __len__(self) -> int:
        return len(self.codes)


def _of(name: str, choices: type[models.TextChoices], *without: str) -> Dimension:
    return Dimension(name, tuple(code for code in choices.values if code not in without))


def _several(name: str, choices: type[models.TextChoices]) -> Dimension:
    return Dimension(name, (*choices.values, NONE_STATED), several=True)


CHANNEL = _of("channel", Channel)
ROLE = _of("role", codes.Role)
AGE = _of("age", codes.Age)
GENDER = _of("gender", codes.Gender)
ETHNICITY = _several("ethnicity", codes.Ethnicity)
REGION = _of("region", Region)
RETURNING = _of("returning", codes.Returning)
# Any other language is "other": a single speaker in a month would be known by it.
LANGUAGE = Dimension("language", ("en", "mi", "other"))
INTERPRETER = _of("interpreter", codes.YesNo)
DISABILITY = _of("disability", codes.YesNo)
HARM = _of("harm", codes.Harm)
HARM_WHEN = _of("harm_when", codes.HarmWhen)
IN_CHILDHOOD = _of("in_childhood", codes.YesNo)
RELATIONSHIP = _of("relationship", codes.Relationship)
NEED = _several("need", codes.Need)
# A disclosure for safety is published once a year, nationally; in a month it counts as "supported".
OUTCOME = _of("outcome", codes.Outcome, codes.Outcome.DISCLOSURE)
DISCLOSURE = Dimension("disclosure", ("disclosure", "no_disclosure"))
FATE = _of("fate", codes.Fate)
# How long an answered contact waited: the first bound it kept.
WAIT_BOUNDS = (20, 60, 300, 600)  # seconds
WAIT = Dimension("wait", ("20s", "1m", "5m", "10m", "longer"))
NOT_COUNSELLING = _of("not_counselling", codes.NotCounselling)
WEEKDAY = Dimension("weekday", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
# What room was asked for and not found: the codes of directory/needs.json, as they stand in this edition.
NEED_ASKED = Dimension(
    "need_asked",
    (
        "crisis-support", "medical-care", "forensic-examination", "counselling", "acc-therapy", "police-support",
        "court-support", "safe-housing", "harmful-behaviour", "male-survivors", "rainbow", "pasifika", "kaupapa-maori",
        "children", "young-people", "disability", "whanau", "past-harm", "online-harm", "migrants",
    ),
)  # fmt: skip
HOUR = Dimension("hour", tuple(f"{hour:02d}" for hour in range(24)))
