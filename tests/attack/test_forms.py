"""sqlmap and wapiti on the running system's forms and addresses: nothing is found, and what is careless is."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from helpline.vault.codes import b64url_encode, new_code
from tests.attack.conftest import Inside
from tests.attack.tools import IS_LONG, MINUTES, run
from tests.canary.house import House
from tests.engagement.consulting import FIRST, WORDS
from tests.people import HelpSeeker

pytestmark = pytest.mark.timeout(60 * MINUTES + 60)

SECONDS = 600 if IS_LONG else 20  # for wapiti at each door
FOUND = "sqlmap identified the following injection point"
NOT_FOUND = "do not appear to be injectable"
# What needs nothing from elsewhere. `csrf` asks for a token in each form: a public form carries a capability instead,
# and behind the staff door tests/matrix asks every address without one. Headers: test_headers.py.
SERVICES = {"Host": "services.localhost"}
MODULES = "crlf,exec,file,permanentxss,redirect,sql,xss"


@dataclass
class Target:
    """One request; a star marks what is tried, else every parameter is."""

    path: str
    data: str = ""
    host: str = "localhost"
    headers: dict[str, str] = field(default_factory=dict)


def sqlmap(folder: Path, url: str, target: Target) -> str:
    options = ["-u", url + target.path, "--batch", "--flush-session", "--output-dir", str(folder / "sqlmap")]
    options += ["--technique", "BEU", "--level", "2" if IS_LONG else "1", "--threads", "4", "--disable-coloring"]
    options += [] if IS_LONG else ["--smart"]  # goes on only where a first look gives hope
    options += ["--ignore-code", "*", "--skip", "page,csrfmiddlewaretoken"] if target.data or "*" in target.path else []
    options += ["--data", target.data] if target.data else []
    for name, value in target.headers.items():
        options += ["-H", f"{name}: {value}"]
    return run("sqlmap", *options, folder=folder).stdout


def wapiti(folder: Path, url: str, seconds: int, *more: str) -> dict[str, list[dict[str, str]]]:
    """What it found, by kind."""
    report = folder / "report.json"
    options = ["-u", url, "--flush-session", "-m", MODULES, "--scope", "domain", "-d", "3", "-f", "json"]
    options += ["-o", str(report), "--no-bugreport", "-v", "0", "--max-scan-time", str(seconds), "--max-attack-time"]
    done = run("wapiti", *options, str(seconds // 4), *more, folder=folder)
    assert report.exists(), done.stdout + done.stderr
    found = json.loads(report.read_text())
    assert found["infos"]["crawled_pages_nbr" if "crawled_pages_nbr" in found["infos"] else "target"]
    return {kind: each for part in ("vulnerabilities", "anomalies") for kind, each in found[part].items() if each}


def of_the_public_door() -> list[Target]:
    person = HelpSeeker()
    secret = f"{person.code}.{b64url_encode(person.secret)}"
    form = f"secret={secret}&page={new_code()}"
    proof = {"code": person.code, "capability": b64url_encode(person.capability)}
    json_ = {"Content-Type": "application/json"}
    return [
        Target("/chat/plain/start", f"{form}&line=safe-to-talk*&language=en&gender=female"),
        Target("/chat/plain/return", f"{form}&words=apron candle*"),
        Target("/find-help/", "words=counselling*&where=Dunedin"),
        Target("/chat/state", json.dumps({**proof, "code": "*"}), headers=json_),
    ]


@pytest.mark.parametrize("number", range(len(of_the_public_door())))
def test_sqlmap_finds_nothing_at_the_public_door(house: House, tmp_path: Path, number: int) -> None:
    told = sqlmap(tmp_path, f"http://localhost:{house.ports['site']}", of_the_public_door()[number])
    assert NOT_FOUND in told, told
    assert FOUND not in told


@pytest.mark.parametrize("name", ["salt", "words"])
def test_sqlmap_finds_nothing_at_the_staff_door(house: House, inside: Inside, tmp_path: Path, name: str) -> None:
    own = {**inside.headers, "Content-Type": "application/json"}
    target = {
        "salt": Target("/sign-in/salt", '{"username": "asha*"}', headers=own),
        "words": Target(f"/c/{inside.code}*/words.json", headers=own),
    }[name]
    told = sqlmap(tmp_path, f"http://127.0.0.1:{house.ports['site']}", target)
    assert NOT_FOUND in told, told
    assert FOUND not in told


def test_sqlmap_finds_nothing_at_the_services_door(house: House, tmp_path: Path) -> None:
    target = Target("/link", "email=aroha@example.org*", headers=SERVICES)
    told = sqlmap(tmp_path, f"http://127.0.0.1:{house.ports['site']}", target)
    assert NOT_FOUND in told, told
    assert FOUND not in told


def test_sqlmap_finds_nothing_in_what_is_said_to_a_draft(house: House, inside: Inside, tmp_path: Path) -> None:
    target = Target(f"/consultations/framework/{FIRST}/", f"do=send&who=everyone&words={WORDS}&text=The wait is long*")
    told = sqlmap(tmp_path, f"http://localhost:{house.ports['site']}", target)
    assert NOT_FOUND in told, told
    assert FOUND not in told


def test_sqlmap_finds_what_is_careless(careless: str, tmp_path: Path) -> None:
    assert FOUND in sqlmap(tmp_path, careless, Target("/find?name=asha"))


def test_wapiti_finds_nothing_at_the_public_door(house: House, tmp_path: Path) -> None:
    assert wapiti(tmp_path, f"http://localhost:{house.ports['site']}/", SECONDS) == {}


def test_wapiti_finds_nothing_at_the_staff_door(house: House, inside: Inside, tmp_path: Path) -> None:
    headers = [part for name, value in inside.headers.items() for part in ("-H", f"{name}: {value}")]
    assert wapiti(tmp_path, f"http://127.0.0.1:{house.ports['site']}/account/", SECONDS, *headers) == {}


def test_wapiti_finds_what_is_careless(careless: str, tmp_path: Path) -> None:
    found = wapiti(tmp_path, f"{careless}/", 60)
    assert {"SQL Injection", "Cross Site Scripting"} & found.keys()
