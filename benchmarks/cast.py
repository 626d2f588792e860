"""Invents counsellors with open conversations and prints what their browsers would hold, as JSON lines.

In a process of its own (`stage.invent` starts it), so that Django reads the benchmark's own DATABASE_URL.
"""

import json
import sys

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  # after setup
from django.db import transaction  # noqa: E402  # after setup

from helpline.accounts.models import User  # noqa: E402  # after setup
from helpline.accounts.sessions import SessionStore  # noqa: E402  # after setup
from helpline.conversations.actions import NewConversation, assign, start_conversation  # noqa: E402  # after setup
from helpline.lines.models import Line  # noqa: E402  # after setup
from helpline.vault import sealing  # noqa: E402  # after setup
from helpline.vault.codes import b64url_encode, hash_capability, new_code  # noqa: E402  # after setup


def main(counsellors: int, conversations_each: int) -> None:
    line, _ = Line.objects.get_or_create(slug="measured", name="Measured")
    for _ in range(counsellors):
        with transaction.atomic():
            print(json.dumps(_counsellor(line, conversations_each)))


def _counsellor(line: Line, conversations: int) -> dict[str, object]:
    code = new_code()
    # No passphrase: stretching one takes a third of a second, and nobody here signs in.
    user = User.objects.create(username=code, name=code, pseudonym="Kererū", code=code, public_key=b"")
    return {"session": _session(user), "conversations": [_conversation(line, user) for _ in range(conversations)]}


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _conversation(line: Line, user: User) -> dict[str, str]:
    code, seed, capability = new_code(), sealing.generate_seed(), sealing.new_key()
    new = NewConversation(
        code=code,
        line=line,
        public_key=sealing.public_key_of(seed),
        capability_hash=hash_capability(capability),
        queue_grant=b"",
        supervisor_grant=b"",
        help_seeker_grant=b"",
    )
    assign(start_conversation(new)[0], user)
    return {"code": code, "seed": b64url_encode(seed), "capability": b64url_encode(capability)}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
