"""Schemathesis on everything that is described: whatever is sent, the answer is one that the description knows."""

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from helpline.vault.codes import new_code
from helpline.vault.webhooks import basic_header
from tests.attack import description
from tests.attack.conftest import Inside
from tests.attack.inside import AGGREGATOR, SHOWN
from tests.attack.tools import IS_LONG, MINUTES, run
from tests.canary.house import House
from tests.matrix import staff
from tests.matrix.scene import STAFF

pytestmark = pytest.mark.timeout(60 * MINUTES + 60)

EXAMPLES = 30 if IS_LONG else 1  # of each address and kind of nonsense
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def schemathesis(folder: Path, schema: dict[str, Any], url: str, headers: dict[str, str]) -> tuple[int, str]:
    (folder / "described.json").write_text(json.dumps(schema))
    options = ["run", "described.json", "--url", url, "--checks", CHECKS, "--max-examples", str(EXAMPLES), "--no-color"]
    options += ["--phases", "examples,coverage,fuzzing", "--warnings", "off", "--seed", "1"]
    options += [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    done = run("st", *options, folder=folder)
    return done.returncode, done.stdout[-6000:]


def test_the_public_door(house: House, tmp_path: Path) -> None:
    found, told = schemathesis(tmp_path, description.public(), f"http://localhost:{house.ports['site']}", {})
    assert found == 0, told


def test_the_directory_s_own_description(house: House, tmp_path: Path) -> None:
    url = f"http://localhost:{house.ports['site']}/directory/api"
    with urlopen(f"{url}/openapi.json") as described:
        schema = json.load(described)
    found, told = schemathesis(tmp_path, schema, url, {})
    assert found == 0, told


def test_the_staff_door(house: House, inside: Inside, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{house.ports['site']}"
    with urlopen(Request(f"{url}/c/{inside.code}/words.json", headers=inside.headers)) as words:
        assert json.load(words)["code"] == inside.code  # truly inside
    # Signing out would end the attack with its first success.
    entries = {route: entry for route, entry in staff.ENTRIES.items() if "sign-out" not in route}
    schema = description.staff(entries, bodies(inside), [inside.code, inside.colleague, new_code()])
    found, told = schemathesis(tmp_path, schema, url, inside.headers)
    assert found == 0, told


def bodies(inside: Inside) -> dict[str, dict[str, Any]]:
    """An example for each address, as the matrix would send it."""

    class Named:
        code = inside.colleague

    scene: Any = type("Scene", (), {"conversation": Named, "staff": dict.fromkeys(STAFF, Named), "disclosure": ""})
    return {route: entry.body(scene) for route, entry in staff.ENTRIES.items()}


@pytest.mark.parametrize("who", ["the carrier", "nobody"])
def test_the_carriers_door(house: House, inside: Inside, tmp_path: Path, who: str) -> None:
    """What the carrier says of texts of ours; nobody says anything. Texts would begin conversations in this house."""
    own = {"Authorization": basic_header(SHOWN)} if who == "the carrier" else {}
    schema = description.carriers([AGGREGATOR, "unknown"])
    if own:
        schema["paths"] = {path: found for path, found in schema["paths"].items() if path.endswith("/receipt")}
    headers = {"Host": "carriers.localhost", **own}
    found, told = schemathesis(tmp_path, schema, f"http://127.0.0.1:{house.ports['site']}", headers)
    assert found == 0, told


@pytest.mark.parametrize("who", ["help-seeker", "counsellor", "nobody"])
def test_the_live_process(house: House, inside: Inside, tmp_path: Path, who: str) -> None:
    own = {"Authorization": f"Bearer {inside.capability}"}
    headers = {"help-seeker": own, "counsellor": inside.headers, "nobody": {}}[who]
    schema = description.live([inside.code, new_code()])
    found, told = schemathesis(tmp_path, schema, f"http://127.0.0.1:{house.ports['live']}", headers)
    assert found == 0, told


def test_the_control_finds_an_address_that_fails(careless: str, tmp_path: Path) -> None:
    said = description._object({"name": {"type": "string"}}, ["name"])
    operation = description._operation(description.JSON) | {"requestBody": description._body(description.JSON, said)}
    schema = description._description("Careless", {"/say": {"post": operation}})
    found, told = schemathesis(tmp_path, schema, careless, {})
    assert found == 1
    assert "500" in told, told
