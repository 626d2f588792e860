"""The harm guard: people who have harmed and people who were harmed are never shown each other's services by accident.

What a service is for is told by the needs it is linked to; where nobody linked it, by its own words.
"""

import re
from collections.abc import Mapping

from helpline.directory.needs import Side, needs

# What a service says of itself if it is for those who harm. All are looked for in folded text.
FOR_THOSE_WHO_HARM = re.compile(
    r"harmful sexual|sexualy harmful|people who have harmed|who (have |has )?(caused|used?) (harm|violence)"
    r"|perpetrators? (program|intervention)|for (\w+ )?(perpetrators|ofenders|offenders)"
    r"|(stop|stoping|stopping|non|living without) violence (program|course)"
    r"|sex(ual)? offend|offenders? (program|treatment)|anger management|batterer|behaviour change program"
    r"|worried about (their|your) (own )?(sexual )?(thoughts|behaviour)"
)
FOR_THOSE_WHO_WERE_HARMED = re.compile(
    r"survivor|sexual(ly)? (assault|abuse|harm|violence)|rape|refuge\b|victim|(domestic|family) violence|abused"
)
# Sitting down together with whoever harmed is never offered here.
MEDIATION = re.compile(
    r"\bmediat|\bcouples? (counsel|therap)|\bmariage counsel|\bmarriage counsel|\brelationship counsel|\bconjoint"
    r"|dispute resolution"
)


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
