"""`helpline check_system`: whether the service may open."""

from django.core.management.base import BaseCommand, CommandError

from helpline.operations.checks import faults


class Command(BaseCommand):
    help = "Say what stands in the way of opening the service; exits with 1 if anything does."

    def handle(self, *args: object, **options: object) -> None:
        found = list(faults())
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("All is well.")
