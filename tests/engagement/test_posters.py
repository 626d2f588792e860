"""Orders of posters: the address is there until they are in the post, and for sixty days at most."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from helpline.accounts.models import AuditEvent, User
from helpline.engagement import posters
from helpline.engagement.models import PosterOrder
from helpline.engagement.posters import AlreadySent, Item
from helpline.engagement.queries import OrderUnknown, get_order_for, orders_for
from helpline.lines.models import Line
from helpline.vault import tombstones
from helpline.vault.keystore import KeyStore

pytestmark = pytest.mark.django_db
ADDRESS = "Te Whare Āwhina, 1 Some Street, Ahuriri 4110"


@pytest.fixture
def asked(line: Line, key_store: KeyStore) -> PosterOrder:
    return posters.order(line, f"  {ADDRESS}\n", [Item("f4k", "a4", "en", 3)])


def test_who_packs_reads_the_address_and_is_accounted_for(asked: PosterOrder, mira: User) -> None:
    found = get_order_for(mira, asked.code)
    assert posters.read_address(mira, found) == ADDRESS
    event = AuditEvent.objects.get(kind="order_read")
    assert (event.actor, event.line, event.detail) == (mira, "safe-to-talk", "")


def test_nobody_else_finds_an_order(asked: PosterOrder, asha: User, sunita: User) -> None:
    for user in (asha, sunita):
        assert not orders_for(user).exists()
        with pytest.raises(OrderUnknown):
            get_order_for(user, asked.code)


def test_once_sent_the_address_is_gone_and_it_is_not_sent_twice(asked: PosterOrder, mira: User) -> None:
    posters.send_order(mira, asked)
    asked.refresh_from_db()
    assert (asked.sealed, asked.sent_on) == (None, timezone.localdate())
    assert posters.read_address(mira, asked) == ""
    with pytest.raises(AlreadySent):
        posters.send_order(mira, asked)
    assert AuditEvent.objects.filter(kind="posters_sent").count() == 1


def test_with_another_key_it_opens_no_more(asked: PosterOrder, mira: User, key_store: KeyStore) -> None:
    key_store.destroy("orders")
    assert posters.read_address(mira, asked) == ""


def test_after_sixty_days_it_goes_sent_or_not(asked: PosterOrder, line: Line, mira: User) -> None:
    sent = posters.order(line, ADDRESS, [Item("f4k", "a4", "en", 1)])
    posters.send_order(mira, sent)
    day = asked.ordered_on
    assert posters.end_orders(day + dt.timedelta(days=59)) == 0
    assert posters.end_orders(day + dt.timedelta(days=60)) == 2
    assert not PosterOrder.objects.exists()


def test_the_retention_run_does_it(asked: PosterOrder) -> None:
    PosterOrder.objects.update(ordered_on=asked.ordered_on - dt.timedelta(days=60))
    call_command("erase_due")
    assert not PosterOrder.objects.exists()


def test_an_old_backup_does_not_bring_an_address_back(asked: PosterOrder, line: Line, mira: User) -> None:
    other = posters.order(line, ADDRESS, [Item("f4k", "a4", "en", 1)])
    before = bytes(asked.sealed or b"")
    posters.send_order(mira, asked)
    tombstones.write_out()
    PosterOrder.objects.filter(pk=asked.pk).update(sealed=before, sent_on=None)  # as the backup had it
    posters.settle_restored()
    assert list(PosterOrder.objects.all()) == [other]


def test_an_order_is_of_something_and_of_no_more_than_a_parcel(line: Line) -> None:
    with pytest.raises(ValueError, match="At least one"):
        posters.order(line, ADDRESS, [])
    for count in (0, -1, posters.MOST_OF_ONE + 1):
        with pytest.raises(ValueError, match="From 1"):
            Item("f4k", "a4", "en", count)
