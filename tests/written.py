"""The demonstration's written pages: loading them takes seconds, so that a module's tests have them together."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from helpline.content.demonstration import load
from helpline.lines.models import Channel, Line


@pytest.fixture(scope="module")
def written_line(django_db_setup: None, django_db_blocker: Any) -> Iterator[Line]:
    """Their line, of which nobody is yet. In a transaction around those of the tests, undone after the last one: what
    a test changes the next one does not find. Not for tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        line = Line.objects.create(
            slug="safe-to-talk", name="Safe to talk", languages=["en", "mi"], channels=[Channel.WEBCHAT]
        )
        load(line)
        yield line
        transaction.set_rollback(True)
