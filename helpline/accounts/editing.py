"""From the staff door to the editors' door: a pass that opens it once, within two minutes, to whoever may edit.

The editors' door has no sign-in of its own. It is another host, since the editor's pages run scripts that are not ours
and must never run where a desk holds keys.
"""

import secrets
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.backends import StaffBackend
from helpline.accounts.models import AuditEvent, EditingPass, Role, User
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, hash_capability

EDITORS: Final = frozenset({Role.EDITOR, Role.OPERATOR})
PASS_BYTES: Final = 32
PASS_FOR: Final = timedelta(minutes=2)  # a slow page, and not a forgotten one
GROUP: Final = "Editors of the public site"  # what it may do, the content says (content/founding.py)


class PassUnknown(Exception):
    """Nobody made it, or it was used, or its time is over, or whoever it was made for may edit no more."""


def may_edit(user: User) -> bool:
    return user.role in EDITORS and not user.must_draw_words and StaffBackend().user_can_authenticate(user)


@transaction.atomic
def make_pass(user: User) -> str:
    """In place of the one before. Raises PassUnknown for whoever may not edit."""
    if not may_edit(user):
        raise PassUnknown
    token = secrets.token_bytes(PASS_BYTES)
    facts = {"hash": hash_capability(token), "expires_at": timezone.now() + PASS_FOR}
    EditingPass.objects.update_or_create(user=user, defaults=facts)
    return b64url_encode(token)


@transaction.atomic
def take_pass(text: str) -> User:
    """Use it up, and let its owner's group follow their role: only here, since nobody edits without.

    Raises PassUnknown.
    """
    try:
        token = b64url_decode(text)
    except Malformed:
        raise PassUnknown from None
    found = EditingPass.objects.select_related("user").filter(hash=hash_capability(token)).first()
    # Two browsers with the same pass: one of them has deleted it.
    is_taken = found is not None and EditingPass.objects.filter(pk=found.pk, hash=found.hash).delete()[0]
    if found is None or not is_taken or found.expires_at < timezone.now() or not may_edit(found.user):
        raise PassUnknown
    found.user.groups.set([Group.objects.get_or_create(name=GROUP)[0]])
    audit(AuditEvent.Kind.EDITING_BEGAN, found.user)
    return found.user
