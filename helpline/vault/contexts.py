"""Every context string, in one place: what a sealed thing is for, so that it opens nowhere else."""

import re

HELP_SEEKER, COUNSELLOR, SERVICE, SYSTEM = "help_seeker", "counsellor", "service", "system"
AUTHORS = frozenset({HELP_SEEKER, COUNSELLOR, SERVICE, SYSTEM})
QUEUE, SUPERVISOR, RETURN = "queue", "supervisor", "return"  # readers; HELP_SEEKER is one too
LINE_KEY_PURPOSES = frozenset({QUEUE, SUPERVISOR})
RECOVERY = "recovery"  # stands where a user's code does, for the key that is split and kept on paper
PURPOSES = frozenset(
    {
        "capability",
        "help-seeker-wrap",
        "sign-in",
        "staff-wrap",
        "passkey-wrap",
        "return-find",
        "return-capability",
        "return-wrap",
        "plain-sender",
        "plain-sender-id",
        "sign",
        "roster-pin",
        "subscriber-seal",
        "subscriber-find",
        "subscriber-link",
        "kept-seal",
        "kept-find",
    }
)
# What strangers leave with us, to be read again by the server (kept.py).
KEPT = frozenset({"subscriber", "order", "submission", "question"})
SIGNED = frozenset({"roster", "line-key", "receipt", "audit-head", "figures", "figures-note"})
_PART = re.compile(r"[A-Za-z0-9_:-]{1,64}")


def staff_reader(user_code: str) -> str:
    return f"staff:{user_code}"


def message(code: str, author: str, client_id: str) -> str:
    return _context("message", code, _one_of(AUTHORS, author), client_id)


def sender_key(code: str, author: str, key_id: str) -> str:
    return _context("sender-key", code, _one_of(AUTHORS, author), key_id)


def grant(code: str, reader: str) -> str:
    return _context("grant", code, reader)


def line_key(line_slug: str, purpose: str, epoch: int, user_code: str) -> str:
    return _context("line-key", line_slug, _one_of(LINE_KEY_PURPOSES, purpose), str(epoch), user_code)


def whisper(code: str, client_id: str) -> str:
    return _context("whisper", code, client_id)


def disclosure(code: str, disclosure_code: str) -> str:
    return _context("disclosure", code, disclosure_code)


def for_guest(code: str, guest_code: str, seq: int) -> str:
    return _context("for-guest", code, guest_code, str(seq))


def for_gateway(code: str, client_id: str) -> str:
    """One message as a carrier must have it."""
    return _context("for-gateway", code, client_id)


def return_address(code: str) -> str:
    """Where what is said to somebody goes; also for one message to somebody who has no conversation."""
    return _context("return-address", code)


def staff_key(user_code: str) -> str:
    return _context("staff-key", user_code)


def roster_pin(user_code: str) -> str:
    return _context("roster-pin", user_code)


def day(kind: str, code: str, *parts: str) -> str:
    """What a day key wraps once more. Only the server does, so the browser has no twin of this one."""
    return _context("day", kind, code, *parts)


def signed(what: str) -> str:
    """What a signature covers besides the payload."""
    return _context("signed", _one_of(SIGNED, what))


def second_factor(user_code: str) -> str:
    return _context("second-factor", user_code)


def kept(kind: str, code: str) -> str:
    """What somebody left with us, such as an address. Only the server seals it, so the browser has no twin."""
    return _context(_one_of(KEPT, kind), code)


def derive(purpose: str) -> str:
    return _context("derive", _one_of(PURPOSES, purpose))


def _context(*parts: str) -> str:
    """A slash inside a part could make two contexts read alike, so no part may hold one."""
    if not all(_PART.fullmatch(part) for part in parts):
        raise ValueError("A part of a context is 1 to 64 of A-Z a-z 0-9 _ : -")
    return "/".join(("helpline", "1", *parts))


def _one_of(allowed: frozenset[str], value: str) -> str:
    if value not in allowed:
        raise ValueError(f"Expected one of {', '.join(sorted(allowed))}.")
    return value
