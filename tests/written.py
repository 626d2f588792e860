"""What takes seconds to make, and that a module's tests have together: the demonstration's written pages above all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from helpline.content.demonstration import load
from helpline.lines.models import Channel, Line


@contextmanager
def together(django_db_blocker: Any) -> Iterator[None]:
    """For a fixture of a module: what it makes is in a transaction around those of the tests, undone after the last
    one. What a test changes the next one does not find. Not for tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def written_line(django_db_setup: None, django_db_blocker: Any) -> Iterator[Line]:
    """The line of the written pages, of which nobody is yet."""
    with together(django_db_blocker):
        line = Line.objects.create(
            slug="safe-to-talk", name="Safe to talk", languages=["en", "mi"], channels=[Channel.WEBCHAT]
        )
        load(line)
        yield line
