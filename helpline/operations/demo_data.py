"""An invented line, twelve invented staff and a little history. Nobody here exists; no word of anybody's is here."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import create_staff
from helpline.accounts.models import Role, User
from helpline.lines.actions import staff_line
from helpline.lines.models import Channel, Line
from helpline.lines.regions import Region
from helpline.records import codes
from helpline.records.models import ContactRecord

HISTORY_DAYS = 28
CONTACTS_A_DAY = 6  # enough for a screen to look lived in; not meant to look like a real line's figures
SEED = 2018  # the same history in every demonstration


@dataclass(frozen=True)
class DemonstrationStaff:
    """Their passphrase is public knowledge, so they exist in a demonstration only."""

    username: str
    name: str
    pseudonym: str
    role: Role
    passphrase: str


STAFF = (
    DemonstrationStaff("asha", "Asha Nair", "Kōwhai", Role.COUNSELLOR, "runway apricot kinetic casino starch"),
    DemonstrationStaff("ben", "Ben Carter", "Rimu", Role.COUNSELLOR, "oasis chair panther civic octane"),
    DemonstrationStaff("hana", "Hana Tīpene", "Tūī", Role.COUNSELLOR, "paper concert anagram unison relearn"),
    DemonstrationStaff("losa", "Losa Faleolo", "Mānuka", Role.COUNSELLOR, "raffle limeade pending aqua garage"),
    DemonstrationStaff("tama", "Tama Walker", "Kererū", Role.COUNSELLOR, "cartoon bunkbed stencil onward glacial"),
    DemonstrationStaff("wei", "Wei Zhang", "Harakeke", Role.COUNSELLOR, "sandbox reprise gaining dance barrier"),
    DemonstrationStaff("ruth", "Ruth O'Neill", "Tōtara", Role.COUNSELLOR, "bauble scaling evoke prior cupid"),
    DemonstrationStaff("mikaere", "Mikaere Hōhepa", "Kahikatea", Role.COUNSELLOR, "luckily ozone spider recall folic"),
    DemonstrationStaff("sunita", "Sunita Rao", "Rātā", Role.SUPERVISOR, "vacant revisit comfort civic chair"),
    DemonstrationStaff("grace", "Grace Leota", "Pūriri", Role.SUPERVISOR, "liquefy require swifter aqua twice"),
    DemonstrationStaff("oliver", "Oliver Grant", "", Role.OPERATOR, "earlobe dictate divided paper runway"),
    DemonstrationStaff("mira", "Mira Petrov", "", Role.EDITOR, "shorts retool octane annuity oasis"),
)


class NotADemonstration(Exception):
    """These sign-ins are public knowledge, and this is the live service."""


@transaction.atomic
def load() -> bool:
    """Fill an empty database; returns whether it was empty. Raises NotADemonstration."""
    if not settings.DEMONSTRATION:
        raise NotADemonstration
    if Line.objects.exists():
        return False
    line = Line.objects.create(
        slug="safe-to-talk",
        name="Safe to talk · Kōrero mai, ka ora",
        languages=["en", "mi"],
        channels=[Channel.WEBCHAT, Channel.VOICE, Channel.SMS, Channel.EMAIL],
        phone="0800 044 334",
        text_number="4334",
        email="support@safetotalk.nz",
    )
    staff_line(line, [_hire(who) for who in STAFF])
    ContactRecord.objects.bulk_create(_history(line))
    return True


def _hire(who: DemonstrationStaff) -> User:
    user, _ = create_staff(who.username, who.name, who.pseudonym, who.role, who.passphrase, is_demonstration=True)
    return user


def _history(line: Line) -> list[ContactRecord]:
    chance = random.Random(SEED)  # noqa: S311  # invented figures, no secret
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=HISTORY_DAYS)
    hours = range(HISTORY_DAYS * 24)
    return [
        _contact(line, chance, start + timedelta(hours=hour))
        for hour in sorted(chance.choices(hours, k=HISTORY_DAYS * CONTACTS_A_DAY))
    ]


def _contact(line: Line, chance: random.Random, hour: datetime) -> ContactRecord:
    is_answered = chance.random() < 0.9
    record = ContactRecord(
        line=line,
        channel=Channel.WEBCHAT,
        started_hour=hour,
        is_answered=is_answered,
        is_complete=True,
        wait_seconds=int(chance.expovariate(1 / 40)),
    )
    if is_answered:
        record.handled_seconds = 300 + int(chance.expovariate(1 / 1200))
        _code(record, chance)
    return record


def _code(record: ContactRecord, chance: random.Random) -> None:
    for field, choices in (
        ("role", codes.Role),
        ("age", codes.Age),
        ("gender", codes.Gender),
        ("region", Region),
        ("returning", codes.Returning),
        ("harm", codes.Harm),
        ("harm_when", codes.HarmWhen),
        ("relationship", codes.Relationship),
    ):
        setattr(record, field, chance.choice(choices.values))
    record.ethnicities = [chance.choice(codes.Ethnicity.values)]
    record.needs = sorted(chance.sample(codes.Need.values, k=2))
    record.outcome = chance.choice([codes.Outcome.SUPPORTED, codes.Outcome.SIGNPOSTED])
