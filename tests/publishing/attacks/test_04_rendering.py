"""Attack 4: averaging, of what is rendered. Whoever asks a hundred times learns what they learned the first time."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.publishing import released
from helpline.publishing.rendering import documents, downloads, pages
from tests.publishing.scene import LAST, publish_months, publish_quarter

pytestmark = pytest.mark.django_db
RENDERS, OF_A_WHOLE_MONTH = 100, 8  # whose tables and pictures take ten times as long to draw, by the same code


def assert_always_the_same(render: Callable[[], bytes | str], times: int) -> None:
    assert len({render() for _ in range(times)}) == 1


def assert_all_the_same(client: Client, found: released.Published, address: str, times: int) -> None:
    source = pages.Source(found.figures, Language.TE_REO, found.months)
    assert_always_the_same(lambda: client.get(address, headers={"host": "localhost"}).content, times)
    assert_always_the_same(lambda: downloads.csv_of(found.figures, Language.ENGLISH), times)
    assert_always_the_same(lambda: downloads.json_of(found, "Safe to talk"), times)
    assert_always_the_same(lambda: documents.pdf_of(source, "Safe to talk", found), times)


def test_a_hundred_renders_are_the_same_bytes(client: Client, line: Line, sunita: User, mira: User) -> None:
    publish_quarter(line, (sunita, mira))
    assert_all_the_same(client, released.quarter_of(line, 2026, 3), "/figures/2026-q3/", RENDERS)


def test_all_that_a_month_has_is_drawn_the_same_again(client: Client, line: Line, sunita: User, mira: User) -> None:
    publish_months(line, (sunita, mira), months=2)
    assert_all_the_same(client, released.month_of(line, LAST), "/figures/2026-10/region/otago/", OF_A_WHOLE_MONTH)


def test_control_a_render_that_knows_the_time_is_found() -> None:
    with pytest.raises(AssertionError):
        assert_always_the_same(lambda: str(time.monotonic_ns()), RENDERS)
