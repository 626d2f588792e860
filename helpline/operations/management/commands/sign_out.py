"""`helpline sign_out NAME`: end every session of one member of staff, or with `--everybody` of all."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.accounts.actions import audit, end_sessions
from helpline.accounts.models import AuditEvent, User


class Command(BaseCommand):
    help = "Sign a member of staff out of every browser; their desks close within seconds. They may sign in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?")
        parser.add_argument("--everybody", action="store_true", help="all staff: after a break-in, for instance")

    @transaction.atomic
    def handle(self, *args: object, username: str | None, everybody: bool, **options: object) -> None:
        if (username is None) != everybody:
            raise CommandError("Give one name, or --everybody.")
        chosen = User.objects.all() if everybody else User.objects.filter(username=username)
        if not everybody and not chosen:
            raise CommandError(f"There is no {username}.")
        ended = {user: end_sessions(user) for user in chosen}
        for user in (user for user, number in ended.items() if number):
            audit(AuditEvent.Kind.SESSION_ENDED, None, detail=user.code)
        self.stdout.write(f"{sum(ended.values())} sessions ended.")
