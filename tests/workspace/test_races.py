"""Two counsellors, one person: each request on a connection of its own, as in the running site."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from tests.workspace.conftest import Desk


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins(
    asha: User, ben: User, desk_of: Callable[[User], Desk], arrive: Callable[..., Conversation]
) -> None:
    for _ in range(3):  # within everybody's capacity
        conversation = arrive()
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
    asha: User, desk_of: Callable[[User], Desk], arrive: Callable[..., Conversation]
) -> None:
    desk = desk_of(asha)
    desk.post("/presence", {"state": "available", "capacity": 1})
    codes, together = [arrive().code, arrive().code], Barrier(2)

    def accept(code: str) -> int:
        browser = desk_of(asha)
        together.wait()
        try:
            return int(browser.post(f"/c/{code}/accept").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(accept, codes))
    assert answers == [200, 409]
    assert Conversation.objects.filter(counsellor=asha).count() == 1
