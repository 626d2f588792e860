"""`helpline invite USERNAME …`: ask somebody in; their own browser makes the passphrase and the keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpline.accounts.models import Role
from helpline.lines.invitations import NameTaken, invite
from helpline.lines.queries import LineUnknown, get_line
from helpline.operations.options import REPEATED, skill

WITH_WORDS = (Role.COUNSELLOR, Role.SUPERVISOR)


class Command(BaseCommand):
    help = "Invite somebody. The six words are printed once and kept nowhere; the keys are made where they are typed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="as colleagues know them")
        parser.add_argument("--pseudonym", default="", help="as help-seekers see them; the name if left out")
        parser.add_argument("--role", choices=Role.values, default=Role.COUNSELLOR)
        parser.add_argument("--line", action="append", default=[], help=f"slug of a line to work on; {REPEATED}")
        parser.add_argument("--skill", action="append", type=skill, default=[], help=REPEATED)

    def handle(self, *args: object, username: str, **given: Any) -> None:
        if given["role"] in WITH_WORDS and not given["line"]:
            raise CommandError("A counsellor or supervisor works on a line: give --line. Nobody was invited.")
        try:
            lines = [get_line(slug).slug for slug in given["line"]]
            _, words = invite(
                None,
                username=username,
                name=given["name"],
                pseudonym=given["pseudonym"] or given["name"],
                role=given["role"],
                lines=lines,
                skills=given["skill"],
            )
        except LineUnknown as error:
            raise CommandError("There is no such line; nobody was invited.") from error
        except NameTaken as error:
            raise CommandError(
                f"The name {username} is taken, or somebody is invited under it. Nobody was invited."
            ) from error
        self.stdout.write(f"The six words for {given['name']}: {words}")
        self.stdout.write(
            "Hand them over in person or by phone. They are typed at /join/ of the staff door, within a week."
        )
