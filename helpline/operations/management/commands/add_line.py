"""`helpline add_line SLUG NAME …`: set up a helpline; `helpline add_staff … --line SLUG` then staffs it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpline.lines.models import Channel, Line


class Command(BaseCommand):
    help = "Add a line. It answers nobody until staff are added to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("name")
        parser.add_argument("--language", action="append", help="en, mi; may be repeated", default=[])
        parser.add_argument("--channel", action="append", choices=Channel.values, default=[])
        parser.add_argument("--phone", default="")
        parser.add_argument("--text-number", default="")
        parser.add_argument("--email", default="")

    def handle(self, *args: object, slug: str, name: str, **given: Any) -> None:
        line, is_new = Line.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "languages": given["language"] or ["en", "mi"],
                "channels": given["channel"] or [Channel.WEBCHAT],
                "phone": given["phone"],
                "text_number": given["text_number"],
                "email": given["email"],
                "position": Line.objects.count(),
            },
        )
        if not is_new:
            raise CommandError(f"There is a line {slug} already: {line.name}")
        self.stdout.write(f"{line.name} is set up. Now add its staff: helpline add_staff USERNAME --line {slug} …")
