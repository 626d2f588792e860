"""`helpline check_figures SEALED SIGNATURES`: whether two people have signed these bytes. Needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpline.publishing import seal
from helpline.vault import signing
from helpline.vault.codes import Malformed, b64url_decode


class Command(BaseCommand):
    help = "Check figures that were published: their bytes (…/sealed.json) and their signatures (…/signatures.json)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sealed", type=Path)
        parser.add_argument("signatures", type=Path)

    def handle(self, *args: object, sealed: Path, signatures: Path, **options: object) -> None:
        try:
            content, given = sealed.read_bytes(), json.loads(signatures.read_text())
            what = seal.read(content)
            keys = _keys(given, seal.payload(what.line, what.period, what.start, content), seal.SIGNED)
            for note in given["notes"]:
                texts = (note["text"], note["text_mi"])
                _keys(note, seal.note_payload(content, note["number"], texts), seal.NOTE_SIGNED)
        except OSError as error:
            raise CommandError(f"Cannot be read: {error.filename}") from error
        except seal.NotSealed as error:
            raise CommandError("These are no published figures.") from error
        except (ValueError, KeyError, TypeError, Malformed) as error:
            raise CommandError("These are no signatures of figures.") from error
        except signing.BadSignature as error:
            raise CommandError("NOT GENUINE: these bytes, or a note beside them, are not what was signed.") from error
        self.stdout.write(f"Genuine: {what.line}, {what.period} from {what.start}, {len(given['notes'])} notes.")
        self.stdout.write(f"Signed by {keys[0]} and {keys[1]}; compare them with those of other months.")


def _keys(given: dict[str, Any], payload: bytes, context: str) -> list[str]:
    """Raises BadSignature unless two different keys have signed."""
    pairs = [(each["key"], each["signature"]) for each in given["signatures"]]
    for key, signature in pairs:
        signing.verify(b64url_decode(key), b64url_decode(signature), context, payload)
    keys = [key for key, _ in pairs]
    if len(set(keys)) != 2:
        raise signing.BadSignature
    return keys
