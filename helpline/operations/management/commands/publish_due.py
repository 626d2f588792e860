"""`helpline publish_due`: every few minutes; what was approved for a time that has come is public from now on."""

import time
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

PAUSE_SECONDS = 5  # between two looks, in a demonstration


class Command(BaseCommand):
    help = (
        "Publish pages and posters whose time has come, and take down those whose time is over; may be run at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="look again and again, until it is stopped")

    def handle(self, *args: object, watch: bool, **options: object) -> None:
        if not watch:
            self._run()
            return
        while True:
            try:
                self._run()
            except CommandError as error:
                self.stderr.write(str(error))
            close_old_connections()
            time.sleep(PAUSE_SECONDS)

    def _run(self) -> None:
        """Wagtail's own, by which nothing goes out that nobody approved (tests/content/test_review.py)."""
        try:
            call_command("publish_scheduled")
        except Error as error:
            raise CommandError(f"The database is away ({type(error).__name__}); the next run publishes.") from None
