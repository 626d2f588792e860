"""The people in the tests. They hold real keys and do in Python what their browsers would do."""

import datetime as dt
import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from helpline.accounts.models import AuthenticatorApp, User
from helpline.conversations.actions import NewConversation, start_conversation
from helpline.conversations.models import Conversation, SenderKey
from helpline.lines.actions import make_keys
from helpline.lines.founding import found_and_vouch, sign_line_keys, vouch
from helpline.lines.models import Line, LineKey, LineKeyWrap, LineMembership
from helpline.lines.queries import current_key
from helpline.routing.actions import accept
from helpline.routing.entering import enqueue
from helpline.routing.locks import lock_presence
from helpline.routing.models import Offer, QueueEntry
from helpline.vault import contexts, passphrases, sealing, signing, totp
from helpline.vault.codes import b64url_encode, hash_capability, new_code


@dataclass
class Writer:
    """One page session of somebody who writes: a conversation's code and a sender key of their own."""

    code: str
    author: str
    public_key: bytes
    key: bytes = field(default_factory=sealing.new_key, repr=False)
    key_id: str = field(default_factory=new_code)

    def seal(self, text: str, client_id: str | None = None) -> sealing.SealedMessage:
        client_id = client_id or new_code()
        return sealing.SealedMessage(
            client_id=client_id,
            key_id=self.key_id,
            sealed_key=sealing.seal_sender_key(
                self.public_key, self.key, code=self.code, author=self.author, key_id=self.key_id
            ),
            sealed=sealing.seal_message(self.key, text, code=self.code, author=self.author, client_id=client_id),
        )

    def seal_json(self, text: str, client_id: str | None = None) -> dict[str, str]:
        """The body of POST /live/c/<code>/messages."""
        message = self.seal(text, client_id)
        return {
            "client_id": message.client_id,
            "key_id": message.key_id,
            "sealed": b64url_encode(message.sealed),
            "key": b64url_encode(message.sealed_key),
        }


@dataclass
class HelpSeeker:
    """Somebody without a name: a secret of their own and one conversation."""

    secret: bytes = field(default_factory=sealing.new_key, repr=False)
    seed: bytes = field(default_factory=sealing.generate_seed, repr=False)
    code: str = field(default_factory=new_code)

    def __post_init__(self) -> None:
        self.writer = Writer(self.code, contexts.HELP_SEEKER, self.public_key)

    @property
    def public_key(self) -> bytes:
        return sealing.public_key_of(self.seed)

    @property
    def capability(self) -> bytes:
        return sealing.derive(self.secret, "capability")

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {b64url_encode(self.capability)}"}

    def grants(self, line: Line) -> dict[str, bytes]:
        return self.grants_to(
            {purpose: bytes(current_key(line, purpose).public_key) for purpose in LineKey.Purpose.values}
        )

    def grants_to(self, keys: dict[str, bytes]) -> dict[str, bytes]:
        sealed = {
            purpose: sealing.seal_grant(key, self.seed, code=self.code, reader=purpose) for purpose, key in keys.items()
        }
        wrap_key = sealing.derive(self.secret, "help-seeker-wrap")
        own = sealing.wrap_grant(wrap_key, self.seed, code=self.code, reader=contexts.HELP_SEEKER)
        return {**sealed, contexts.HELP_SEEKER: own}

    def start_json(self, line: Line, *, in_danger: bool | None = None) -> dict[str, Any]:
        """The body of POST /chat/start."""
        return self.start_json_to(line.slug, self.grants(line), in_danger)

    def start_json_to(self, slug: str, grants: dict[str, bytes], in_danger: bool | None = None) -> dict[str, Any]:
        return {
            "line": slug,
            "code": self.code,
            "public_key": b64url_encode(self.public_key),
            "capability_hash": b64url_encode(hash_capability(self.capability)),
            "grants": {reader: b64url_encode(sealed) for reader, sealed in grants.items()},
            "in_danger": in_danger,
            "language": "en",
        }

    def start(self, line: Line, *, in_danger: bool | None = None) -> Conversation:
        """Begin a conversation and wait in the queue."""
        grants = self.grants(line)
        conversation, _ = start_conversation(
            NewConversation(
                code=self.code,
                line=line,
                public_key=self.public_key,
                capability_hash=hash_capability(self.capability),
                queue_grant=grants["queue"],
                supervisor_grant=grants["supervisor"],
                help_seeker_grant=grants[contexts.HELP_SEEKER],
                in_danger=in_danger,
            )
        )
        enqueue(conversation)
        return conversation


