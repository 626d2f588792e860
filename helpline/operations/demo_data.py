"""Four lines, fourteen staff, a little history and services, all invented; no word of anybody's is here."""

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from helpline.accounts import factors
from helpline.accounts.actions import create_staff
from helpline.accounts.models import Gender, Role, User
from helpline.accounts.queries import has_authenticator
from helpline.content import demonstration as pages
from helpline.content.founding import found
from helpline.directory.demonstration import load as load_services
from helpline.engagement import demonstrating_consultations as consultations
from helpline.engagement import demonstration as updates
from helpline.engagement import invented_events
from helpline.lines.actions import set_opening_hours, set_overflow, staff_line
from helpline.lines.founding import found_and_vouch
from helpline.lines.hours import parse_hours
from helpline.lines.models import Channel, Course, Line
from helpline.lines.regions import Region
from helpline.lines.training import record_training, set_course
from helpline.operations import demo_figures
from helpline.publishing import contract_facts
from helpline.publishing.actions import publish_contract
from helpline.publishing.demonstration import starts as closed_months
from helpline.records import codes
from helpline.records.models import ContactRecord
from helpline.records.months import month_after, span_of
from helpline.vault import passphrases, totp

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
    lines: str
    skills: str = ""
    languages: str = "en"
    gender: str = ""
    is_new_starter: bool = False


COUNSELLOR, SUPERVISOR = Role.COUNSELLOR, Role.SUPERVISOR
SAFE, TALK, HEALTH, QUIT = "safe-to-talk", "1737", "healthline", "quitline"
EVERY_LINE = f"{SAFE} {TALK} {HEALTH} {QUIT}"

# fmt: off
STAFF = (
    DemonstrationStaff("asha", "Asha Nair", "Kōwhai", COUNSELLOR, "runway apricot kinetic casino starch",
        SAFE, "sexual-harm young-people voice", "en hi", Gender.FEMALE),
    DemonstrationStaff("ben", "Ben Carter", "Rimu", COUNSELLOR, "oasis chair panther civic octane",
        f"{SAFE} {TALK}", "sexual-harm own-behaviour mental-health email", "en", Gender.MALE),
    DemonstrationStaff("hana", "Hana Tīpene", "Tūī", COUNSELLOR, "paper concert anagram unison relearn",
        SAFE, "sexual-harm mental-health kaupapa-maori young-people", "en mi", Gender.FEMALE),
    DemonstrationStaff("losa", "Losa Faleolo", "Mānuka", COUNSELLOR, "raffle limeade pending aqua garage",
        SAFE, "sexual-harm", "en sm", Gender.FEMALE, is_new_starter=True),
    DemonstrationStaff("tama", "Tama Walker", "Kererū", COUNSELLOR, "cartoon bunkbed stencil onward glacial",
        f"{SAFE} {QUIT}", "sexual-harm quitting kaupapa-maori voice", "en mi", Gender.MALE),
    DemonstrationStaff("wei", "Wei Zhang", "Harakeke", COUNSELLOR, "sandbox reprise gaining dance barrier",
        f"{SAFE} {HEALTH}", "sexual-harm nursing", "en zh", Gender.ANOTHER),
    DemonstrationStaff("ruth", "Ruth O'Neill", "Tōtara", COUNSELLOR, "bauble scaling evoke prior cupid",
        f"{TALK} {HEALTH}", "sexual-harm mental-health nursing voice", "en", Gender.FEMALE),
    DemonstrationStaff("mikaere", "Mikaere Hōhepa", "Kahikatea", COUNSELLOR, "luckily ozone spider recall folic",
        f"{TALK} {QUIT}", "mental-health quitting", "en mi", Gender.MALE),
    DemonstrationStaff("sunita", "Sunita Rao", "Rātā", SUPERVISOR, "vacant revisit comfort civic chair",
        f"{SAFE} {TALK}", "sexual-harm mental-health young-people", "en hi", Gender.FEMALE),
    DemonstrationStaff("grace", "Grace Leota", "Pūriri", SUPERVISOR, "liquefy require swifter aqua twice",
        f"{SAFE} {HEALTH} {QUIT}", "sexual-harm nursing quitting", "en sm", Gender.FEMALE),
    DemonstrationStaff("oliver", "Oliver Grant", "", Role.OPERATOR, "earlobe dictate divided paper runway", EVERY_LINE),
    DemonstrationStaff("anahera", "Anahera Kingi", "", Role.ANALYST, "overdue cavalry mosaic tassel plywood", SAFE),
    DemonstrationStaff("david", "David Osei", "", Role.ANALYST, "sapling cohesive drum unfold margin", SAFE),
    DemonstrationStaff("mira", "Mira Petrov", "", Role.EDITOR, "shorts retool octane annuity oasis", EVERY_LINE),
)
# fmt: on
# Numbers are real and public; Quitline's hours are invented, so that one line can be seen closed. It shows no number,
# since we have none that was checked.
LINES: tuple[dict[str, Any], ...] = (
    {
        "slug": SAFE,
        "name": "Safe to talk · Kōrero mai, ka ora",
        "channels": list(Channel),
        "phone": "0800 044 334",
        "text_number": "4334",
        "email": "support@safetotalk.nz",
        "required_skills": ["sexual-harm"],
    },
    {
        "slug": TALK,
        "name": "1737 Need to talk?",
        "channels": [Channel.WEBCHAT, Channel.VOICE, Channel.SMS],
        "phone": "1737",
        "text_number": "1737",
        "hosts": ["1737.localhost"],
        "required_skills": ["mental-health"],
    },
    {
        "slug": HEALTH,
        "name": "Healthline",
        "channels": [Channel.WEBCHAT, Channel.VOICE],
        "phone": "0800 611 116",
        "hosts": ["healthline.localhost"],
        "required_skills": ["nursing"],
    },
    {
        "slug": QUIT,
        "name": "Quitline",
        "channels": [Channel.WEBCHAT],
        "hosts": ["quitline.localhost"],
        "required_skills": ["quitting"],
    },
)
DAYTIME = parse_hours("mon-fri 09:00-17:00")
RUNS_OUT_SOON, TRAINED_DAYS_AGO = "tama", 350
OVERFLOWS = ((SAFE, TALK, 60), (TALK, SAFE, 120))


