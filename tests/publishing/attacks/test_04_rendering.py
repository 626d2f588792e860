"""Attack 4: averaging, of what is rendered. Whoever asks a hundred times learns what they learned the first time."""

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import released
from helpline.publishing.rendering import documents, downloads, pages
from helpline.publishing.rendering.names import Language
from tests.publishing.scene import LAST, publish_months

pytestmark = pytest.mark.django_db
RENDERS = 100
ADDRESS = "/figures/2026-10/region/otago/"


def test_a_hundred_renders_are_the_same_bytes(client: Client, line: Line, sunita: User, mira: User) -> None:
    publish_months(line, (sunita, mira), months=2)
    found = released.month_of(line, LAST)
    source = pages.Source(found.figures, Language.TE_REO, found.months)
    assert len({client.get(ADDRESS, headers={"host": "localhost"}).content for _ in range(RENDERS)}) == 1
    assert len({downloads.csv_of(found.figures, Language.ENGLISH) for _ in range(RENDERS)}) == 1
    assert len({downloads.json_of(found, line.name) for _ in range(RENDERS)}) == 1
    assert len({documents.pdf_of(source, line.name, found) for _ in range(RENDERS)}) == 1
