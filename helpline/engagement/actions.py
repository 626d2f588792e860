"""Asking for updates, confirming it by the link of a mail, changing it, and ending it."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from helpline.engagement.models import Mailing, SignUp, Subscriber, Topic, Update
from helpline.engagement.queries import find_subscriber, hash_in
from helpline.lines.models import Line
from helpline.vault import subscribers, tombstones
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, hash_capability, new_code

CONFIRM_HOURS = 48  # over a weekend, for an address at work
# Of one address: whoever types somebody else's again and again fills no mailbox.
MAILS_AT_ONCE = 3
TOKEN_BYTES = 32


class LinkUnknown(Exception):
    """It was used, is over, or never was."""


@dataclass(frozen=True)
class Wish:
    topics: tuple[str, ...]
    region: str
    language: str

    def __post_init__(self) -> None:
        if not self.topics or not set(self.topics) <= set(Topic.values):
            raise ValueError("At least one topic, and no other than there are.")

    @property
    def fields(self) -> dict[str, object]:
        return {"topics": sorted(self.topics), "region": self.region, "language": self.language}


@transaction.atomic
def sign_up(line: Line, address: str, wish: Wish) -> str | None:
    """The secret of a link, to be mailed to this address and nobody else.

    None while several are on their way there. Raises KeyStoreUnavailable.
    """
    forget_lapsed()
    address = address.strip().lower()
    found = hash_in(line, address)
    if SignUp.objects.filter(line=line, find_hash=found).count() >= MAILS_AT_ONCE:
        return None
    token, code = secrets.token_bytes(TOKEN_BYTES), new_code()
    SignUp.objects.create(
        code=code,
        line=line,
        find_hash=found,
        sealed=subscribers.seal_address(address, code),
        token_hash=hash_capability(token),
        expires_at=timezone.now() + dt.timedelta(hours=CONFIRM_HOURS),
        **wish.fields,
    )
    return b64url_encode(token)


def get_sign_up(line: Line, token: str) -> SignUp:
    """What a link would confirm; looking at it changes nothing. Raises LinkUnknown."""
    try:
        token_hash = hash_capability(b64url_decode(token))
    except Malformed:
        raise LinkUnknown from None
    found = SignUp.objects.filter(line=line, token_hash=token_hash, expires_at__gt=timezone.now()).first()
    if found is None:
        raise LinkUnknown
    return found


def forget_sign_up(line: Line, token: str) -> None:
    """Its mail could not be sent: it counts for nothing. Raises LinkUnknown."""
    SignUp.objects.filter(pk=get_sign_up(line, token).pk).delete()


@transaction.atomic
def confirm(line: Line, token: str) -> Subscriber:
    """The mailbox is theirs. Whoever gets updates already gets what they asked for last. Raises LinkUnknown."""
    asked = get_sign_up(line, token)
    if not SignUp.objects.filter(pk=asked.pk).delete()[0]:
        raise LinkUnknown
    wished = {"topics": asked.topics, "region": asked.region, "language": asked.language}
    subscriber, _ = Subscriber.objects.update_or_create(
        line=line,
        find_hash=asked.find_hash,
        defaults=wished,
        create_defaults={**wished, "code": asked.code, "sealed": asked.sealed},
    )
    SignUp.objects.filter(line=line, find_hash=asked.find_hash).delete()
    return subscriber


@transaction.atomic
def change(subscriber: Subscriber, wish: Wish) -> None:
    """Ended meanwhile is no error: nothing comes back by it."""
    Subscriber.objects.filter(pk=subscriber.pk).update(**wish.fields)
    _forget_what_waits(subscriber, set(Topic.values) - set(wish.topics))


@transaction.atomic
def stop(subscriber: Subscriber, topic: str) -> bool:
    """No more of one topic, what waits to be sent included; with the last one everything ends. Whether it has."""
    held = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
    if held is None:
        return True
    if topic in held.topics:
        tombstones.bury(_topic_code(held.code, topic))  # the restore of an old backup must not begin it again
    held.topics = [each for each in held.topics if each != topic]
    if not held.topics:
        end(held)
        return True
    held.save(update_fields=["topics"])
    _forget_what_waits(held, {topic})
    return False


@transaction.atomic
def end(subscriber: Subscriber) -> None:
    """They are gone, with all that was kept of them."""
    list(Subscriber.objects.select_for_update().filter(pk=subscriber.pk))  # an update may be addressed just now
    SignUp.objects.filter(line_id=subscriber.line_id, find_hash=bytes(subscriber.find_hash)).delete()
    _forget_what_waits(subscriber, set(Topic.values))
    if Subscriber.objects.filter(pk=subscriber.pk).delete()[0]:
        tombstones.bury(subscriber.code)  # the restore of an old backup must not write to them again


def end_by_address(line: Line, address: str) -> bool:
    """For whoever asks by another way, and has no mail of ours at hand. Whether there was somebody."""
    found = find_subscriber(line, address.strip().lower())
    if found is not None:
        end(found)
    return found is not None


def forget_lapsed(now: dt.datetime | None = None) -> int:
    """Addresses that nobody confirmed."""
    gone, _ = SignUp.objects.filter(expires_at__lte=now or timezone.now()).delete()
    return gone


@transaction.atomic
def settle_restored() -> None:
    """After a restore: whoever had ended it ends again, and no old link confirms.

    What waited to be sent at the time of the backup is not sent: it may have been since. Raises KeyStoreUnavailable.
    """
    SignUp.objects.all().delete()
    Mailing.objects.all().delete()
    Update.objects.filter(state__in=[Update.State.READY, Update.State.SENDING]).update(
        state=Update.State.SENT, finished_at=timezone.now()
    )
    codes = list(Subscriber.objects.values_list("code", flat=True))
    topics = [_topic_code(code, topic) for code in codes for topic in Topic.values]
    for ended in tombstones.buried([*codes, *topics]):
        code, _, topic = ended.partition("/")
        for subscriber in Subscriber.objects.filter(code=code):
            subscriber.topics = [each for each in subscriber.topics if topic and each != topic]
            subscriber.save(update_fields=["topics"])
    Subscriber.objects.filter(topics=[]).delete()


def _topic_code(code: str, topic: str) -> str:
    return f"{code}/{topic}"


def _forget_what_waits(subscriber: Subscriber, topics: set[str]) -> None:
    subscriber.mailings.filter(update__topic__in=topics, handed_at=None).delete()
