"""What reaches a log, and in which form."""

import logging
import re

import pytest

from helpline.settings import LOGGING
from helpline.web.logs import Bare, Line

SECRET = "turquoise giraffe"


def written(record: logging.LogRecord) -> str:
    assert Bare().filter(record)
    given = LOGGING["formatters"]
    assert isinstance(given, dict)
    return Line(given["line"]["fmt"], style="{").format(record)


def fail() -> None:
    raise ValueError(SECRET)


def test_an_error_is_logged_as_its_kind_and_place() -> None:
    try:
        fail()
    except ValueError as error:
        found = (type(error), error, error.__traceback__)
    line = written(logging.LogRecord("helpline", logging.ERROR, "", 0, "failed for %s", (SECRET,), found))
    assert "ValueError at " in line
    assert "test_logs.py" in line
    assert SECRET not in line


@pytest.mark.parametrize("name", ["django.request", "django.security.DisallowedHost", "django.db.backends"])
def test_what_django_says_is_not_repeated(name: str) -> None:
    assert SECRET not in written(logging.LogRecord(name, logging.WARNING, "", 0, "path %s", (SECRET,), None))


def test_a_record_is_one_line_with_the_time_in_utc() -> None:
    record = logging.LogRecord("helpline", logging.WARNING, "", 0, "first\r\n2026-01-01T00:00:00Z second", (), None)
    record.created = 0
    assert written(record) == "1970-01-01T00:00:00Z WARNING helpline first 2026-01-01T00:00:00Z second"
    assert not re.search(r"[\r\n]", written(record))
