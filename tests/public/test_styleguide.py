"""The styleguide: the contrast that it shows is the contrast there is, and every component is on it."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from helpline.lines.models import Line
from helpline.public.styleguide import PAIRS, TEXT, by_day, by_night, contrast
from tests.servers import ROOT

HERE = {"host": "localhost"}
STYLES = ROOT / "helpline" / "public" / "static" / "public" / "styleguide.css"
COMPONENTS = [
    *("button", "button large", "button quiet", "button danger", "panel", "panel calm", "panel warm", "panel warning"),
    *("state-now", "ways", "other-lines", "contents", "onwards", "how", "beside", "landscape", "menu", "site-foot"),
    *("choice", "error", "lead", "row", "exit", "name", "mark"),
]


def test_contrast_is_measured_as_the_guidelines_say() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48  # the grey that is just too light
    assert contrast("#0e5b58", "#0e5b58") == 1


def test_every_pair_of_colours_can_be_read_by_day_and_by_night() -> None:
    assert [(pair, pair.light, pair.dark) for pair in PAIRS if min(pair.light, pair.dark) < pair.least] == []
    assert {pair.front for pair in PAIRS if pair.least == TEXT} >= {"ink", "ink-soft", "primary", "danger", "on-exit"}


def test_night_changes_what_day_has_and_adds_nothing() -> None:
    """Or a colour would be there in one scheme only."""
    assert by_day().keys() == by_night().keys()
    assert by_day() != by_night()


@pytest.mark.django_db
def test_every_component_and_every_pair_is_shown(client: Client, line: Line) -> None:
    line.phone, line.email = "0800 044 334", "support@safetotalk.nz"
    line.save()
    page = client.get("/styleguide/", headers=HERE).content.decode()
    classes = re.findall(r'class="([^"]+)"', page)
    for component in COMPONENTS:
        assert any(set(component.split()) <= set(found.split()) for found in classes), component
    for name, pair in ((f"--{pair.front} on --{pair.back}", pair) for pair in PAIRS):
        assert f"{name}</th><td>" in page
        assert f"<td>{pair.light:.1f}</td><td>{pair.dark:.1f}</td>" in page.split(f"{name}</th>")[1].split("</tr>")[0]
    styles = STYLES.read_text()
    for sample in {each for found in classes if "sample" in found.split() for each in found.split()}:
        assert f".{sample} {{" in styles


@pytest.mark.django_db
def test_the_live_service_has_no_styleguide(client: Client, line: Line, settings: Settings) -> None:
    settings.DEMONSTRATION = False
    assert client.get("/styleguide/", headers=HERE).status_code == 404
