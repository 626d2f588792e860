"""A directory with a little of everything in it, made from the standard's own example."""

import json
from typing import Any

import pytest

from helpline.directory.hsds import Reading
from helpline.directory.models import Service
from tests.directory.official import EXAMPLES, keep


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / "service_full.json").read_text())
    return found


@pytest.fixture
def service(db: None, document: dict[str, Any]) -> Service:
    reading = Reading()
    reading.read(Service, document)
    keep(reading)
    found: Service = Service.objects.get()
    return found
