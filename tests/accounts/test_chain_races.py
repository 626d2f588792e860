"""Several processes write, link and forget at once, each on a connection of its own: one chain, without a gap."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from helpline.accounts.actions import audit, audit_read, forget_in_audit
from helpline.accounts.chain import link_audit, verify_chain
from helpline.accounts.models import AuditEvent, User
from helpline.lines.models import Line
from helpline.vault.codes import new_code

EACH = 15


@pytest.mark.django_db(transaction=True)
def test_all_at_once_make_one_chain(line: Line, asha: User, sunita: User) -> None:
    together = Barrier(4)

    def work(actor: User) -> None:
        together.wait()
        try:
            for _ in range(EACH):
                code = new_code()
                audit(AuditEvent.Kind.JOIN, actor, line=line, conversation_code=code)
                link_audit()
                audit(AuditEvent.Kind.LEAVE, actor, line=line, conversation_code=code)
                forget_in_audit(code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as all_of_them:
        list(all_of_them.map(work, [asha, sunita, asha, sunita]))
    link_audit()
    verdict = verify_chain()
    assert (verdict.faults, verdict.links, verdict.forgotten, verdict.waiting) == ([], 8 * EACH, 8 * EACH, 0)


@pytest.mark.django_db(transaction=True)
def test_reading_in_two_tabs_at_once_is_one_reading(line: Line, asha: User) -> None:
    together, code = Barrier(2), new_code()

    def read(_: int) -> None:
        together.wait()
        try:
            audit_read(AuditEvent.Kind.WORDS_OPENED, asha, line=line, conversation_code=code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        list(both.map(read, range(2)))
    assert AuditEvent.objects.count() == 1
