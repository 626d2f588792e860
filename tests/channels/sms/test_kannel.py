"""Somebody behind Kannel: its encoding is read by us, ours by it, and each learns what became of its own."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline.accounts.models import User
from helpline.channels.models import Carrier, Delivery
from helpline.channels.sms.words import FIRST_REPLY
from helpline.conversations.models import Author, Conversation, Message
from tests.channels.texting import reply, words_of
from tests.peers.kannel import kannel
from tests.peers.smsc import smsc
from tests.peers.unpacked import need_peers
from tests.people import take
from tests.servers import Carry
from tests.until import until

need_peers()
pytestmark = pytest.mark.django_db(transaction=True)

ARRIVED = "1"
TEXTS = [
    "Kia ora, is somebody there?",
    "Tēnā koe, kei te mataku ahau",
    "It goes on and on (really) and nobody hears it, not even when I say so at the top of my voice. " * 3,
    "He roa rawa te kōrero nei, ā, kāore anō kia mutu, nō reira ka haere tonu. " * 3 + "\N{KIWIFRUIT}\N{SEEDLING}",
]


def test_kannel_and_we_understand_each_other(
    tmp_path: Path, connect: Callable[..., Carrier], carry: Carry, on_shift: User
) -> None:
    with smsc(is_exchange=True) as exchange, kannel(tmp_path, exchange.port) as phone:
        connect(exchange)
        carry.start()
        for text in TEXTS:
            phone.write(text, to="6428")
        assert phone.next_text() == FIRST_REPLY["en"]
        until(lambda: Message.objects.filter(author=Author.HELP_SEEKER).count() == len(TEXTS))
        conversation = Conversation.objects.get()
        said = Counter(text for author, text in words_of(conversation) if author == Author.HELP_SEEKER)
        assert said == Counter(text.strip() for text in TEXTS)

        take(on_shift, conversation)
        for text in TEXTS:
            reply(conversation, on_shift, text)
        assert [phone.next_text() for _ in TEXTS] == TEXTS
        until(lambda: not Delivery.objects.exclude(state="delivered").exists())
        states: list[str] = []
        while states.count(ARRIVED) < len(TEXTS):  # before it, Kannel says that their network has it
            states.append(phone.next_receipt())
