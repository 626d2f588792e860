"""`helpline set_staff USERNAME …`: change what somebody can do, and put them on more lines."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.accounts.models import User
from helpline.lines.actions import staff_line
from helpline.lines.queries import LineUnknown, get_line
from helpline.operations.actions import change_staff
from helpline.operations.options import add_ability_options


class Command(BaseCommand):
    help = "Change a member of staff. What is not given stays; --skill replaces all skills; --skill '' is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        add_ability_options(parser)
        parser.add_argument("--line", action="append", default=[], help="slug of one more line; may be repeated")

    @transaction.atomic
    def handle(self, *args: object, username: str, line: list[str], **given: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no {username}.")
        change_staff(user, given)
        for slug in line:
            try:
                staff_line(get_line(slug), [user])
            except LineUnknown as error:
                raise CommandError(f"There is no line {slug}; nothing was changed.") from error
        self.stdout.write(f"{username} is set.")