class NotADemonstration(Exception):
    """These sign-ins are public knowledge, and this is the live service."""


@transaction.atomic
def load() -> bool:
    """Fill an empty database; returns whether it was empty. Raises NotADemonstration."""
    if not settings.DEMONSTRATION:
        raise NotADemonstration
    if Line.objects.exists():
        return False
    lines = {
        each["slug"]: Line.objects.create(**each, languages=["en", "mi"], position=position)
        for position, each in enumerate(LINES)
    }
    set_opening_hours(lines[QUIT], DAYTIME)
    staff = [(who, _hire(who)) for who in STAFF]
    for slug, line in lines.items():
        staff_line(line, [user for who, user in staff if slug in who.lines.split()])
    for slug, to, seconds in OVERFLOWS:
        set_overflow(lines[slug], lines[to], seconds)
    founders = [(user, _seed_of(who, user)) for who, user in staff if who.role == SUPERVISOR]
    found_and_vouch(founders[0], founders[1])
    _train(lines[SAFE], [user for _, user in staff if user.holds_words])
    ContactRecord.objects.bulk_create(_history(lines[SAFE]))
    analysts = [(user, _seed_of(who, user)) for who, user in staff if who.role == Role.ANALYST]
    demo_figures.load(lines[SAFE], analysts[0], analysts[1])
    load_services()
    return True


def load_updates() -> bool:
    """Readers and what they were sent, for a database that is older than updates too; whether it was now."""
    editor = User.objects.filter(role=Role.EDITOR, is_demonstration=True).first()
    supervisor = User.objects.filter(role=Role.SUPERVISOR, is_demonstration=True).first()
    line = Line.objects.filter(slug=SAFE).first()
    return updates.load(line, editor, supervisor) if line and editor and supervisor else False


def load_pages() -> bool:
    """What editors would have written, for a database that is older than their pages too; whether it was now."""
    line = Line.objects.filter(slug=SAFE).first()
    return pages.load(line) if line else False


def load_contract() -> None:
    """What anybody is shown who asks the command for an example."""
    if line := Line.objects.filter(slug=SAFE).first():
        publish_contract(line, contract_facts.read(contract_facts.EXAMPLE.read_text()))


def load_consultations() -> bool:
    """One that is open, one that was answered, for a database that is older than consultations too; whether now."""
    editor = User.objects.filter(role=Role.EDITOR, is_demonstration=True).first()
    line = Line.objects.filter(slug=SAFE).first()
    if line is None or editor is None:
        return False
    found()
    return consultations.load(line, editor)


def load_events() -> bool:
    """Events, and who comes, for a database that is older than they are too; whether it was now."""
    line = Line.objects.filter(slug=SAFE).first()
    return invented_events.load(line) if line else False


def _train(line: Line, users: list[User]) -> None:
    """Everybody has done what the line asks for each year; one person's runs out soon, as their desk says."""
    course, supervisor = Course(slug="safe-practice", name="Safe practice", months=12), users[-1]
    set_course(course, [line])
    for place, user in enumerate(users):
        days = TRAINED_DAYS_AGO if user.username == RUNS_OUT_SOON else 20 * (place + 1)
        record_training(supervisor, user, course, timezone.localdate() - timedelta(days=days))


def _hire(who: DemonstrationStaff) -> User:
    user, _ = create_staff(
        who.username,
        who.name,
        who.pseudonym,
        who.role,
        who.passphrase,
        skills=who.skills.split(),
        languages=who.languages.split(),
        gender=who.gender,
        is_new_starter=who.is_new_starter,
        is_demonstration=True,
    )
    factors.set_authenticator(user, app_secret_of(who.username))
    return user


def _seed_of(who: DemonstrationStaff, user: User) -> bytes:
    """What only this person's browser can open, were their passphrase not public knowledge."""
    wrap = user.key_wraps.get(kind="passphrase")
    return passphrases.unwrap_staff_seed(
        passphrases.stretch(who.passphrase, bytes(wrap.salt)), bytes(wrap.wrapped), user.code
    )


@transaction.atomic
def renew_apps() -> None:
    """Whoever lacks a second factor that works here: the database is older than they are, or the keys' folder newer."""
    for user in User.objects.filter(is_demonstration=True, username__in=[who.username for who in STAFF]):
        try:
            factors.unused_code_of(user)
            is_well = has_authenticator(user)
        except factors.FactorUnreadable:
            is_well = False
        if not is_well:
            factors.set_authenticator(user, app_secret_of(user.username))


def app_secret_of(username: str) -> bytes:
    """As public as the passphrases: the door of a demonstration shows the code of the moment."""
    return hashlib.sha256(f"demonstration {username}".encode()).digest()[: totp.SECRET_BYTES]


def _history(line: Line) -> list[ContactRecord]:
    chance = random.Random(SEED)  # noqa: S311  # nosec B311  # invented figures, no secret
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    # In no month that is closed: the figures of these are there already (demo_figures).
    since, _ = span_of(month_after(closed_months(timezone.localdate())[-1]))
    start = max(now - timedelta(days=HISTORY_DAYS), since)
    hours = range((now - start) // timedelta(hours=1))
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
        fate=codes.Fate.ANSWERED if is_answered else codes.Fate.LEFT_IN_QUEUE,
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
