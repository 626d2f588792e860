"""Postfix and Dovecot start out of their packages, whoever runs the tests, and do what mail servers do."""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.dovecot import Dovecot, dovecot
from tests.peers.postfix import Postfix
from tests.peers.unpacked import need_peers, wait_until

__all__ = ["dovecot"]

need_peers()
MAIL = b"From: wiremu@person.example\r\nTo: aroha@person.example\r\nSubject: Hui\r\n\r\nApopo.\r\n"


@pytest.fixture
def postfix(tmp_path: Path) -> Iterator[Postfix]:
    server = Postfix(tmp_path)
    server.start()
    yield server
    server.stop()


def test_postfix_delivers_and_bounces(postfix: Postfix) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail("wiremu@person.example", ["aroha@person.example"], MAIL)
        wait_until(lambda: len(postfix.mails_of("aroha")) == 1)
        client.sendmail("wiremu@person.example", ["nobody@person.example"], MAIL)
        wait_until(lambda: len(postfix.mails_of("wiremu")) == 1)
    [bounce] = postfix.mails_of("wiremu")
    assert bounce.get_content_type() == "multipart/report"


def test_dovecot_keeps_a_mailbox(dovecot: Dovecot) -> None:
    dovecot.put(MAIL)
    assert dovecot.kept() == 1
