"""`helpline erase_due`: the retention run. Run it every hour; it may run as often as one likes."""

from django.core.management.base import BaseCommand

from helpline.conversations.actions import erase_due


class Command(BaseCommand):
    help = "Erase conversations past their retention, and counsellors' keys a day after the end."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"Conversations erased: {erase_due()}")
