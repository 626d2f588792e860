"""`helpline found_anew`: give up a roster that nobody can go on with, so that two supervisors found another."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from helpline.lines import roster


class Command(BaseCommand):
    help = "When fewer than two vouched supervisors still have their passphrases. Every colleague compares words anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="the roster really cannot go on")

    def handle(self, *args: object, yes: bool, **options: object) -> None:
        if not yes:
            raise CommandError(
                "Every browser will refuse the new roster until its owner has compared the words with two supervisors. "
                "While two supervisors can still sign, vouch for new keys instead. If it must be: --yes"
            )
        roster.give_up()
        self.stdout.write("Now two supervisors found it on the page of keys, and everybody compares its words there.")
