"""`helpline check_figures SEALED SIGNATURES [CERTIFICATE]`: whether two people have signed these bytes, and whether the
certificate shows that they give nobody away. Needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpline.publishing import seal
from helpline.publishing.attacker.certificate import Certificate
from helpline.publishing.certified import complaints_of
from helpline.publishing.programmes import ProgrammeUnknown
from helpline.vault import signing
from helpline.vault.codes import Malformed, b64url_decode

SHOWN = 10  # of what is wrong with a certificate


class Command(BaseCommand):
    help = "Check figures that were published: sealed.json, signatures.json and, if given, certificate.json."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sealed", type=Path)
        parser.add_argument("signatures", type=Path)
        parser.add_argument("certificate", type=Path, nargs="?")

    def handle(
        self, *args: object, sealed: Path, signatures: Path, certificate: Path | None, **options: object
    ) -> None:
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
        if certificate:
            self.stdout.write(f"The certificate holds: {_alternatives(what, certificate)} other tables fit as well.")


def _alternatives(what: seal.Sealed, path: Path) -> int:
    """How many there are, if together they show what they should."""
    try:
        given = Certificate.from_json(json.loads(path.read_text()))
        wrong = complaints_of(what, given)
    except OSError as error:
        raise CommandError(f"Cannot be read: {error.filename}") from error
    except ProgrammeUnknown as error:
        raise CommandError("These figures are of a programme that this version does not know.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError("This is no certificate of figures.") from error
    if wrong:
        raise CommandError("\n".join(["THE CERTIFICATE DOES NOT HOLD:", *wrong[:SHOWN]]))
    return len(given.differences)


def _keys(given: dict[str, Any], payload: bytes, context: str) -> list[str]:
    """Raises BadSignature unless two different keys have signed."""
    pairs = [(each["key"], each["signature"]) for each in given["signatures"]]
    for key, signature in pairs:
        signing.verify(b64url_decode(key), b64url_decode(signature), context, payload)
    keys = [key for key, _ in pairs]
    if len(set(keys)) != 2:
        raise signing.BadSignature
    return keys
