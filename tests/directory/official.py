"""The standard's own schemas and examples (tests/directory/hsds-3.1, Open Referral, CC BY-SA 4.0)."""

import json
from pathlib import Path
from typing import Any

from helpline.directory.hsds import Reading

OFFICIAL = Path(__file__).parent / "hsds-3.1"
SCHEMAS, EXAMPLES = OFFICIAL / "schema", OFFICIAL / "examples"


def pages_of(name: str) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = json.loads((EXAMPLES / f"{name}.json").read_text())["contents"]
    return contents


def keep(reading: Reading) -> None:
    assert reading.faults == []
    for model, rows in reading.rows.items():
        model.objects.bulk_create(model(id=name, **values) for name, values in rows.items())
