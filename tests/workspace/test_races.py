"""Two counsellors, one person: each request on a connection of its own, as in the running site."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.routing.models import Presence
from tests.people import offer_to
from tests.workspace.conftest import Desk


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins(
    asha: User, ben: User, desk_of: Callable[[User], Desk], arrive: Callable[..., Conversation]
) -> None:
    for _ in range(3):  # within everybody's capacity
        conversation = arrive()
        offer_to(asha, conversation)
        desks, together = [desk_of(asha), desk_of(ben)], Barrier(2)

        def accept(desk: Desk, code: str = conversation.code, together: Barrier = together) -> int:
            together.wait()
            try:
                return int(desk.post(f"/c/{code}/accept").status_code)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as both:
            answers = sorted(both.map(accept, desks))
        assert answers in ([200, 404], [200, 409])
        conversation.refresh_from_db()
        assert conversation.last_seq == 1  # joined once


@pytest.mark.django_db(transaction=True)
def test_one_hand_free_takes_one_of_two(
    sunita: User, line: Line, desk_of: Callable[[User], Desk], arrive: Callable[..., Conversation]
) -> None:
    """The database allows one open offer a person; a supervisor may also take somebody without one."""
    Presence.objects.update_or_create(user=sunita, defaults={"state": "available", "capacity": 1})
    codes, together = [arrive().code, arrive().code], Barrier(2)

    def accept(code: str) -> int:
        browser = desk_of(sunita)
        together.wait()
        try:
            return int(browser.post(f"/c/{code}/accept").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(accept, codes))
    assert answers == [200, 409]
    assert Conversation.objects.filter(counsellor=sunita).count() == 1
