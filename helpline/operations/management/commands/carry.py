"""`helpline carry`: text messages and mails, in and out. One such process beside site and live."""

import asyncio
import signal
from contextlib import suppress

from django.core.management.base import BaseCommand

from helpline.channels.carrying import Carrying


class Command(BaseCommand):
    help = "Carry text messages and mails: keep every carrier's way open, and empty the outbox (docs/channels.md)."

    def handle(self, *args: object, **options: object) -> None:
        with suppress(KeyboardInterrupt), asyncio.Runner() as runner:
            loop = runner.get_loop()
            work = loop.create_task(Carrying().run())
            loop.add_signal_handler(signal.SIGTERM, work.cancel)
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(work)
