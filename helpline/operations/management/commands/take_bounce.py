"""`helpline take_bounce RECIPIENT < mail`: what the mail server gives what came back to (docs/updates.md)."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from helpline.engagement import bounces


class Command(BaseCommand):
    help = "Take one mail that came back to a return address of updates, from standard input; nothing of it is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("recipient", help="the address that it came to, as the mail server knows it")

    def handle(self, *args: object, recipient: str, **options: object) -> None:
        bounces.take(recipient, sys.stdin.buffer.read(bounces.LARGEST))
