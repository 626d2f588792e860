"""`helpline ask_services`: every night, for the services' door."""

from django.conf import settings
from django.core.management.base import BaseCommand

from helpline.portal.actions import end_lapsed
from helpline.portal.proposals import forget_decided
from helpline.portal.reminders import ask_about_stale


class Command(BaseCommand):
    help = "Ask services by mail about entries that nobody has made sure of for 90 days; forget what has lapsed."

    def handle(self, *args: object, **options: object) -> None:
        end_lapsed()
        forget_decided()
        mailed = ask_about_stale() if settings.PORTAL_HOSTS else 0
        self.stdout.write(f"Representatives asked: {mailed}")
