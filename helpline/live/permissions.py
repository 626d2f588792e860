"""Who reads or writes: a help-seeker by a capability, or a member of staff by a session."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from helpline.live import forms
from helpline.live.database import Link
from helpline.live.requests import Refusal, Scope, cookie, header
from helpline.vault.codes import hash_capability
from helpline.web.door import shut_for
from helpline.web.network import peer_of_scope

SESSION_SECONDS = 5  # signing out takes at most this long to reach the live process; a look-up each time costs 0.3 ms
MAX_SESSIONS = 10_000  # remembered at once; more than any operator has staff
_SESSIONS = """
SELECT s.session_key, u.id, u.code, u.role IN ('counsellor', 'supervisor') AS holds_words
FROM accounts_staffsession s JOIN accounts_user u ON u.id = s.user_id
WHERE s.session_key = ANY ($1::text[]) AND s.expire_date > now() AND u.is_active AND u.handed_words_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Permission:
    """What the SQL functions check, each time: one of the two is given.

    A member of staff is the owner or a companion (a supervisor, a colleague for a moment); which, the functions know.
    """

    capability_hash: bytes | None = None
    user_id: int | None = None

    @property
    def author(self) -> str:
        return "help_seeker" if self.user_id is None else "counsellor"

    @property
    def other(self) -> str:
        return "counsellor" if self.user_id is None else "help_seeker"


@dataclass(frozen=True, slots=True)
class Staff:
    user_id: int
    code: str
    session_key: str
    holds_words: bool


class Sessions:
    """Signed-in browsers, remembered for a moment."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._known: dict[str, tuple[float, Staff]] = {}

    async def staff_of(self, session_key: str) -> Staff | None:
        """Raises DatabaseAway."""
        now = asyncio.get_running_loop().time()
        known = self._known.get(session_key)
        if known and known[0] > now:
            return known[1]
        return (await self.look_up([session_key])).get(session_key)

    async def look_up(self, session_keys: Collection[str]) -> dict[str, Staff]:
        """Which of these are signed in, asked now. Raises DatabaseAway."""
        rows = await self._link.fetch(_SESSIONS, list(session_keys))
        found = {
            row["session_key"]: Staff(row["id"], row["code"], row["session_key"], row["holds_words"]) for row in rows
        }
        for key in session_keys:
            self._known.pop(key, None)
        if len(self._known) > MAX_SESSIONS:
            self._known.clear()
        until = asyncio.get_running_loop().time() + SESSION_SECONDS
        self._known.update({key: (until, staff) for key, staff in found.items()})
        return found


def help_seeker(scope: Scope) -> Permission | None:
    """The permission that a bearer claims; the database decides. None without a bearer. Raises Refusal."""
    authorization = header(scope, b"authorization")
    if authorization is None:
        return None
    return Permission(capability_hash=hash_capability(forms.capability(authorization)))


async def staff(scope: Scope, sessions: Sessions) -> Staff:
    """The member of staff behind a request of our own desk. Raises Refusal, DatabaseAway."""
    if shut_for(peer_of_scope(scope), lambda name: header(scope, name.lower().encode("latin-1"))):
        raise Refusal(403, "forbidden")
    # The header makes a browser ask before another site's page may send this; we never say yes.
    if header(scope, b"x-helpline") != "desk" or not _is_same_origin(scope):
        raise Refusal(403, "forbidden")
    key = cookie(scope, settings.SESSION_COOKIE_NAME)
    found = await sessions.staff_of(key) if key and key.isascii() and key.isalnum() else None
    if found is None:
        raise Refusal(401, "signed_out")
    if not found.holds_words:  # nothing here is theirs, not even that something moves in a queue
        raise Refusal(403, "forbidden")
    return found


def _is_same_origin(scope: Scope) -> bool:
    origin = header(scope, b"origin")
    return origin is None or urlsplit(origin).netloc == header(scope, b"host")
