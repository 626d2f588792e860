"""`helpline reset_factor NAME`: for somebody who has lost their phone and their recovery codes."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from helpline.accounts.factors import reset_factors
from helpline.accounts.models import User


class Command(BaseCommand):
    help = "Take back a member of staff's second factors: at their next sign-in they set up a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no {username}.")
        reset_factors(user, None)
        self.stdout.write(
            f"{username} is signed out everywhere, and sets up a new second factor after giving their passphrase.\n"
            "Be sure that it is they who asked: whoever has their passphrase can now come in."
        )
