"""Attack 5, of pages: whoever has the published counts can compute each percentage, so that none tells more.

Its control, true percentages, is in test_05_derived_figures.py.
"""

import re

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing.published import PublishedCount
from tests.publishing.scene import publish_months

pytestmark = pytest.mark.django_db
TABLE = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
ROW = re.compile(r'<td class="count">([\d,]+)</td><td class="share">(\d+)%</td>')
TOTAL = re.compile(r'class="total">.*?<td class="count">([\d,]+)</td>')


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_every_percentage_follows_from_the_counts_beside_it(
    client: Client, line: Line, sunita: User, mira: User
) -> None:
    publish_months(line, (sunita, mira), months=1)
    page = client.get("/figures/2026-10/", headers={"host": "localhost"}).content.decode()
    checked = 0
    for table in TABLE.findall(page):
        if total := TOTAL.search(table):
            for count, share in ROW.findall(table):
                assert f"{100 * number(count) / number(total[1]):.0f}" == share
                checked += 1
    assert checked > 50


def test_no_percentage_can_be_made_of_a_true_count() -> None:
    with pytest.raises(TypeError):
        PublishedCount(7, object())
