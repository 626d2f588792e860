"""`helpline set_carrier`: a carrier of a line, and its secret from standard input."""

import getpass
import json
import sys
from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpline.channels.carriers import CARRIED, set_carrier, set_secret, way_for
from helpline.channels.models import Carrier
from helpline.lines.queries import LineUnknown, get_line


class Command(BaseCommand):
    help = "Keep a carrier of a line's texts or mails, or change one. Its secret is read from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="of the carrier: small letters, digits, - and _")
        parser.add_argument("--line", help="the line's short name")
        parser.add_argument("--channel", choices=[str(each) for each in CARRIED])
        parser.add_argument("--kind", choices=Carrier.Kind.values)
        parser.add_argument("--priority", type=int, help="the lowest sends; the next when it cannot")
        parser.add_argument("--options", help='JSON: where and how, e.g. {"host": "smsc.example.nz", "port": 2775}')
        parser.add_argument("--secret", action="store_true", help="read its password, token or key now")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", dest="is_on", action="store_true", default=None)
        switch.add_argument("--off", dest="is_on", action="store_false")

    def handle(self, *args: object, name: str, secret: bool, **options: object) -> None:
        carrier = Carrier.objects.filter(name=name).first() or Carrier(name=name)
        for field in ("channel", "kind", "priority", "is_on"):
            if options[field] is not None:
                setattr(carrier, field, options[field])
        try:
            if options["line"]:
                carrier.line = get_line(str(options["line"]))
            if options["options"]:
                carrier.options = json.loads(str(options["options"]))
        except LineUnknown:
            raise CommandError(f"There is no line {options['line']}.") from None
        except json.JSONDecodeError:
            raise CommandError("--options is not JSON.") from None
        _keep(carrier, _read_secret() if secret else None)
        self.stdout.write(f"{name}: kept. A running `helpline carry` takes it up within half a minute.")


def _keep(carrier: Carrier, secret: str | None) -> None:
    try:
        with transaction.atomic():
            set_carrier(carrier)
            if carrier.is_on:
                way_for(carrier)  # says what is wrong with its options, and then nothing is kept
    except ValueError as error:  # whichever channel's options they are
        raise CommandError(f"--options: {error}") from None
    except ValidationError as error:
        sentences = "; ".join(f"--{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
        raise CommandError(sentences) from None
    if secret is not None:
        set_secret(carrier.name, secret)


def _read_secret() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Secret: ")
    return sys.stdin.readline().rstrip("\n")
