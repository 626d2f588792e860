"""The recovery key's way: made and opened offline, and two files that are carried between that computer and the server.

The request says what is to be opened and for whom; the answer holds the same keys, sealed to that person. Neither file
holds a secret. What is in them travels as JSON, bytes in base64url.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.lines.actions import entitled
from helpline.lines.models import LineKeyWrap, RecoveryKey, RecoveryWrap
from helpline.vault import contexts, recovery, sealing
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode
from helpline.vault.statements import hash_of
from helpline.vault.words import fingerprint

WIDTH = 3  # columns of words on a sheet


class NotAFile(Exception):
    """Not one of the files that these commands write."""


class Replaced(Exception):
    """This recovery key was here before, and another has taken its place."""


@dataclass(frozen=True)
class SealedKey:
    """A line's key; in a request sealed to the recovery key, in an answer to one member of staff."""

    line: str
    purpose: str
    epoch: int
    sealed: str


@dataclass(frozen=True)
class Parcel:
    """A request or an answer."""

    recovery_key: str
    """The public half."""
    user_code: str
    public_key: str
    signing_key: str
    keys: list[SealedKey]

    @property
    def words(self) -> str:
        """What the person for whom it is reads out from their own page of keys."""
        return fingerprint(b64url_decode(hash_of(b64url_decode(self.public_key))) + b64url_decode(self.signing_key))

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"


def parcel_of(text: str) -> Parcel:
    """Raises NotAFile."""
    try:
        data = json.loads(text)
        keys = [SealedKey(**each) for each in data.pop("keys")]
        parcel = Parcel(**data, keys=keys)
        for each in (parcel.recovery_key, parcel.public_key, parcel.signing_key, *(key.sealed for key in keys)):
            b64url_decode(each)
    except (ValueError, TypeError, KeyError, AttributeError, Malformed) as error:
        raise NotAFile from error
    return parcel


# On the server


@transaction.atomic
def set_recovery_key(public_key: bytes) -> RecoveryKey:
    """From now on it is meant; it is given a line's keys when two supervisors have vouched for it.

    Raises NotAFile, and Replaced for one whose sheets should be destroyed.
    """
    if not sealing.is_public_key(public_key):
        raise NotAFile
    key, _ = RecoveryKey.objects.get_or_create(public_key=public_key)
    if RecoveryKey.objects.filter(pk__gt=key.pk).exists():
        raise Replaced
    audit(AuditEvent.Kind.RECOVERY_MADE, None)
    return key


def request_for(user: User) -> Parcel:
    """Every line key that the recovery key has a part in and that this person's role may open."""
    newest = RecoveryKey.objects.order_by("-id").first()
    if newest is None:
        raise RecoveryKey.DoesNotExist
    wraps = RecoveryWrap.objects.filter(recovery_key=newest).select_related("line_key__line").order_by("pk")
    mine = [wrap for wrap in wraps if entitled(wrap.line_key.purpose, user) and _works_on(user, wrap)]
    return Parcel(
        recovery_key=b64url_encode(bytes(newest.public_key)),
        user_code=user.code,
        public_key=b64url_encode(bytes(user.public_key)),
        signing_key=b64url_encode(bytes(user.signing_key)),
        keys=[_sealed_key(wrap) for wrap in mine],
    )


@transaction.atomic
def take_answer(parcel: Parcel) -> int:
    """Keep what was opened offline for somebody; returns how many keys they have now that they had not."""
    user = User.objects.get(code=parcel.user_code, public_key=b64url_decode(parcel.public_key), is_active=True)
    taken = 0
    for key in parcel.keys:
        wrap = RecoveryWrap.objects.get(
            line_key__line__slug=key.line, line_key__purpose=key.purpose, line_key__epoch=key.epoch
        )
        if not (entitled(key.purpose, user) and _works_on(user, wrap)):
            continue
        sealed = {"sealed": b64url_decode(key.sealed)}
        taken += LineKeyWrap.objects.get_or_create(line_key=wrap.line_key, user=user, defaults=sealed)[1]
    audit(AuditEvent.Kind.RECOVERY_OPENED, None, detail=user.code)
    return taken


def _works_on(user: User, wrap: RecoveryWrap) -> bool:
    return wrap.line_key.line.memberships.filter(user=user).exists()


def _sealed_key(wrap: RecoveryWrap) -> SealedKey:
    key = wrap.line_key
    return SealedKey(key.line.slug, key.purpose, key.epoch, b64url_encode(bytes(wrap.sealed)))


# Offline


def opened(request: Parcel, sheets: list[str]) -> Parcel:
    """The answer to a request. Raises NotASheet, NotEnough, NotTogether and CannotOpen."""
    seed = recovery.open_sheets(sheets, b64url_decode(request.recovery_key))
    keys = [_for_person(request, key, seed) for key in request.keys]
    return Parcel(request.recovery_key, request.user_code, request.public_key, request.signing_key, keys)


def _for_person(request: Parcel, key: SealedKey, seed: bytes) -> SealedKey:
    place: dict[str, Any] = {"line_slug": key.line, "purpose": key.purpose, "epoch": key.epoch}
    line_seed = sealing.open_line_key(seed, b64url_decode(key.sealed), **place, user_code=contexts.RECOVERY)
    public_key = b64url_decode(request.public_key)
    sealed = sealing.seal_line_key(public_key, line_seed, **place, user_code=request.user_code)
    return SealedKey(key.line, key.purpose, key.epoch, b64url_encode(sealed))


def sheet_text(sheets: recovery.RecoverySheets, number: int) -> str:
    """One sheet, to be printed and given to one person."""
    words = sheets.sheets[number - 1].split()
    rows = [words[start : start + WIDTH] for start in range(0, len(words), WIDTH)]
    numbered = [
        "".join(f"{row * WIDTH + column + 1:>4} {word:<16}" for column, word in enumerate(each)).rstrip()
        for row, each in enumerate(rows)
    ]
    return "\n".join(
        (
            f"HELPLINE RECOVERY KEY                                   SHEET {number} OF {recovery.SHEETS}",
            "",
            f"Key:   {fingerprint(sheets.public_key)}",
            "Made:  ____________________      Kept by:  ____________________",
            "",
            f"Any {recovery.NEEDED} of the {recovery.SHEETS} sheets open every line's keys. Two tell nothing.",
            "Keep it sealed, where the other sheets are not. Never photograph, scan,",
            "dictate or type it, but on the offline computer of a recovery.",
            "",
            *numbered,
            "",
        )
    )
