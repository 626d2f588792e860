"""The roster, what waits for signatures, and the lines' keys, in the shapes that the pages' scripts read."""

from typing import Any

from helpline.accounts.models import Role, User
from helpline.conversations.resealing import without_their_owners_key
from helpline.lines import roster, rotation
from helpline.lines.models import Line, LineKey, RosterEntry
from helpline.lines.queries import all_lines, could_help_out
from helpline.vault import contexts
from helpline.vault.codes import b64url_encode
from helpline.vault.statements import Statement, hash_of

Shape = dict[str, Any]


def roster_for(user: User, after: int) -> Shape:
    """What comes after so many entries. The reader believes none of it before it is checked."""
    pin = roster.pin_of(user)
    return {
        "entries": [_entry(each) for each in roster.entries(after)],
        "names": {each.code: each.name for each in User.objects.exclude(name="")},
        "pin": b64url_encode(pin) if pin else None,
        "has_signing_key": bool(user.signing_key),
        "due": user.role == Role.SUPERVISOR and _is_due(user),
    }


def _is_due(user: User) -> bool:
    if not roster.is_founded():
        return True
    vouched = roster.vouched()
    has_unsealed = without_their_owners_key(lines_of(user)).exists()
    return has_unsealed or bool(roster.waiting()) or any(rotation.due_on(line, vouched) for line in lines_of(user))


def signed_key(key: LineKey) -> Shape:
    """A line's public key, with what a reader checks before sealing to it."""
    return {
        "line": key.line.slug,
        "purpose": key.purpose,
        "epoch": key.epoch,
        "public_key": b64url_encode(bytes(key.public_key)),
        "signed_by": key.signed_by.code if key.signed_by else None,
        "signature": b64url_encode(bytes(key.signature)),
    }


def waiting_for_signatures(user: User) -> Shape:
    """With the founding, when there is no roster yet: with whom one could begin it, or who has begun it."""
    if roster.is_founded():
        return {"founding": None, "waiting": [_wanted(each, user) for each in roster.waiting()]}
    halves = roster.half_founded()
    others = User.objects.filter(role=Role.SUPERVISOR, is_active=True).exclude(pk=user.pk).exclude(signing_key=b"")
    return {
        "founding": {
            "partners": [{"code": each.code, "name": each.name} for each in others.order_by("name")],
            "begun_by": halves[0].first_signer.code if halves else None,
            "with": [half.subject for half in halves],
        },
        "waiting": [],
    }


def founding_statements(user: User, partner: User) -> list[Shape]:
    """What both of them sign; as the first one was shown it, for the second."""
    halves = roster.half_founded()
    issued_at = halves[0].issued_at if halves and halves[0].first_signer == partner else roster.now()
    return [_statement(each) for each in roster.founding_of(user, partner, issued_at)]


def lines_of(user: User) -> list[Line]:
    return [line for line in all_lines() if line.memberships.filter(user=user).exists()]


def line_keys_for(user: User) -> list[Shape]:
    """The lines where this person supervises, and whether their keys should be made anew."""
    vouched = roster.vouched()
    return [
        {
            "slug": line.slug,
            "name": line.name,
            "due": rotation.due_on(line, vouched),
            "made_at": max((key.made_at.timestamp() for key in line.keys.filter(retired_at=None)), default=None),
        }
        for line in lines_of(user)
    ]


def unsealed_for(user: User) -> list[Shape]:
    """Conversations of this supervisor's lines that their counsellor, who has new keys, cannot open."""
    return [
        {
            "code": each.code,
            "line": each.line.name,
            "started_at": each.started_at.timestamp(),
            "counsellor": each.counsellor
            and {
                "code": each.counsellor.code,
                "name": each.counsellor.name,
                "public_key": b64url_encode(bytes(each.counsellor.public_key)),
            },
        }
        for each in without_their_owners_key(lines_of(user))
    ]


def rotation_of(line: Line) -> Shape:
    """Who is to be given new keys. The browser gives them to nobody whom the roster does not vouch for."""
    vouched = roster.vouched()
    recovery = vouched.get(contexts.RECOVERY)
    holders = {
        purpose: {user.code: user for user in rotation.rightful_holders(line, purpose, vouched)}
        for purpose in LineKey.Purpose.values
    }
    people = {code: user for each in holders.values() for code, user in each.items()}
    return {
        "line": line.slug,
        "epochs": {purpose: next_epoch(line, purpose) for purpose in LineKey.Purpose.values},
        "helpers": [user.code for user in could_help_out(line) if user.code in people],
        "holders": {purpose: sorted(each) for purpose, each in holders.items()},
        "public_keys": {code: b64url_encode(bytes(user.public_key)) for code, user in people.items()},
        "recovery": b64url_encode(bytes(recovery.public_key)) if recovery else None,
    }


def next_epoch(line: Line, purpose: str) -> int:
    before = LineKey.objects.filter(line=line, purpose=purpose).order_by("epoch").last()
    return before.epoch + 1 if before else 1


def _entry(entry: RosterEntry) -> Shape:
    signers = ((entry.first_signer, entry.first_signature), (entry.second_signer, entry.second_signature))
    return {
        **_statement(entry.statement),
        "signatures": [
            {"by": signer.code, "signature": b64url_encode(bytes(signature))} for signer, signature in signers if signer
        ],
    }


def _wanted(wanted: roster.Wanted, reader: User) -> Shape:
    half = wanted.half
    return {
        **_statement(wanted.statement),
        "name": wanted.member.name if wanted.member else "",
        "signed_by": half.first_signer.name if half else None,
        "is_signed_by_me": half is not None and half.first_signer == reader,
    }


def _statement(statement: Statement) -> Shape:
    return {
        "subject": statement.subject,
        "number": statement.number,
        "key_hash": hash_of(statement.public_key),
        "signing_key": b64url_encode(statement.signing_key),
        "role": statement.role,
        "lines": sorted(statement.lines),
        "issued_at": statement.issued_at,
        "is_withdrawn": statement.is_withdrawn,
        "root": b64url_encode(statement.root),
    }
