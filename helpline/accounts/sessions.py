"""The session engine: Django's database sessions with the owner beside them, and what the owner is shown of each."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from helpline.accounts import models
from helpline.vault.codes import CODE_BYTES, b64url_encode

NAME, SIGNED_IN, USED = "name", "signed_in", "used_hour"  # keys of a session's data, each with a column


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type["models.StaffSession"]:
        return models.StaffSession

    def create_model_instance(self, data: dict[str, Any]) -> "models.StaffSession":
        session = super().create_model_instance(data)
        if not isinstance(session, models.StaffSession):
            raise TypeError
        owner = data.get(SESSION_KEY)
        session.user_id = int(owner) if owner else None
        session.code = code_of(session.session_key)
        session.name = data.get(NAME, "")
        session.signed_in_at, session.used_hour = _instant(data.get(SIGNED_IN)), _instant(data.get(USED))
        return session


def code_of(session_key: str | None) -> str:
    """What a page may call a session by: its key would open it."""
    return b64url_encode(hashlib.sha256((session_key or "").encode()).digest()[:CODE_BYTES])


def note_signed_in(session: SessionBase) -> None:
    session[SIGNED_IN] = timezone.now().isoformat()
    note_used(session)


def note_used(session: SessionBase) -> None:
    """To the hour, so that nobody's day can be read from it; and so that it is written once an hour."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0).isoformat()
    if session.get(USED) != hour:
        session[USED] = hour


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
