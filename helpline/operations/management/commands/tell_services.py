"""`helpline tell_services`: every few minutes, for the services' door."""

from django.conf import settings
from django.core.management.base import BaseCommand

from helpline.portal.notices import tell_what_waits


class Command(BaseCommand):
    help = "Tell services by mail that something new waits in their inbox; not what."

    def handle(self, *args: object, **options: object) -> None:
        mailed = tell_what_waits() if settings.PORTAL_HOSTS else 0
        self.stdout.write(f"Representatives told: {mailed}")
