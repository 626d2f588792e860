"""Heads of the audit's chain: signed, published to places outside this server, and read back from there.

A head is one line of JSON. Whoever keeps it can hold the server to it: a chain that was cut off or made anew since
does not pass through the same head.
"""

import datetime as dt
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from helpline.accounts.chain import Head, head, link_audit
from helpline.vault import contexts, signing
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode

WAIT_SECONDS = 20  # for a mail server or a web address; the next timer tries again
MAIL_TO = "mailto:"
ADDRESSES = ("https://", "http://")
HERE = {"localhost", "127.0.0.1", "::1"}  # nothing need be encrypted on its way to a program of the same machine


class NothingToPublish(Exception):
    """Nothing has been linked yet."""


class NotPublished(Exception):
    """A place did not take it; the text is a sentence for the operator."""


class NotAHead(Exception):
    """A line is no head of this server's; the text is a sentence."""


@dataclass(frozen=True)
class SignedHead:
    """Everything in it is text, as it travels: `hash`, `key` and `signature` in base64url."""

    seq: int
    hash: str
    at: str
    key: str
    signature: str

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    def check(self, key: bytes) -> Head:
        """Raises NotAHead unless `key` has signed it."""
        try:
            signing.verify(key, b64url_decode(self.signature), CONTEXT, _payload(self.seq, self.hash, self.at))
            return Head(self.seq, b64url_decode(self.hash))
        except (signing.BadSignature, Malformed) as error:
            raise NotAHead("is not signed by the expected key") from error


SHAPE = {"seq": int, "hash": str, "at": str, "key": str, "signature": str}
CONTEXT = contexts.signed("audit-head")


def new_head(now: dt.datetime | None = None) -> SignedHead:
    """Link what waits, and sign how the chain ends then. Raises NothingToPublish, KeyStoreUnavailable."""
    link_audit()
    end = head()
    if not end.seq:
        raise NothingToPublish
    at = (now or timezone.now()).astimezone(dt.UTC).isoformat(timespec="seconds")
    seed, hashed = signing.server_signing_seed(), b64url_encode(end.hash)
    signature = signing.sign(seed, CONTEXT, _payload(end.seq, hashed, at))
    return SignedHead(end.seq, hashed, at, b64url_encode(signing.public_of(seed)), b64url_encode(signature))


def read_heads(lines: Iterable[str], key: bytes) -> tuple[list[Head], list[str]]:
    """The heads among these lines, and a sentence for each that is none. What is not JSON (a mail's header) is left."""
    heads, faults = [], []
    for number, line in enumerate(lines, 1):
        if not line.lstrip().startswith("{"):
            continue
        try:
            heads.append(_read(line).check(key))
        except NotAHead as fault:
            faults.append(f"Line {number} of the published heads {fault}.")
    return heads, faults


def publish(signed: SignedHead, place: str) -> None:
    """To a file, which grows; to somebody's mailbox; or to a web address. Raises NotPublished."""
    if place.startswith("http://") and urlsplit(place).hostname not in HERE:
        raise NotPublished(f"{place} would get the head in the clear: use https.")
    try:
        if place.startswith(MAIL_TO):
            _mail(signed, place.removeprefix(MAIL_TO))
        elif place.startswith(ADDRESSES):
            _post(signed, place)
        else:
            _append(signed, Path(place))
    except (OSError, smtplib.SMTPException, urllib.error.URLError) as error:
        raise NotPublished(f"{place} did not take the head ({type(error).__name__}).") from error


def _payload(seq: int, hashed: str, at: str) -> bytes:
    return f"{seq}\n{hashed}\n{at}".encode()


def _read(line: str) -> SignedHead:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise NotAHead("cannot be read") from error
    if {name: type(value) for name, value in found.items()} != SHAPE:
        raise NotAHead("cannot be read")
    return SignedHead(**found)


def _append(signed: SignedHead, path: Path) -> None:
    with path.open("a") as file:
        file.write(f"{signed}\n")
        file.flush()
        os.fsync(file.fileno())


def _mail(signed: SignedHead, to: str) -> None:
    message = EmailMessage()
    message["Subject"] = f"Audit head {signed.seq}"
    message["From"], message["To"] = settings.MAIL_FROM or to, to
    message.set_content(f"{signed}\n", cte="7bit")
    with smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=WAIT_SECONDS) as server:
        if settings.SMTP_HOST not in HERE:
            server.starttls(context=ssl.create_default_context())
        server.send_message(message)


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """A place that sends us elsewhere is not the place that the operator named."""

    def redirect_request(self, *_: object) -> None:
        return None


def _post(signed: SignedHead, address: str) -> None:
    request = urllib.request.Request(  # noqa: S310  # the operator's own setting, and `publish` has looked at it
        address, str(signed).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.build_opener(_NoDetours).open(request, timeout=WAIT_SECONDS):
        pass
