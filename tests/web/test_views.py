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
