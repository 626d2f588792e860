"""The live process runs the router: one leads, and another goes on when it ends."""

from collections.abc import Callable

import pytest
from django.db import connection

from helpline.accounts.models import User
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.live.application import Live
from helpline.live.router import LEADER
from helpline.routing.actions import end
from helpline.routing.models import Offer, QueueEntry
from helpline.routing.router import Watch
from tests.live.running import EventStream, Running, wait_until
from tests.people import HelpSeeker

Start = Callable[..., Running]


def leaders() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted", [LEADER])
        return int(cursor.fetchone()[0])


def is_offered(conversation: Conversation) -> bool:
    return Offer.objects.filter(entry__conversation=conversation, state=Offer.State.OPEN).exists()


@pytest.fixture
def routing(start_live: Start) -> Running:
    return start_live(Running(Live(router=Watch)))


def test_somebody_who_arrives_is_offered(routing: Running, waiting: Conversation, on_shift: User) -> None:
    wait_until(lambda: is_offered(waiting))


def test_one_leads_and_another_takes_over(start_live: Start, line: Line, on_shift: User) -> None:
    both = [start_live(Running(Live(router=Watch))) for _ in range(2)]
    wait_until(lambda: leaders() == 1)
    for each in both:
        person = HelpSeeker().start(line)
        wait_until(lambda person=person: is_offered(person))  # type: ignore[misc]  # bound now
        end(person, "help_seeker")
        if each is both[0]:
            each.run(each.live.stop())
    assert leaders() <= 1


def test_a_leader_whose_connection_dies_leads_again(routing: Running, line: Line, on_shift: User) -> None:
    wait_until(lambda: leaders() == 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [LEADER]
        )
    wait_until(lambda: leaders() == 1)
    person = HelpSeeker().start(line)
    wait_until(lambda: is_offered(person))


def test_whose_page_is_open_is_told_to_the_queue(
    live: Running, open_stream: Callable[..., EventStream], waiting: Conversation
) -> None:
    before = QueueEntry.objects.get().seen_at
    open_stream().until("state")
    live.run(live.live.say_who_is_here())
    assert QueueEntry.objects.get().seen_at > before


def test_the_page_of_somebody_with_a_counsellor_is_not_counted(
    live: Running, open_stream: Callable[..., EventStream], waiting: Conversation
) -> None:
    QueueEntry.objects.update(state=QueueEntry.State.HELD)
    before = QueueEntry.objects.get().seen_at
    open_stream().until("state")
    live.run(live.live.say_who_is_here())
    assert QueueEntry.objects.get().seen_at == before
