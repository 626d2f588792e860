"""A line and its staff in the database of a house; run in a process of its own, gone before anything is typed."""

from uuid import UUID, uuid4

from django.core.management import call_command

from helpline.accounts import factors
from helpline.accounts.actions import create_staff
from helpline.accounts.models import Role
from helpline.directory.models import Organization, Service
from helpline.lines.actions import staff_line
from helpline.lines.models import Channel, Line
from tests.people import app_secret_of, passphrase_of

SERVICE = UUID("5e7b1ce0-0000-4000-8000-000000000001")  # to which somebody can be handed on
STAFF = (("asha", Role.COUNSELLOR), ("sunita", Role.SUPERVISOR))


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    line = Line.objects.create(
        slug="safe-to-talk", name="Safe to talk", languages=["en", "mi"], channels=[Channel.WEBCHAT]
    )
    organization = Organization.objects.create(id=uuid4(), name="Harbour Trust", description="Invented.")
    Service.objects.create(id=SERVICE, name="Harbour Counselling", status="active", organization=organization)
    made = [
        create_staff(name, name.title(), f"{name.title()}'s pseudonym", role, passphrase_of(name))
        for name, role in STAFF
    ]
    for user, _ in made:
        factors.set_authenticator(user, app_secret_of(user.username))
    staff_line(line, [user for user, _ in made])
