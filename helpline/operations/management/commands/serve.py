"""`helpline serve`: site and live process in one, as the demonstration runs them; for a trial, or a small line."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from helpline.live.asgi import application as live
from helpline.live.server import serve
from helpline.operations.demonstration import CannotStart, listen


class Command(BaseCommand):
    help = "Serve site and live process on one port of this machine, on the database that DATABASE_URL names."
    requires_system_checks = []  # it starts, and mends itself, with the database away

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, port: int, **options: object) -> None:
        try:
            sockets = listen(port)
        except CannotStart as error:
            raise CommandError(str(error)) from error
        serve("helpline.asgi:application", live, sockets)
