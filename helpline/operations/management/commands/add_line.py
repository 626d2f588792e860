"""`helpline add_line SLUG NAME …`: set up a helpline; `helpline add_staff … --line SLUG` then staffs it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.lines.models import Channel, Line
from helpline.operations.actions import change_line
from helpline.operations.options import add_line_options


class Command(BaseCommand):
    help = "Add a line. It answers nobody until staff are added to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("name")
        add_line_options(parser)

    @transaction.atomic
    def handle(self, *args: object, slug: str, name: str, **given: Any) -> None:
        line, is_new = Line.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "languages": ["en", "mi"],
                "channels": [Channel.WEBCHAT],
                "position": Line.objects.count(),
            },
        )
        if not is_new:
            raise CommandError(f"There is a line {slug} already: {line.name}")
        change_line(line, given)
        self.stdout.write(f"{line.name} is set up. Now add its staff: helpline add_staff USERNAME --line {slug} …")
