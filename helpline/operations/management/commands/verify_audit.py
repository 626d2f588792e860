"""`helpline verify_audit`: whether anybody has changed the account of what staff did."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from helpline.accounts.chain import Head, Verdict, verify_chain
from helpline.operations.heads import read_heads
from helpline.vault import signing
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode
from helpline.vault.keystore import KeyStoreUnavailable

SHOWN = 20  # of the faults; a chain that was made anew has one at each link


class Command(BaseCommand):
    help = (
        "Check the whole chain of the audit, and with --heads against what was published outside. Ends with 1 if not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, help="a file with published heads, one a line")
        parser.add_argument("--key", help="the public key that signs them, as you noted it when the service began")

    def handle(self, *args: object, heads: Path | None, key: str | None, **options: object) -> None:
        published, faults = self._published(heads, key) if heads else ([], [])
        verdict = verify_chain(published)
        self.stdout.write(_summary(verdict, len(published)))
        faults += verdict.faults
        for fault in faults[:SHOWN]:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"The audit does not hold: {len(faults)} faults.")
        self.stdout.write("The audit holds." if heads else "The audit holds by itself; --heads would show a new chain.")

    def _published(self, path: Path, key: str | None) -> tuple[list[Head], list[str]]:
        try:
            public = b64url_decode(key) if key else signing.public_of(signing.server_signing_seed())
            lines = path.read_text().splitlines()
        except Malformed:
            raise CommandError("--key is not a key: it has 43 characters, as each head shows it.") from None
        except KeyStoreUnavailable as error:
            raise CommandError(str(error)) from error
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"{path} cannot be read.") from None
        self.stdout.write(f"Heads are to be signed by {b64url_encode(public)}")
        heads, faults = read_heads(lines, public)
        if not heads and not faults:
            raise CommandError(f"There is no head in {path}.")
        return heads, faults


def _summary(verdict: Verdict, published: int) -> str:
    return (
        f"{verdict.links} links; {verdict.forgotten} of them about erased conversations, {verdict.ended} past seven "
        f"years; {verdict.waiting} events not linked yet; {published} published heads."
    )
