"""The harm guard: people who have harmed and people who were harmed are never shown each other's services by accident.

What a service is for is told by the needs it is linked to; where nobody linked it, by its own words. All words are
looked at folded (`needs.folded`): without macrons, marks and doubled vowels.
"""

import re
from collections.abc import Iterable, Mapping

from helpline.directory.needs import Need, Side, folded, needs, needs_in


def _any_of(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways))


# What a service says of itself if it is for those who harm.
FOR_THOSE_WHO_HARM = _any_of(
    r"\bharmful sexual",
    r"\bsexually harmful",
    r"\bpeople who have harmed",
    r"\bwho (have |has )?(caused|used?) (harm|violence|abuse)",
    r"\bperpetrators? (program|intervention)",
    r"\bfor (\w+ )?(perpetrators|offenders)",
    r"\b(stop|stopping|non|living without) violence (program|course)",
    r"\bsex(ual)? offend",
    r"\boffenders? (program|treatment)",
    r"\banger management",
    r"\bbatterer",
    r"\bbehaviour change program",
    r"\bworried about (their|your) (own )?(sexual )?(thoughts|behaviour)",
)
FOR_THOSE_WHO_WERE_HARMED = _any_of(
    r"\bsurvivor",
    r"\bsexual(ly)? (assault|abuse|harm|violence)",
    r"\brape",
    r"\brefuge\b",
    r"\bvictim",
    r"\b(domestic|family) violence",
    r"\babused",
)
# Sitting down together with whoever harmed is never offered here.
MEDIATION = _any_of(
    r"\bmediat",
    r"\b(couples?|marriage|relationship) (counsel|therap)",
    r"\bconjoint",
    r"\bdispute resolution",
)
CHILD = r"(a|the|my|his|her|our|some) (little |young )?(child|kid|boy|girl|daughter|son|niece|nephew|step\w+|moko\w*)"
SOMEBODY = (
    rf"({CHILD}|children|kids|someone|somebody|people|another person|her\b|him\b|them\b|a (woman|man|person|friend)"
    r"|my (little |younger |older )?(sister|brother|cousin|girlfriend|boyfriend|partner|wife|husband|ex|mate|friend))"
)
I_HAVE = r"(i|ive)( have| think i| may have| might have| nearly| almost)*"
# Said of themselves by whoever has harmed or fears to. What somebody else did stands in the words of those who were
# harmed, and so do shame, self-blame and what they were told they had done.
I_HARM = _any_of(
    rf"\b{I_HAVE} (hurt|harmed|abused|raped|assaulted|groomed|touched|forced) {SOMEBODY}",
    rf"\bi (might|could|may|am going to|will) (hurt|harm|abuse|touch|rape|do something to) ({CHILD}|children|kids)",
    r"\bmy (sexual )?(thoughts|urges|fantasies|feelings) (about|for|of|towards?) (\w+ )?(children|kids|minors)",
    r"\b(sexual|bad|sick|these) (thoughts|urges|fantasies) (about|for|of|towards?) (\w+ )?(children|kids|minors)",
    r"\bworried about my (own )?(sexual )?(thoughts|urges|behaviour)",
    r"\b(control|change|stop) my (own )?(sexual )?(thoughts|urges|behaviour)",
    r"\bstop myself (from )?(hurting|touching|abusing|grooming)",
    r"\b(im|i am) (a |an )?(perpetrator|offender|paedophile|pedophile|sex offender)",
    r"\battracted to (children|kids|minors)",
    r"\bi (keep |have been |was )?(watch|look at|view|download)\w* (child|kiddie|cp|csam|illegal)",
    r"\baccused of (raping|touching|assaulting|abusing|sexually|harming|hurting)",
    r"\bi crossed (a|the) line with",
    r"\bkua tukino (au|ahau) i\b",
)
# What others say of somebody is theirs.
TOLD = re.compile(r"\b(said|says|saying|reckons|thinks|claims|told (me|\w+)) (that )?i\b")


def side_of_words(text: str, chosen: Iterable[Need], without: Iterable[str]) -> Side:
    """Of a person. Nobody is taken for one who harms unless they say so of themselves, or chose such help."""
    if any(each.side == Side.HARMING for each in chosen):
        return Side.HARMING
    if any(needs()[code].side == Side.HARMING for code in without if code in needs()):
        return Side.HARMED
    plain = TOLD.sub(" ", folded(text))
    is_said = bool(I_HARM.search(plain)) or any(each.side == Side.HARMING for each in needs_in(plain))
    return Side.HARMING if is_said else Side.HARMED


def side_of(wanted: Mapping[str, float], plain: str) -> str:
    """Of a service: needs and how surely, and its words, folded. Empty: it is for anybody.

    Whoever harms is served by a service that says so in its words, whatever else it is linked to.
    """
    sides = {needs()[code].side for code, sureness in wanted.items() if sureness == 1.0}
    if Side.HARMING in sides or FOR_THOSE_WHO_HARM.search(plain):
        return Side.HARMING
    if Side.HARMED in sides or FOR_THOSE_WHO_WERE_HARMED.search(plain):
        return Side.HARMED
    return ""


def is_mediation(plain: str) -> bool:
    return bool(MEDIATION.search(plain))
