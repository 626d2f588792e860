"""`helpline turn_keys`: the night's work on the day keys, after `helpline erase_due`."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from helpline.conversations.daykeys import turn_spent
from helpline.vault import daykeys


class Command(BaseCommand):
    help = "End each day key under which something was erased; what lives goes over to a fresh one first."

    def handle(self, *args: object, **options: object) -> None:
        turned = turn_spent(timezone.localdate())
        self.stdout.write(f"Day keys turned: {turned}; destroyed: {daykeys.destroy_ended()}")
