"""The session engine: Django's database sessions with the owner beside them."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from helpline.accounts import models


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
        return session
