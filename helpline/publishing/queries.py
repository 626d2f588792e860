"""Who may see what of figures: staff of a line what is proposed, everybody what is released."""

import datetime as dt

from django.db.models import QuerySet

from helpline.accounts.models import Role, User
from helpline.lines.models import Line
from helpline.publishing import seal
from helpline.publishing.models import ContractRecord, Note, Release, SignedByTwo
from helpline.publishing.programme import Period
from helpline.vault import signing
from helpline.vault.signing import BadSignature

RELEASERS = frozenset({Role.ANALYST, Role.OPERATOR, Role.SUPERVISOR})


class ReleaseUnknown(LookupError):
    """There is none, or it is not for this person to see: nobody can tell which."""


# For staff


def releases_for(user: User) -> QuerySet[Release]:
    """Of the lines of whoever may release, the newest first."""
    found = Release.objects.select_related("line", "proposed_by", "released_by").order_by("-start", "line__position")
    return found.filter(line__memberships__user=user) if user.role in RELEASERS else found.none()


def get_release_for(user: User, code: str) -> Release:
    found = releases_for(user).filter(code=code).first()
    if found is None:
        raise ReleaseUnknown
    return found


def get_note_for(user: User, code: str) -> Note:
    found = Note.objects.filter(code=code, release__in=releases_for(user)).select_related("release__line").first()
    if found is None:
        raise ReleaseUnknown
    return found


# For everybody


def released(line: Line, period: Period = Period.MONTH) -> QuerySet[Release]:
    """The newest first."""
    return Release.objects.filter(line=line, period=period, released_at__isnull=False).order_by("-start")


def get_released(line: Line, start: dt.date, period: Period = Period.MONTH) -> Release:
    found = released(line, period).filter(start=start).first()
    if found is None:
        raise ReleaseUnknown
    return found


def notes_of(release: Release) -> QuerySet[Note]:
    return release.notes.filter(released_at__isnull=False).order_by("number")


def is_genuine(signed: SignedByTwo) -> bool:
    """Whether both signatures are of what is there now."""
    context = seal.NOTE_SIGNED if isinstance(signed, Note) else seal.SIGNED
    pairs = ((signed.first_key, signed.first_signature), (signed.second_key, signed.second_signature))
    try:
        for key, signature in pairs:
            signing.verify(bytes(key), bytes(signature), context, signed.payload)
    except BadSignature:
        return False
    return bytes(signed.first_key) != bytes(signed.second_key)


def contract_editions(line: Line) -> QuerySet[ContractRecord]:
    """What was published of the contract, the oldest first."""
    return ContractRecord.objects.filter(line=line)
