"""What is shown when something went wrong."""

import pytest
from django.http import HttpResponse
from django.test import Client

from helpline.lines.models import Line

pytestmark = pytest.mark.django_db

SECRET = "turquoise giraffe"


def failing(*_: object) -> HttpResponse:
    raise ValueError(SECRET)


def test_a_missing_page_is_met_kindly(client: Client, line: Line) -> None:
    response = client.get("/nothing-here/", headers={"host": "localhost"})
    html = response.content.decode()
    assert response.status_code == 404
    assert "You did nothing wrong" in html
    assert "nothing-here" not in html
    assert 'id="exit"' in html


@pytest.mark.parametrize("host", ["localhost", "notes.localhost", "127.0.0.1", "services.localhost", "phone.localhost"])
def test_a_missing_page_of_any_door_says_how_to_reach_a_person(client: Client, line: Line, host: str) -> None:
    line.phone, line.text_number = "0800 000 111", "4000"
    line.save()
    html = client.get("/nothing-here/", headers={"host": host}).content.decode().split("<main", 1)[1]
    for way in ("tel:0800000111", "sms:4000", "tel:111", "tel:1737"):
        assert f'href="{way}"' in html


def test_each_line_has_its_own_numbers_there(client: Client, line: Line) -> None:
    Line.objects.create(slug="quitline", name="Quitline", phone="0800 000 222", hosts=["quitline.localhost"])
    html = client.get("/nothing-here/", headers={"host": "quitline.localhost"}).content.decode()
    assert 'href="tel:0800000222"' in html


def test_a_broken_page_tells_no_detail(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpline.public.views.render", failing)
    client = Client(raise_request_exception=False)
    response = client.get("/about/", headers={"host": "localhost"})
    html = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in html
    assert SECRET not in html
    assert "ValueError" not in html
    assert 'id="exit"' in html
