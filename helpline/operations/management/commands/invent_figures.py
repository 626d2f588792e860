"""`helpline invent_figures`: make the demonstration's two years of figures anew, after a change of the programme."""

from django.core.management.base import BaseCommand

from helpline.operations import demo_figures


class Command(BaseCommand):
    help = "Make the figures that the demonstration shows anew: invented contacts, protected and attacked. Minutes."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        demo_figures.FILE.write_bytes(demo_figures.make(self.stdout.write))
        self.stdout.write(f"Written to {demo_figures.FILE.name}.")
