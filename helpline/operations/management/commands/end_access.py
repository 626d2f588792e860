"""`helpline end_access NAME`: somebody leaves, and nobody who could do it in the browser is there."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from helpline.accounts.models import User
from helpline.workspace.staffing import end_access


class Command(BaseCommand):
    help = (
        "End a member of staff's access for good: sessions, keys, lines. Whoever talks with them goes on with others."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        member = User.objects.filter(username=username, is_active=True).first()
        if member is None:
            raise CommandError(f"There is no {username}.")
        waiting = end_access(None, member)
        self.stdout.write(f"{username} has no access any more. Next in line again: {waiting}.")
        self.stdout.write("New keys for their lines are due: a supervisor makes them under Keys.")
