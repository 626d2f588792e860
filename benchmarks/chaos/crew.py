"""People who arrive, wait, leave and talk, and counsellors who answer or do not, through the site's own actions.

Imported once DATABASE_URL names the database that will be attacked. A database that is away is tried again, as a
browser would; what was answered is remembered, and compared with the tables in the end.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection, transaction  # noqa: E402  # after setup
from django.utils import timezone  # noqa: E402  # after setup
from psycopg.errors import DeadlockDetected  # noqa: E402  # after setup

from benchmarks.chaos.queue import HAPPENS  # noqa: E402  # after setup
from benchmarks.keys import staff_lines  # noqa: E402  # after setup
from helpline.accounts.models import User  # noqa: E402  # after setup
from helpline.conversations.actions import (  # noqa: E402  # after setup
    ConversationClosed,
    NewConversation,
    NotWaiting,
    start_conversation,
)
from helpline.conversations.models import Author, Conversation, State  # noqa: E402  # after setup
from helpline.conversations.queries import ConversationUnknown  # noqa: E402  # after setup
from helpline.lines.models import Line  # noqa: E402  # after setup
from helpline.records.actions import record_contact  # noqa: E402  # after setup
from helpline.records.models import ContactRecord  # noqa: E402  # after setup
from helpline.routing import actions, router  # noqa: E402  # after setup
from helpline.routing.entering import enqueue  # noqa: E402  # after setup
from helpline.routing.locks import NoHandFree  # noqa: E402  # after setup
from helpline.routing.models import Offer, Presence, QueueEntry  # noqa: E402  # after setup
from helpline.routing.queries import hands_taken, in_hand, open_offer_to  # noqa: E402  # after setup
from helpline.vault import sealing  # noqa: E402  # after setup
from helpline.vault.codes import new_code  # noqa: E402  # after setup

COUNSELLORS = 6
HANDS = 3
WAITING_MOST = 30  # more wait than can be taken, most of the time
FACTS = (actions.NotOffered, actions.NotAllowed, NoHandFree, NotWaiting, ConversationUnknown, ConversationClosed)
NEVER_ANSWERED = 12  # one offer in so many
SETTLE_SECONDS = 25
DRAIN_SECONDS = 120
KEY = bytes(1168)

Result = TypeVar("Result")


class Crew:
    """`begin`, then attack; `settled` between attacks and `finish` in the end say what is wrong."""

    def __init__(self, seed: int) -> None:
        self.wrong: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.arrived: set[str] = set()
        self._owners: dict[str, str] = {}
        self._losing = ""
        self._lock = threading.Lock()
        self._seed = seed
        self._is_over = self._is_still = self._is_full = False
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        self._line = Line.objects.create(slug="measured", name="Measured", languages=["en"])
        self._public_key = sealing.public_key_of(sealing.generate_seed())
        for number in range(COUNSELLORS):
            user = User.objects.create(username=f"c{number}", name="C", pseudonym="C", code=new_code(), public_key=b"")
            staff_lines([(user, self._line)])
            actions.set_presence(user, Presence.State.AVAILABLE, HANDS)
            self._start(self._answer, user)
        for work in (self._arrive, self._wait, self._be_seen):
            self._start(work)

    def _start(self, work: Callable[..., None], *given: object) -> None:
        chance = random.Random(f"{self._seed} {len(self._threads)}")

        def run() -> None:
            try:
                while not self._is_over:
                    _until_done(lambda: work(chance, *given))
            except Exception:
                self.wrong["a thread that failed"] += 1
                raise

        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()

    # What people do

    def _arrive(self, chance: random.Random) -> None:
        time.sleep(chance.random() * 0.1)
        waiting = QueueEntry.objects.filter(state=QueueEntry.State.WAITING).count()
        if self._is_still or self._is_full or waiting >= WAITING_MOST:
            return
        code, in_danger = new_code(), chance.choice([None, None, None, True])
        hashed = chance.randbytes(32)
        _until_done(lambda: self._enter(code, hashed, in_danger))
        self.arrived.add(code)

    @transaction.atomic
    def _enter(self, code: str, capability_hash: bytes, in_danger: bool | None) -> None:
        conversation, _ = start_conversation(
            NewConversation(
                code=code,
                line=self._line,
                public_key=self._public_key,
                capability_hash=capability_hash,
                queue_grant=KEY,
                supervisor_grant=KEY,
                help_seeker_grant=KEY,
                in_danger=in_danger,
            )
        )
        enqueue(conversation)

    def _wait(self, chance: random.Random) -> None:
        """Of those who wait some leave for good, and some for a moment."""
        time.sleep(chance.random() * 0.4)
        waiting = list(QueueEntry.objects.filter(state=QueueEntry.State.WAITING).select_related("conversation"))
        if self._is_still or not waiting:
            return
        conversation = chance.choice(waiting).conversation
        with suppress(*FACTS):
            if chance.random() < 0.3:
                actions.end(conversation, Author.HELP_SEEKER)
                self.done["left"] += 1
            else:
                actions.leave_queue(conversation)
                actions.come_back(conversation)
                self.done["left for a moment"] += 1

    def _be_seen(self, chance: random.Random) -> None:
        """What the live process says for open desks and pages; now and then a desk is lost."""
        time.sleep(1)
        self._losing = ""
        if not self._is_still and chance.random() < 0.1:
            self._lose(chance)
        ids = list(User.objects.values_list("pk", flat=True))
        codes = list(Conversation.objects.exclude(state=State.CLOSED).values_list("code", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("SELECT routing_seen(%s, %s)", [ids, codes])

    def _lose(self, chance: random.Random) -> None:
        user = chance.choice(list(User.objects.all()))
        self._losing = user.code
        time.sleep(0.3)  # whatever they were just accepting is theirs by now
        with self._lock:
            for code in [code for code, owner in self._owners.items() if owner == user.code]:
                del self._owners[code]
            now = timezone.now()
            Presence.objects.filter(user=user).update(seen_at=now - 2 * router.PAGE_GONE)
            self.done["returned to the queue"] += router.step(now).returned
            Presence.objects.filter(user=user).update(seen_at=timezone.now())
        self._losing = ""

    # What counsellors do

    def _answer(self, chance: random.Random, user: User) -> None:
        time.sleep(chance.random() * 0.1)
        if self._is_still or self._losing == user.code:
            return
        offer = open_offer_to(user)
        if offer and offer.pk % NEVER_ANSWERED == 0:
            return
        with suppress(*FACTS):
            if offer and chance.random() < 0.8:
                self._accept(user, offer.entry.conversation)
            elif offer and chance.random() < 0.5:
                actions.decline(user, offer.entry.conversation, chance.choice(Offer.Reason.values[2:]))
                self.done["declined"] += 1
            elif not offer and Presence.objects.filter(user=user, state=Presence.State.AWAY).exists():
                actions.set_presence(user, Presence.State.AVAILABLE)
        held = list(user.conversations.filter(state=State.OPEN))
        if held and chance.random() < 0.3:
            self._go_on(user, chance.choice(held), chance)

    def _accept(self, user: User, conversation: Conversation) -> None:
        actions.accept(user, conversation)
        owner = self._owners.setdefault(conversation.code, user.code)
        self.done["accepted"] += 1
        if owner != user.code:
            self.wrong["two owners"] += 1

    def _go_on(self, user: User, conversation: Conversation, chance: random.Random) -> None:
        """End it, pass it on, or hand it over."""
        with self._lock, suppress(*FACTS):
            self._owners.pop(conversation.code, None)
            what = chance.random()
            if what < 0.2:
                actions.requeue(conversation, user, queue_grant=KEY)
                self.done["passed on"] += 1
            elif what < 0.4:
                taker = chance.choice(list(User.objects.exclude(pk=user.pk)))
                actions.hand_over(conversation, user, taker, KEY)
                self._owners[conversation.code] = taker.code
                self.done["handed over"] += 1
            else:
                actions.end(conversation, Author.COUNSELLOR)
                conversation.refresh_from_db()
                record_contact(conversation, {})
                self.done["ended"] += 1

    # What has to hold

    def settled(self) -> None:
        """Everybody stands still: whoever is free is offered somebody, unless nobody waits."""
        self._is_still = True
        deadline = time.monotonic() + SETTLE_SECONDS
        while _until_done(_free_beside_waiting):
            if time.monotonic() > deadline:
                self.wrong["nobody offered to somebody free"] += 1
                break
            time.sleep(0.1)
        for kind, number in _until_done(_broken).items():
            self.wrong[kind] += number
        self._is_still = False

    def finish(self) -> None:
        """Everything has happened once; then nobody new comes, all are answered, and everybody is accounted for."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while not all(self.done[kind] for kind in HAPPENS) and time.monotonic() < deadline:
            time.sleep(0.1)
        self._is_full = True
        for entry in QueueEntry.objects.filter(state=QueueEntry.State.LEFT).select_related("conversation"):
            actions.come_back(entry.conversation)  # a kill came between leaving for a moment and coming back
        deadline = time.monotonic() + DRAIN_SECONDS
        while Conversation.objects.exclude(state=State.CLOSED).exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        self._is_over = True
        for thread in self._threads:
            thread.join()
        known = set(Conversation.objects.values_list("code", flat=True))
        self.wrong["lost"] += len(self.arrived - known)
        self.wrong["never answered"] += Conversation.objects.exclude(state=State.CLOSED).count()
        self.wrong["not counted"] += Conversation.objects.filter(record=None).count()
        self.wrong["offers left open"] += Offer.objects.filter(state=Offer.State.OPEN).count()
        self.done["offered"] = Offer.objects.exclude(why__rule="given_back").count()
        self.done["lapsed"] = Offer.objects.filter(state=Offer.State.LAPSED).count()
        self.done["counted"] = ContactRecord.objects.count()


