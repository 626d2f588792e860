"""`helpline reset_passphrase NAME`: new keys for somebody who lost their passphrase, printed once."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from helpline.accounts.actions import reset_passphrase
from helpline.accounts.models import User


class Command(BaseCommand):
    help = "Give somebody new keys and a new passphrase. What was sealed to the old keys stays closed to them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no {username}.")
        passphrase = reset_passphrase(user)
        self.stdout.write(f"{username} signs in with: {passphrase}")
        self.stdout.write(
            "Hand it over in person, for the next seven days: it opens the page on which they draw their own."
        )
        self.stdout.write("It is kept nowhere, and it cannot be shown again.")
        if user.holds_words:
            self.stdout.write(
                "Now two supervisors compare the words of the new key and vouch for it on the page of keys; then a "
                "supervisor of the line makes new keys for it, and seals again what this person has open."
            )
