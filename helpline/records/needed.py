"""What the directory is asked for, from what is coded about a contact: codes to codes, and no word of anybody's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from helpline.directory.needs import Side
from helpline.lines.regions import PLACES
from helpline.records import codes

STOPPING = frozenset({"harmful-behaviour"})
OF_THE_HARMED = {codes.Role.SURVIVOR, codes.Role.FAMILY, codes.Role.FRIEND}
# For each code of a field, the needs (of directory/needs.json) that follow from it.
FOLLOWS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "role": {
        codes.Role.FAMILY: ("whanau",),
        codes.Role.FRIEND: ("whanau",),
        codes.Role.OWN_BEHAVIOUR: (*STOPPING,),
    },
    "age": {codes.Age.AGE_0_12: ("children",), codes.Age.AGE_13_19: ("young-people",)},
    "disability": {codes.YesNo.YES: ("disability",)},
    "ethnicities": {codes.Ethnicity.MAORI: ("kaupapa-maori",), codes.Ethnicity.PACIFIC: ("pasifika",)},
    "harm": {codes.Harm.ONLINE: ("online-harm",)},
    "harm_when": {
        codes.HarmWhen.WITHIN_72_HOURS: ("crisis-support", "medical-care", "forensic-examination"),
        codes.HarmWhen.DAYS_4_7: ("crisis-support", "medical-care", "forensic-examination"),
        codes.HarmWhen.OVER_3_YEARS: ("past-harm",),
    },
    "in_childhood": {codes.YesNo.YES: ("past-harm",)},
    "needs": {
        codes.Need.EMOTIONAL_SUPPORT: ("counselling",),
        codes.Need.MEDICAL: ("medical-care",),
        codes.Need.POLICE: ("police-support",),
        codes.Need.SAFETY: ("safe-housing", "crisis-support"),
        codes.Need.SUPPORTING: ("whanau",),
        codes.Need.OWN_BEHAVIOUR: (*STOPPING,),
        codes.Need.ACC: ("acc-therapy",),
    },
}
_REGIONS = {code for code, _ in PLACES}


@dataclass(frozen=True, slots=True)
class Needed:
    needs: frozenset[str]
    side: str
    """Empty where nothing coded says so."""
    region: str
    """A code of `Region`; empty where it is not one of the sixteen."""


def needed(coded: Mapping[str, object]) -> Needed:
    """From the fields of a ContactRecord. Of what is not coded, or no code, nothing follows.

    The two sides are not mixed: who has harmed is asked about what helps them to stop, whatever else is coded, and
    for whoever was harmed, or is beside them, nothing of that follows.
    """
    role = str(coded.get("role", ""))
    region = str(coded.get("region", ""))
    region = region if region in _REGIONS else ""
    if role == codes.Role.OWN_BEHAVIOUR:
        return Needed(STOPPING, Side.HARMING, region)
    found = {need for field in FOLLOWS for code in _stated(coded.get(field)) for need in FOLLOWS[field].get(code, ())}
    if coded.get("gender") == codes.Gender.MALE and role == codes.Role.SURVIVOR:
        found.add("male-survivors")
    if role in OF_THE_HARMED:
        return Needed(frozenset(found) - STOPPING, Side.HARMED, region)
    return Needed(frozenset(found), "", region)


def _stated(value: object) -> Collection[str]:
    """One code, or several."""
    return [str(each) for each in value] if isinstance(value, list | tuple | set) else [str(value or "")]