def _until_done(work: Callable[[], Result]) -> Result:
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            if isinstance(error.__cause__, DeadlockDetected):  # ours, and not the kill's
                raise
            connection.close()
            time.sleep(0.1)


def _free_beside_waiting() -> bool:
    """Whether somebody waits while somebody who is there has a hand free and nothing offered."""
    waiting = QueueEntry.objects.filter(state=QueueEntry.State.WAITING)
    passed = Offer.objects.filter(state__in=[Offer.State.DECLINED, Offer.State.LAPSED])
    there = list(Presence.objects.filter(state=Presence.State.AVAILABLE))
    hands = in_hand({presence.user_id for presence in there})
    for presence in there:
        is_offered = Offer.objects.filter(user=presence.user_id, state=Offer.State.OPEN).exists()
        if is_offered or hands_taken(hands[presence.user_id], presence.capacity) >= presence.capacity:
            continue
        if waiting.exclude(pk__in=passed.filter(user=presence.user_id).values("entry")).exists():
            return True
    return False


@transaction.atomic
def _broken() -> Counter[str]:
    """Places that say something else than their conversation, or than their offers."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    entries = QueueEntry.objects.select_related("conversation")
    fits = {
        State.WAITING: {QueueEntry.State.WAITING, QueueEntry.State.OFFERED, QueueEntry.State.LEFT},
        State.OPEN: {QueueEntry.State.HELD},
        State.CLOSED: {QueueEntry.State.OVER},
    }
    opened = set(Offer.objects.filter(state=Offer.State.OPEN).values_list("entry", flat=True))
    offered = {entry.pk for entry in entries if entry.state == QueueEntry.State.OFFERED}
    return Counter(
        {
            "a place that does not fit": sum(
                QueueEntry.State(entry.state) not in fits[State(entry.conversation.state)] for entry in entries
            ),
            "an offer that does not fit": len(opened ^ offered),
            "no place": Conversation.objects.filter(queue_entry=None).count(),
        }
    )
