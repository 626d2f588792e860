"""Mail from end to end: a real Postfix and a real Dovecot, `helpline carry` as it runs, the database between them."""

import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from helpline.accounts.models import User
from helpline.channels.models import Delivery
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Line
from tests.channels.email.mailing import AROHA, LINE, WIREMU, a_mail, mailbox
from tests.channels.texting import reply, words_of
from tests.peers.dovecot import NAME, PASSPHRASE, Dovecot, dovecot
from tests.peers.postfix import Postfix
from tests.peers.unpacked import need_peers, wait_until
from tests.people import take
from tests.servers import Carry, free_port

__all__ = ["dovecot"]

need_peers()
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lmtp_port() -> int:
    return free_port()


@pytest.fixture
def postfix(tmp_path: Path, lmtp_port: int) -> Iterator[Postfix]:
    """As docs/channels.md has it for operators, and mailboxes of Aroha and Wiremu beside."""
    server = Postfix(
        tmp_path / "postfix",
        {
            "relay_domains": "line.example",
            "relay_transport": f"lmtp:inet:127.0.0.1:{lmtp_port}",
            "relay_recipient_maps": f"inline:{{ {{ {LINE} = yes }} }}",
            "recipient_delimiter": "+",
            "lmtp_destination_recipient_limit": "1",
        },
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailed(line: Line, postfix: Postfix, lmtp_port: int, carry: Carry) -> Carry:
    """The line has its mail by way of Postfix, both ways, and `helpline carry` runs."""
    mailbox(line, "lmtp", port=lmtp_port)
    mailbox(line, "smtp", port=postfix.port)
    carry.start()
    wait_until(lambda: _listens(lmtp_port))
    return carry


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def post(postfix: Postfix, mail: bytes, of: str = AROHA, to: str = LINE) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail(of, [to], mail)


def the_answer(postfix: Postfix, person: str, number: int = 1) -> EmailMessage:
    wait_until(lambda: len(postfix.mails_of(person)) >= number)
    return postfix.mails_of(person)[number - 1]


def said() -> list[str]:
    return [
        text
        for conversation in Conversation.objects.order_by("pk")
        for author, text in words_of(conversation)
        if author == Author.HELP_SEEKER
    ]


def test_a_mail_is_answered_and_what_is_answered_to_that_joins_it(
    postfix: Postfix, mailed: Carry, lmtp_port: int, asha: User
) -> None:
    post(postfix, a_mail("Is anybody there?"))
    first = the_answer(postfix, "aroha")
    assert first["Auto-Submitted"] == "auto-replied"
    conversation = Conversation.objects.get()
    take(asha, conversation)
    reply(conversation, asha, "Tēnā koe, I am here.")
    answer = next(mail for mail in _all_of(postfix, "aroha", 2) if "Auto-Submitted" not in mail)
    assert answer.get_content().strip() == "Tēnā koe, I am here."
    post(postfix, a_mail("Good.", to=str(answer["Reply-To"])), to=str(answer["Reply-To"]))
    wait_until(lambda: said() == ["Is anybody there?", "Good."])
    wait_until(lambda: not Delivery.objects.exclude(state="sent").exists())
    assert not Delivery.objects.exclude(sealed=None).exists()
    _refuses_others(lmtp_port)
    log = mailed.log.read_text()
    assert "aroha" not in log
    assert "Tēnā" not in log


def _all_of(postfix: Postfix, person: str, number: int) -> list[EmailMessage]:
    wait_until(lambda: len(postfix.mails_of(person)) >= number)
    return postfix.mails_of(person)


def _refuses_others(port: int) -> None:
    """Whatever a mail server may have been told wrongly; and of several recipients it is handed one."""
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo("test")
        client.mail(AROHA)
        asked = ["somebody-else@line.example", "kia-ora@other.example", LINE, LINE]
        assert [client.rcpt(each)[0] for each in asked] == [550, 550, 250, 452]


def test_a_reply_that_nobody_can_deliver_comes_back_to_its_message(postfix: Postfix, mailed: Carry, asha: User) -> None:
    """Somebody's mailbox is gone: their provider says so later, by a bounce to the address of that one mail."""
    nobody = "gone@person.example"
    post(postfix, a_mail("Hello", of=nobody), of=nobody)
    wait_until(lambda: Delivery.objects.filter(state="failed").exists())
    conversation = Conversation.objects.get()
    take(asha, conversation)
    reply(conversation, asha)
    wait_until(lambda: Delivery.objects.filter(state="failed", is_automatic=False).exists())
    assert set(Delivery.objects.values_list("reason", flat=True)) == {"undelivered"}
    assert said() == ["Hello"]


def test_while_the_database_is_away_mail_waits_and_then_comes_exactly_once(postfix: Postfix, mailed: Carry) -> None:
    post(postfix, a_mail("Before"))
    wait_until(lambda: said() == ["Before"])
    _let_carry_in(is_in=False)
    try:
        post(postfix, a_mail("Meanwhile", of=WIREMU), of=WIREMU)
        wait_until(lambda: postfix.log.count("said: 451 4.3.0") >= 2)
        assert said() == ["Before"]
    finally:
        _let_carry_in(is_in=True)
    wait_until(lambda: len(said()) == 2)
    wait_until(lambda: postfix.log.count("status=sent (250 2.0.0 Kept)") == 2)
    assert said() == ["Before", "Meanwhile"]


def _let_carry_in(*, is_in: bool) -> None:
    """Not let in, it is as if the database's machine could not be reached; our own connection stays."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(**{**connection.get_connection_params(), "dbname": "postgres"}, autocommit=True) as beside:
        beside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {is_in}')
        beside.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'carry'")


def test_a_hosted_mailbox_is_read_and_emptied(line: Line, postfix: Postfix, dovecot: Dovecot, carry: Carry) -> None:
    """By IMAP in, as soon as it is there, and by SMTP out: what is kept here is no longer kept there."""
    mailbox(line, "imap", secret=PASSPHRASE, port=dovecot.port, username=NAME)
    mailbox(line, "smtp", port=postfix.port)
    dovecot.put(a_mail("From before"))
    dovecot.stop()
    carry.start()
    wait_until(lambda: "The way of the carrier mail-imap is down" in carry.log.read_text())
    dovecot.start()
    wait_until(lambda: said() == ["From before"])
    dovecot.put(a_mail("While it waits for news"))
    wait_until(lambda: said() == ["From before", "While it waits for news"])
    wait_until(lambda: dovecot.kept() == 0)
    answer = the_answer(postfix, "aroha")
    dovecot.put(a_mail("By its thread", of=WIREMU, to=str(answer["Reply-To"])))
    wait_until(lambda: len(said()) == 3)
    assert Conversation.objects.count() == 1
