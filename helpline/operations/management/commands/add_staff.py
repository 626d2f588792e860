"""`helpline add_staff NAME …`: make an account and print its passphrase, once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.accounts.actions import create_staff
from helpline.accounts.models import Role, User
from helpline.lines.actions import staff_line
from helpline.lines.queries import LineUnknown, get_line
from helpline.operations.actions import abilities
from helpline.operations.options import add_ability_options


class Command(BaseCommand):
    help = "Add a member of staff. The passphrase is printed once and kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="as colleagues know them")
        parser.add_argument("--pseudonym", default="", help="as help-seekers see them; the name if left out")
        parser.add_argument("--role", choices=Role.values, default=Role.COUNSELLOR)
        add_ability_options(parser)
        parser.add_argument("--line", action="append", default=[], help="slug of a line to work on; may be repeated")

    @transaction.atomic
    def handle(self, *args: object, username: str, line: list[str], **given: Any) -> None:
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a {username} already.")
        pseudonym = given["pseudonym"] or given["name"]
        user, passphrase = create_staff(
            username, given["name"], pseudonym, given["role"], is_handed=True, **abilities(given)
        )
        for slug in line:
            try:
                staff_line(get_line(slug), [user])
            except LineUnknown as error:
                raise CommandError(f"There is no line {slug}; nobody was added.") from error
        self.stdout.write(f"{username} signs in with: {passphrase}")
        self.stdout.write(
            "Hand it over in person, for the next seven days: it opens the page on which they draw their own."
        )
        self.stdout.write("It is kept nowhere, and it cannot be shown again.")
