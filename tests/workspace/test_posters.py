"""The page of those who pack posters."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.content.posters.visits import Place
from helpline.engagement import posters
from helpline.engagement.models import PosterOrder
from helpline.engagement.posters import Item
from helpline.lines.models import Line

pytestmark = pytest.mark.django_db
ADDRESS = "Te Whare Āwhina\n1 Some Street\nAhuriri 4110"
At = Callable[..., str]


@pytest.fixture
def at(client: Client) -> At:
    """A page as somebody sees it."""

    def at(user: User, path: str, status: int = 200, *, is_post: bool = False) -> str:
        client.force_login(user)
        send = client.post if is_post else client.get
        answer = send(f"/posters/{path}", headers={"host": "127.0.0.1"})
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()

    return at


@pytest.fixture
def asked(line: Line) -> PosterOrder:
    return posters.order(line, ADDRESS, [Item("f4k", "a4", "en", 3), Item("m2t", "card", "mi", 50)])


def test_an_order_is_opened_packed_and_forgotten(at: At, asked: PosterOrder, mira: User) -> None:
    page = at(mira, "")
    assert "53 pieces, ordered on" in page
    assert "Ahuriri" not in page
    page = at(mira, f"{asked.code}/")
    assert "Te Whare Āwhina<br>1 Some Street<br>Ahuriri 4110" in page
    assert "You can talk to someone.</span> (English)" in page
    assert '<span lang="mi">Ka pā hoki ki ngā tāne.</span>' in page
    at(mira, f"{asked.code}/sent", 302, is_post=True)
    page = at(mira, f"{asked.code}/")
    assert "The address is erased." in page
    assert "Ahuriri" not in page
    assert "53 pieces, sent on" in at(mira, "")
    assert "A colleague has sent it meanwhile." in at(mira, f"{asked.code}/sent", 409, is_post=True)


def test_it_is_for_editors_and_operators(at: At, asked: PosterOrder, asha: User, sunita: User, mira: User) -> None:
    for user in (asha, sunita):
        at(user, "", 403)
        at(user, f"{asked.code}/", 403)
        at(user, f"{asked.code}/sent", 403, is_post=True)
    User.objects.filter(pk=mira.pk).update(role=Role.OPERATOR)
    mira.refresh_from_db()
    assert "Ahuriri" in at(mira, f"{asked.code}/")


def test_an_order_that_is_over_is_said_kindly(at: At, asked: PosterOrder, mira: User) -> None:
    PosterOrder.objects.all().delete()
    assert "This order is not here" in at(mira, f"{asked.code}/", 404)


def test_how_often_posters_were_followed_is_told_by_month_poster_and_region(at: At, line: Line, mira: User) -> None:
    for _ in range(3):
        posters.count_visit(line, Place("f4k", "otago"))
    posters.count_visit(line, Place("zzz", ""))  # a poster that is no more
    page = at(mira, "")
    row = f"<td>{timezone.localdate():%B %Y}</td><td>Safe to talk</td><td>You can talk to someone.</td>"
    assert f"{row}<td>Ōtākou · Otago</td><td>3</td>" in page
    assert "<td>zzz</td><td>–</td><td>1</td>" in page
