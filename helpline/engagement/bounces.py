"""What mail servers send back: a mailbox that is gone ends the subscription, one that is full is counted.

Each subscriber has a return address of their own (VERP), so that nothing has to be guessed from what a bounce quotes.
"""

import datetime as dt
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from helpline.engagement import actions
from helpline.engagement.models import Subscriber
from helpline.vault.subscribers import NotALink, code_of_return_name

# At once, of one recipient (RFC 5321): no such mailbox, not here, moved away, no such name.
FINAL_REPLIES = frozenset({550, 551, 553, 556})
MOST_SOFT = 5  # within WITHIN: a mailbox that is full for so long is read by nobody
WITHIN = dt.timedelta(days=90)
LARGEST = 1_000_000  # bytes: of a bounce we need its first part only
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
# RFC 3463, of those that begin with 5: 5.1.x no such address, 5.2.1 mailbox closed, 5.4.4 no such host.
# All else may end: 5.2.2 is full, 5.7.x does not like us.
_GONE = re.compile(r"5\.(1\.[0-9]+|2\.1|4\.4)")


class Bounce(StrEnum):
    """What became of what came back."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


@transaction.atomic
def take(recipient: str, raw: bytes) -> Bounce:
    """A mail that came to a return address. Nothing of it is kept."""
    subscriber = _whose(recipient)
    if subscriber is None:
        return Bounce.NONE
    kind = kind_of(raw)
    if kind == Bounce.HARD:
        actions.end(subscriber)
    elif kind == Bounce.SOFT:
        note_soft(subscriber)
    return kind


def kind_of(raw: bytes) -> Bounce:
    """By the report for machines (RFC 3464) alone; without one, as soft. Automatic answers of people are none."""
    mail = message_from_bytes(raw[:LARGEST], policy=policy.default)
    status = next((found for part in mail.walk() if (found := _report(part)) is not None), None)
    if status is not None:
        return status
    # "I am away until Monday" comes with a sender; a mail server's own has none (RFC 3834, RFC 5321).
    is_answer = str(mail.get("Auto-Submitted", "")).lower().startswith("auto-replied")
    has_sender = str(mail.get("Return-Path", "<>")).strip() != "<>"
    return Bounce.NONE if is_answer or has_sender else Bounce.SOFT


def note_soft(subscriber: Subscriber) -> None:
    """Counted; too many within three months, and it ends."""
    held = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
    if held is None:
        return
    today = timezone.localdate()
    if held.bounced_since is None or held.bounced_since < today - WITHIN:
        held.bounced_since, held.soft_bounces = today, 0
    held.soft_bounces += 1
    if held.soft_bounces >= MOST_SOFT:
        actions.end(held)
    else:
        held.save(update_fields=["bounced_since", "soft_bounces"])


def _whose(recipient: str) -> Subscriber | None:
    name = recipient.rpartition("@")[0].rpartition("+")[2].lower()
    try:
        return Subscriber.objects.filter(code=code_of_return_name(name)).first()
    except NotALink:
        return None


def _report(part: EmailMessage | object) -> Bounce | None:
    """Of the part for machines: its fields are those of mails in it, one for the whole and one for each recipient."""
    if not isinstance(part, EmailMessage) or part.get_content_type() != "message/delivery-status":
        return None
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else []
    found = [each for each in map(_of_recipient, blocks) if each is not None]
    if Bounce.HARD in found:
        return Bounce.HARD
    return Bounce.SOFT if Bounce.SOFT in found else Bounce.NONE


def _of_recipient(block: object) -> Bounce | None:
    if not isinstance(block, EmailMessage) or "Action" not in block:
        return None
    if str(block["Action"]).strip().lower() != "failed":
        return Bounce.NONE  # delayed, delivered, relayed
    status = _STATUS.search(str(block.get("Status", "")))
    return Bounce.HARD if status and _GONE.fullmatch(status[0]) else Bounce.SOFT
