"""What several commands ask about lines and staff. Given again, an option replaces what was; '' leaves none."""

import re
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction

from helpline.accounts.models import Gender
from helpline.accounts.skills import SKILLS
from helpline.lines.hours import NotHours, Week, parse_hours
from helpline.lines.models import Channel
from helpline.lines.regions import PLACES

REGIONS = dict(PLACES)
REPEATED = "may be repeated"


def add_ability_options(parser: ArgumentParser) -> None:
    known = ", ".join(SKILLS)
    parser.add_argument("--skill", action="append", type=skill, help=f"{known} or one of your own; {REPEATED}")
    parser.add_argument("--language", action="append", help=f"en, mi, zh; {REPEATED}; en if left out")
    parser.add_argument("--gender", choices=[*Gender.values, ""], help="what a help-seeker may ask for, if they say")
    parser.add_argument("--new-starter", action=BooleanOptionalAction, help="has fewer conversations at a time")


def add_line_options(parser: ArgumentParser) -> None:
    parser.add_argument("--language", action="append", help=f"en, mi; {REPEATED}")
    parser.add_argument("--channel", action="append", choices=Channel.values, help=REPEATED)
    parser.add_argument("--phone")
    parser.add_argument("--text-number")
    parser.add_argument("--email")
    parser.add_argument("--host", action="append", help=f"host name of its public site; {REPEATED}")
    parser.add_argument("--skill", action="append", type=skill, help=f"whoever answers must have it; {REPEATED}")
    parser.add_argument("--region", action="append", type=region, help=f"open there first; {REPEATED}; '' everywhere")
    parser.add_argument(
        "--hours", action="append", type=opening, help=f"\"mon-fri 09:00-17:00\"; {REPEATED}; '' always"
    )


def skill(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]*", text):
        raise ArgumentTypeError(f"{text} is no skill: small letters, digits and hyphens")
    return text


def region(text: str) -> str:
    if text and text not in REGIONS:
        raise ArgumentTypeError(f"{text} is no region: {', '.join(REGIONS)}")
    return text


def opening(text: str) -> Week:
    try:
        return parse_hours(text) if text else []
    except NotHours:
        raise ArgumentTypeError(f'{text} are no hours: write them like "mon-fri 09:00-17:00"') from None
