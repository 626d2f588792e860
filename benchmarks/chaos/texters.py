"""People who text, the line that answers them, and what must agree in the end.

What people have sent is what the SMSC's journal says it has to deliver; what they were sent is what the journal says it
was given. Imported once DATABASE_URL names the database that will be attacked.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection  # noqa: E402  # after setup
from django.db.models import F  # noqa: E402  # after setup
from django.utils import timezone  # noqa: E402  # after setup

from helpline.channels import carriers, gateway, outbound  # noqa: E402  # after setup
from helpline.channels.models import Carrier, Delivery  # noqa: E402  # after setup
from helpline.channels.outbox import CLAIM_LASTS  # noqa: E402  # after setup
from helpline.conversations.models import Author, Conversation  # noqa: E402  # after setup
from helpline.lines.models import Channel, Line, LineKey  # noqa: E402  # after setup
from helpline.vault import sealing  # noqa: E402  # after setup
from tests.peers.smsc import PASSWORD, Smsc  # noqa: E402  # after setup

PHONES = 60
TEXT_SECONDS, ANSWER_SECONDS = 0.2, 0.2  # between two, at most
LONG = "Kia ora anō. He kōrero roa tēnei, ka haere i roto i ngā wāhanga maha. " * 3
DRAIN_SECONDS = 120  # without one more that arrives
LASTING = ("a thread that failed", "nothing went any more")  # what no second look puts right
REFERENCES = 0x10000  # a reference has sixteen bits

Result = TypeVar("Result")


class Texters:
    """`begin`, then attack; `settled` between attacks and `finish` in the end say what is wrong."""

    def __init__(self, smsc: Smsc, seed: int) -> None:
        self.smsc = smsc
        self.speaking = threading.Lock()
        """Held by whoever tells the SMSC something, or puts another in its place."""
        self.wrong: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self._sent: dict[str, tuple[str, str]] = {}
        self._answered: set[tuple[int, int]] = set()
        self._is_over, self._is_still = False, threading.Event()
        self._seed = seed
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        line = Line.objects.create(slug="measured", name="Measured", languages=["en"])
        for purpose in LineKey.Purpose.values:
            LineKey.objects.create(
                line=line, purpose=purpose, public_key=sealing.public_key_of(sealing.generate_seed())
            )
        options = self.smsc.options(binds=2, quiet=2)
        carrier = Carrier(name="smsc", line=line, channel=Channel.SMS, kind=Carrier.Kind.SMPP, options=options)
        carriers.set_carrier(carrier, PASSWORD)
        for work in (self._text, self._answer):
            self._threads.append(threading.Thread(target=self._run, args=[work], daemon=True))
            self._threads[-1].start()

    def _run(self, work: Callable[[random.Random, int], None]) -> None:
        chance, number = random.Random(f"{self._seed} {work.__name__}"), 0
        while not self._is_over:
            if self._is_still.is_set():
                time.sleep(0.05)
                continue
            number += 1
            try:
                work(chance, number)
            except Exception:
                self.wrong["a thread that failed"] += 1
                raise

    def _text(self, chance: random.Random, number: int) -> None:
        time.sleep(chance.random() * TEXT_SECONDS)
        phone, name = f"+64210{chance.randrange(PHONES):05}", f"t{number}"
        text = f"{number} {LONG if number % 7 == 1 else 'Kia ora'}"
        with self.speaking:
            self._sent[name] = phone, text.rstrip()
            self.smsc.deliver(text.rstrip(), id=name, sender=phone, reference=number % 256, is_named=number % 3 != 0)

    def _answer(self, chance: random.Random, number: int) -> None:
        """As the site would: whatever was answered was committed; what was not is said again."""
        time.sleep(chance.random() * ANSWER_SECONDS)
        codes = _until_done(lambda: list(Conversation.objects.values_list("pk", flat=True)))
        if codes:
            conversation = _until_done(lambda: Conversation.objects.get(pk=chance.choice(codes)))
            seq = _until_done(lambda: outbound.tell(conversation, f"{number} We are here."))
            self._answered.add((conversation.pk, seq))

    def let_claims_run_out(self) -> None:
        """Of a worker that is dead: as if two minutes had passed."""
        claimed = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__isnull=False)
        _until_done(lambda: claimed.update(claimed_at=F("claimed_at") - CLAIM_LASTS - timedelta(seconds=1)))

    def wait_for_work(self, seconds: float) -> None:
        """Until something has gone each way since it was asked: who is killed then is killed in the middle of it."""
        deadline, before = time.monotonic() + seconds, self._carried()
        while not all(now > then for now, then in zip(self._carried(), before, strict=True)):
            if time.monotonic() > deadline:
                self.wrong["nothing went any more"] += 1
                return
            time.sleep(0.05)

    def _carried(self) -> tuple[int, int]:
        journal = self._journal_text()
        return journal.count('{"submitted"'), journal.count('{"acknowledged"')

    # What has to hold

    def settled(self) -> None:
        """Everybody falls silent: all that was sent arrives, once."""
        self._is_still.set()
        self._drain()
        self._judge()
        self._is_still.clear()

    def finish(self) -> None:
        self.hush()
        self._drain()
        self._judge()

    def hush(self) -> None:
        """Nobody begins anything more."""
        self._is_over = True
        for thread in self._threads:
            thread.join()

    def _drain(self) -> None:
        """Until all has arrived, or nothing more does. Pauses after a refusal, too, are made to pass at once."""
        states = Delivery.State
        unsent = Delivery.objects.filter(state__in=[states.PENDING, states.SENDING])
        deadline, least = 0.0, 0
        while True:
            _until_done(lambda: Delivery.objects.filter(state=states.PENDING).update(next_at=timezone.now()))
            left = len(self._undelivered()) + _until_done(unsent.count)
            if not left:
                return
            if not deadline or left < least:
                deadline, least = time.monotonic() + DRAIN_SECONDS, left
            if time.monotonic() > deadline:
                return
            time.sleep(0.2)

    def _undelivered(self) -> set[str]:
        """What the SMSC has still to deliver: texts, parts of them, and receipts."""
        left: set[str] = set()
        for line in self._journal():
            if item := line.get("to_deliver"):
                left.add(str(item["id"]))
            left.discard(str(line.get("acknowledged")))
        return left

    def _judge(self) -> None:
        self.wrong = Counter({kind: count for kind, count in self.wrong.items() if kind in LASTING})
        self._judge_arrived()
        self._judge_sent()

    def _judge_arrived(self) -> None:
        given = {str(line["to_deliver"]["id"]).partition("/")[0] for line in self._journal() if "to_deliver" in line}
        expected = Counter(sent for name, sent in self._sent.items() if name in given)
        kept = Counter(_until_done(lambda: list(_kept())))
        self.done["from people"], self.done["in parts from people"] = (
            expected.total(),
            sum(LONG.rstrip() in text for _, text in expected),
        )
        self.wrong["lost to us"] = (expected - kept).total()
        self.wrong["doubled to us"] = (kept - expected).total()

    def _judge_sent(self) -> None:
        deliveries = _until_done(lambda: list(Delivery.objects.all()))
        references = Counter(line["reference"] for line in self._journal() if "submitted" in line)
        there = {(delivery.conversation_id or 0, delivery.seq) for delivery in deliveries}
        self.done["to people"] = len(deliveries)
        self.done["to people, handed over again under the same reference"] = sum(
            count - 1 for count in references.values()
        )
        self.wrong["lost to people"] = len(self._answered - there) + sum(
            delivery.pk % REFERENCES not in references for delivery in deliveries
        )
        self.wrong["doubled to people"] = len(deliveries) - len(there)
        self._judge_reported(deliveries)

    def _judge_reported(self, deliveries: list[Delivery]) -> None:
        """A carrier that is killed between taking a text and writing down its receipt never sends one."""
        receipts = {str(line["to_deliver"]["id"]) for line in self._journal() if "to_deliver" in line}
        states = Delivery.State
        silent = [each for each in deliveries if each.state == states.SENT]
        self.done["to people, of which the carrier never said more"] = sum(
            not any(f"r{name}" in receipts for name in each.provider_ids) for each in silent
        )
        self.wrong["never delivered"] = sum(each.state not in {states.SENT, states.DELIVERED} for each in deliveries)
        self.wrong["delivered, but not known to be"] = sum(
            any(f"r{name}" in receipts for name in each.provider_ids) for each in silent
        )

    def _journal_text(self) -> str:
        journal = self.smsc.journal
        return journal.read_text() if journal and journal.exists() else ""  # it begins with the first text

    def _journal(self) -> Iterator[dict[str, Any]]:
        for line in self._journal_text().split("\n")[:-1]:
            with suppress(json.JSONDecodeError):  # cut off by a kill, and the next one written behind it
                yield json.loads(line)


def _kept() -> Iterator[tuple[str, str]]:
    """Number and words of everything that people have said, opened as the gateway can."""
    for conversation in Conversation.objects.select_related("address").iterator():
        address = gateway.open_address(bytes(conversation.address.sealed), code=conversation.code)
        seed = gateway.open_seed(conversation)
        place = {"code": conversation.code, "author": Author.HELP_SEEKER}
        keys = {
            key.key_id: sealing.open_sender_key(seed, bytes(key.sealed), key_id=key.key_id, **place)
            for key in conversation.sender_keys.filter(author=Author.HELP_SEEKER)
        }
        for said in conversation.messages.filter(author=Author.HELP_SEEKER):
            text = sealing.open_message(keys[said.key_id], bytes(said.sealed), client_id=said.client_id, **place)
            yield address, text


def _until_done(work: Callable[[], Result]) -> Result:
    """A database that is away is asked again."""
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.05)