@dataclass
class Member:
    """A member of staff, with the passphrase that only they know."""

    user: User
    seed: bytes = field(repr=False)
    sign_in_secret: str = field(repr=False)

    def line_seed(self, line: Line, purpose: str) -> bytes:
        """Open a line's key. Raises LineKeyWrap.DoesNotExist for one not entitled to it."""
        wrap = LineKeyWrap.objects.select_related("line_key").get(
            user=self.user, line_key__line=line, line_key__purpose=purpose, line_key__retired_at=None
        )
        return sealing.open_line_key(
            self.seed,
            bytes(wrap.sealed),
            line_slug=line.slug,
            purpose=purpose,
            epoch=wrap.line_key.epoch,
            user_code=self.user.code,
        )

    def own_grant(self, code: str, seed: bytes) -> bytes:
        """A conversation's key, sealed to this member."""
        reader = contexts.staff_reader(self.user.code)
        return sealing.seal_grant(bytes(self.user.public_key), seed, code=code, reader=reader)

    def writer(self, conversation: Conversation) -> Writer:
        return Writer(conversation.code, contexts.COUNSELLOR, bytes(conversation.public_key))


def offer_to(user: User, conversation: Conversation) -> None:
    """As if the router had chosen them; whatever else is offered to them, or to others of this, is withdrawn."""
    now = timezone.now()
    with transaction.atomic():
        entry = QueueEntry.objects.select_for_update().get(conversation=conversation)
        lock_presence(user)
        others = Offer.objects.filter(state=Offer.State.OPEN).filter(Q(user=user) ^ Q(entry=entry))
        places = list(others.values_list("entry", flat=True))
        others.update(state=Offer.State.WITHDRAWN, answered_at=now)
        QueueEntry.objects.filter(pk__in=places).update(state=QueueEntry.State.WAITING)
        expires_at = now + dt.timedelta(seconds=20)
        facts = {"made_at": now, "expires_at": expires_at, "why": {"rule": "order", "because": ["next"]}}
        Offer.objects.get_or_create(user=user, entry=entry, state=Offer.State.OPEN, defaults=facts)
        QueueEntry.objects.filter(pk=entry.pk).update(state=QueueEntry.State.OFFERED)


def take(user: User, conversation: Conversation) -> None:
    """Be offered somebody, and accept."""
    offer_to(user, conversation)
    accept(user, conversation)


def found_roster(*founders: User) -> None:
    """Two supervisors found the roster, and vouch for everybody and every key that is there."""
    first, second = (unlocked(user) for user in founders)
    found_and_vouch((first.user, first.seed), (second.user, second.seed))


def staff_and_vouch(line: Line, users: list[User], *founders: User) -> None:
    """Put staff on a line that comes after the founding, as two supervisors' browsers would."""
    LineMembership.objects.bulk_create(LineMembership(line=line, user=user) for user in users)
    make_keys(line)
    sign_line_keys(*vouch_for_all(*founders))


def vouch_for_all(*founders: User) -> list[tuple[User, bytes]]:
    """Two supervisors sign whatever waits; returns them with their signing seeds."""
    pair = [(user, signing.signing_seed(unlocked(user).seed)) for user in founders]
    vouch(*pair)
    return pair


def words_of(conversation: Conversation, seed: bytes) -> list[str]:
    """Everything said in a conversation, opened with its private key, in order."""
    keys = {
        row.key_id: sealing.open_sender_key(
            seed, bytes(row.sealed), code=conversation.code, author=row.author, key_id=row.key_id
        )
        for row in SenderKey.objects.filter(conversation=conversation)
    }
    return [
        sealing.open_message(
            keys[row.key_id],
            bytes(row.sealed),
            code=conversation.code,
            author=row.author,
            client_id=row.client_id,
        )
        for row in conversation.messages.order_by("seq")
    ]


def passphrase_of(username: str) -> str:
    """The cast's passphrases: five words, a different first one each."""
    return f"{username} garden candle ribbon teapot"


def app_secret_of(username: str) -> bytes:
    """What the app on each of the cast's phones makes its codes from."""
    return hashlib.sha256(username.encode()).digest()[: totp.SECRET_BYTES]


def code_of(user: User) -> str:
    """What their app shows now; the next one, before its time, where that was used already; a wait where both were."""
    while True:
        now = totp.step_at(time.time())
        last = AuthenticatorApp.objects.get(user=user).last_step if user.pk else _shown.get(user.username, 0)
        for step in (now, now + 1):
            if step > last:
                _shown[user.username] = step
                return totp.code_at(app_secret_of(user.username), step)
        time.sleep(0.5)


_shown: dict[str, int] = {}  # for somebody in a house of its own, whose database is not the tests'


def unlocked(user: User) -> Member:
    """What signing in and unlocking gives one of the cast's browser."""
    wrap = user.key_wraps.get(kind="passphrase")
    stretched = passphrases.stretch(passphrase_of(user.username), bytes(wrap.salt))
    return Member(
        user=user,
        seed=passphrases.unwrap_staff_seed(stretched, bytes(wrap.wrapped), user.code),
        sign_in_secret=passphrases.sign_in_secret(stretched),
    )
