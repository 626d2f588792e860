"""`helpline send_updates`: every few minutes; updates that wait, and what those who registered have to know."""

import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from helpline.engagement.announcing import announce_consultations
from helpline.engagement.event_sending import tell_registered
from helpline.engagement.sending import MailServerAway, send_waiting

PAUSE_SECONDS = 5  # between two looks, in a demonstration


class Command(BaseCommand):
    help = (
        "Let consultations announce themselves, hand updates that wait to the mail server, and tell those who "
        "registered for an event what is new for them; may be stopped, killed and run twice at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="of a demonstration, for the links in its mails")
        parser.add_argument("--watch", action="store_true", help="look again and again, until it is stopped")

    def handle(self, *args: object, port: int, watch: bool, **options: object) -> None:
        if not watch:
            self._run(port)
            return
        while True:
            try:
                self._run(port)
            except CommandError as error:
                self.stderr.write(str(error))
            close_old_connections()
            time.sleep(PAUSE_SECONDS)

    def _run(self, port: int) -> None:
        announce_consultations(timezone.now())
        try:
            run = send_waiting(settings.UPDATES_PER_SECOND, settings.UPDATES_CONNECTIONS, port)
            told = tell_registered(port)
        except MailServerAway as error:
            raise CommandError(f"The mail server is away ({error}); what waits is sent with the next run.") from None
        if run.handed_over or run.later or run.ended:
            self.stdout.write(f"Handed over: {run.handed_over}; to be tried later: {run.later}; ended: {run.ended}")
        if told:
            self.stdout.write(f"Told of an event: {told}")
