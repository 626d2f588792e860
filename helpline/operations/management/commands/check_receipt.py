"""`helpline check_receipt [FILE]`: whether an erasure receipt is genuine. It names nobody, and neither does this."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from helpline.vault import receipts
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode
from helpline.vault.receipts import NotAReceipt, NotOurs


class Command(BaseCommand):
    help = "Check an erasure receipt, from a file or what is typed. Ends with 1 if it is not genuine."
    requires_system_checks = []  # it needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--key", help="the public key of another service; without it this one's")
        parser.add_argument("--show-key", action="store_true", help="print this service's public key, to be made known")

    def handle(self, *args: object, file: Path | None, key: str | None, show_key: bool, **options: object) -> None:
        if show_key:
            self.stdout.write(b64url_encode(receipts.server_key()))
            return
        try:
            text = file.read_text("utf-8") if file else sys.stdin.read(receipts.MAX_CHARACTERS + 1)
            receipt = receipts.check(text, b64url_decode(key) if key else None)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError("That file cannot be read.") from error
        except Malformed as error:
            raise CommandError("A key is 43 letters, digits, hyphens and underscores.") from error
        except NotAReceipt as error:
            raise CommandError("This is not an erasure receipt, or not all of it.") from error
        except NotOurs as error:
            raise CommandError("This receipt is not genuine: changed, or signed by somebody else.") from error
        self.stdout.write(
            f"Genuine. Erased: {receipt.erased}, on {receipt.on}; closed in old copies by {receipt.closed_by}."
        )
