"""Releases for tests: sealed values of the real programme, signed by two people with real keys."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import seal
from helpline.publishing.actions import sign_release
from helpline.publishing.models import Note, Release
from helpline.publishing.programme import MONTHLY, Programme
from helpline.vault import signing
from tests.people import Member

MONTH = dt.date(2026, 9, 1)


def some_values(programme: Programme = MONTHLY, base: int = 6) -> list[int]:
    """Multiples of 3; they need not add up, since nothing here looks at that."""
    return [base + 3 * (place % 5) for place in range(len(programme.cells))]


def sealed(line: Line, start: dt.date = MONTH, values: Sequence[int] | None = None) -> bytes:
    return seal.Sealed(
        line=line.slug,
        period=MONTHLY.period,
        start=start.isoformat(),
        edition=MONTHLY.edition,
        digest=MONTHLY.digest,
        values=tuple(values if values is not None else some_values()),
        waits={"webchat": {"median": 25, "p90": 90}},
    ).bytes


def a_proposal(line: Line, start: dt.date = MONTH, values: Sequence[int] | None = None) -> Release:
    return Release.objects.create(
        line=line,
        period=MONTHLY.period,
        start=start,
        sealed=sealed(line, start, values),
        audit={"exact": 0},
        is_sound=True,
    )


def a_release(
    line: Line, first: User, second: User, start: dt.date = MONTH, values: Sequence[int] | None = None
) -> Release:
    """As the database sees it: its signatures are not looked at here."""
    release, now = a_proposal(line, start, values), timezone.now()
    release.proposed_by, release.proposed_at = first, now
    release.released_by, release.released_at = second, now
    release.save()
    return release


def a_note(release: Release, people: tuple[User, User], text: str) -> Note:
    """As the database sees it."""
    now = timezone.now()
    return Note.objects.create(
        release=release,
        number=1,
        text=text,
        proposed_by=people[0],
        proposed_at=now,
        released_by=people[1],
        released_at=now,
    )


def signature_of(member: Member, payload: bytes, context: str = seal.SIGNED) -> bytes:
    return signing.sign(signing.signing_seed(member.seed), context, payload)


def sign(member: Member, release: Release) -> Release:
    return sign_release(member.user, release, signature_of(member, release.payload))
