"""Proposing, signing and releasing. Two people; whoever runs a command is neither of them.

Under the database's role of publishing, which can read neither records nor true counts (attack 13).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.lines.models import Line
from helpline.publishing import seal
from helpline.publishing.announcing import announce_note, announce_release
from helpline.publishing.models import ContractRecord, Note, Release
from helpline.publishing.queries import RELEASERS
from helpline.publishing.roles import Role, as_role
from helpline.vault import signing


class NotASigner(Exception):
    """Analysts, operators and supervisors release."""


class SamePerson(Exception):
    """Two different people release."""


class NotSound(Exception):
    """The attacker got something out of it: it is never published."""


class Changed(Exception):
    """Somebody was faster, or it was made anew: read it again."""


@transaction.atomic
def keep_proposal(line: Line, sealed: bytes, findings: Mapping[str, Any], *, is_sound: bool) -> Release:
    """What the machine has prepared, for two people to look at. Prepared anew, it replaces what nobody has released.

    Raises Changed for a period that is released: its bytes stay, whatever is prepared.
    """
    what = seal.read(sealed)
    if what.line != line.slug:
        raise Changed
    with as_role(Role.PUBLISHING):
        return _keep(line, what, sealed, dict(findings), is_sound)


def _keep(line: Line, what: seal.Sealed, sealed: bytes, findings: dict[str, Any], is_sound: bool) -> Release:
    place = {"line": line, "period": what.period, "start": dt.date.fromisoformat(what.start)}
    before = Release.objects.select_for_update().filter(**place).first()
    if before is not None:
        if before.is_released:
            raise Changed
        if bytes(before.sealed) == sealed and before.audit == findings and before.is_sound == is_sound:
            return before
        before.delete()
    return Release.objects.create(**place, sealed=sealed, audit=findings, is_sound=is_sound)


@transaction.atomic
def sign_release(signer: User, release: Release, signature: bytes) -> Release:
    """The first signature proposes, the second one of somebody else releases, at once and for good.

    Raises NotASigner, SamePerson, NotSound, Changed and signing.BadSignature; then nothing was signed.
    """
    with as_role(Role.PUBLISHING):
        held = Release.objects.select_for_update(of=("self",)).select_related("line").filter(pk=release.pk).first()
        if held is None:
            raise Changed
        if not held.is_sound:
            raise NotSound
        is_whole = _sign(held, signer, signature, seal.SIGNED)
        held.save()
    if is_whole:
        announce_release(held)
    kind = AuditEvent.Kind.FIGURES_RELEASED if is_whole else AuditEvent.Kind.FIGURES_PROPOSED
    audit(kind, signer, line=held.line, detail=f"{held.period}.{held.start}")
    return held


@transaction.atomic
def write_note(author: User, release: Release, text: str, text_mi: str = "") -> Note:
    """A correction, for two people to sign; one at a time. Raises NotASigner and Changed."""
    with as_role(Role.PUBLISHING):
        held = Release.objects.select_for_update().get(pk=release.pk)
        if author.role not in RELEASERS:
            raise NotASigner
        if not held.is_released or held.notes.filter(released_at=None).exists():
            raise Changed
        return Note.objects.create(release=held, number=held.notes.count() + 1, text=text, text_mi=text_mi)


@transaction.atomic
def sign_note(signer: User, note: Note, signature: bytes) -> Note:
    """As sign_release does."""
    found = Note.objects.select_for_update(of=("self",)).select_related("release__line").filter(pk=note.pk)
    with as_role(Role.PUBLISHING):
        held = found.first()
        if held is None:
            raise Changed
        is_whole = _sign(held, signer, signature, seal.NOTE_SIGNED)
        held.save()
    if is_whole:
        announce_note(held)
    kind = AuditEvent.Kind.FIGURES_NOTED if is_whole else AuditEvent.Kind.FIGURES_PROPOSED
    audit(kind, signer, line=held.release.line, detail=f"{held.release.period}.{held.release.start}.note")
    return held


@transaction.atomic
def take_back(user: User, release: Release) -> None:
    """A first signature, by whoever gave it or by the other one who looked: nobody has released it yet."""
    if user.role not in RELEASERS:
        raise NotASigner
    with as_role(Role.PUBLISHING):
        taken = Release.objects.filter(pk=release.pk, released_at=None, proposed_at__isnull=False).update(
            proposed_by=None, proposed_at=None, first_key=b"", first_signature=b""
        )
    if not taken:
        raise Changed
    audit(AuditEvent.Kind.FIGURES_TAKEN_BACK, user, line=release.line, detail=f"{release.period}.{release.start}")


@transaction.atomic
def throw_away(user: User, note: Note) -> None:
    """A note that two people have not signed."""
    if user.role not in RELEASERS:
        raise NotASigner
    with as_role(Role.PUBLISHING):
        thrown, _ = Note.objects.filter(pk=note.pk, released_at=None).delete()
    if not thrown:
        raise Changed


def _sign(what: Release | Note, signer: User, signature: bytes, context: str) -> bool:
    """Whether it is whole now."""
    if signer.role not in RELEASERS or not signer.is_active:
        raise NotASigner
    if what.is_released:
        raise Changed
    signing.verify(bytes(signer.signing_key), signature, context, what.payload)
    if what.proposed_by_id is None:
        what.proposed_by, what.proposed_at = signer, timezone.now()
        what.first_key, what.first_signature = bytes(signer.signing_key), signature
        return False
    if what.proposed_by_id == signer.pk or bytes(what.first_key) == bytes(signer.signing_key):
        raise SamePerson
    signing.verify(bytes(what.first_key), bytes(what.first_signature), context, what.payload)
    what.released_by, what.released_at = signer, timezone.now()
    what.second_key, what.second_signature = bytes(signer.signing_key), signature
    return True


# The contract


@transaction.atomic
def publish_contract(
    line: Line, facts: dict[str, Any], *, by: User | None = None, after: int | None = None
) -> ContractRecord:
    """A new edition, which everybody sees at once; the same facts again change nothing.

    `facts`: as contract_facts.read gives them. `by`: nobody, if a command did it. `after`: the edition it was written
    over, 0 for none; raises Changed if that is not the newest any more.
    """
    Line.objects.select_for_update().get(pk=line.pk)
    newest = ContractRecord.objects.filter(line=line).last()
    if newest is not None and newest.facts == facts:
        return newest
    number = newest.number + 1 if newest else 1
    if after is not None and after != number - 1:
        raise Changed
    audit(AuditEvent.Kind.CONTRACT_PUBLISHED, by, line=line, detail=str(number))
    return ContractRecord.objects.create(line=line, number=number, facts=facts)
