"""Our own source, read by tools that look for mistakes: nothing is found, and what is planted is."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.attack.tools import MINUTES, run
from tests.servers import ROOT

pytestmark = pytest.mark.timeout(60 * MINUTES + 60)

RULES = ROOT / "tests" / "attack" / "rules.yaml"
# Where SQL is written out of the programme's own names: each such file is named, with its reason, for ruff.
WRITES_SQL = [
    pattern
    for pattern, ignored in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"][
        "per-file-ignores"
    ].items()
    if "S608" in ignored
]
# One careless line for each rule, named as it is.
CARELESS = {
    "address-read-elsewhere": ("py", 'where = request.META.get("REMOTE_ADDR", "")'),
    "word-logged": ("py", 'logger.warning("could not read %s", text)'),
    "word-printed": ("py", "print(text)"),
    "sql-put-together": ("py", "cursor.execute(f\"SELECT 1 FROM t WHERE name = '{name}'\")"),
    "unescaped-html": ("py", "shown = mark_safe(text)"),
    "cross-site-post": ("py", "@csrf_exempt\ndef view(request):\n    return None"),
    "cryptography-elsewhere": ("py", "name = hashlib.sha1(text).hexdigest()"),
    "html-from-a-string": ("js", "element.innerHTML = text;"),
    "word-in-the-console": ("js", "console.log(text);"),
}
MORE_CARELESS = {
    "address-read-elsewhere": [
        'scope["client"][0]',
        'request.headers["User-Agent"]',
        'r.META.get("HTTP_X_FORWARDED_FOR")',
    ],
    "sql-put-together": [
        'cursor.execute("SELECT 1 FROM t WHERE name = {}".format(name))',
        'cursor.execute("SELECT 1 FROM t WHERE name = %s" % name)',
    ],
    "word-logged": ['log.info(f"said {text}")', 'logging.error("said " + text)', 'logger.debug("%s" % text)'],
    "html-from-a-string": ["eval(text);", 'element.insertAdjacentHTML("beforeend", text);'],
}


def semgrep(tmp_path: Path, *targets: Path) -> list[tuple[str, str]]:
    """Each finding as the rule's name and its place."""
    options = [
        "scan",
        "--config",
        str(RULES),
        "--json",
        "--metrics",
        "off",
        "--disable-version-check",
        "--no-git-ignore",
    ]
    done = run("semgrep", *options, "--exclude", "*.bundle.js", *map(str, targets), folder=tmp_path)
    found = json.loads(done.stdout)
    assert found["errors"] == []
    for target in targets:
        assert any(path.startswith(str(target)) for path in found["paths"]["scanned"]), target
    return [
        (each["check_id"].rpartition(".")[2], f"{each['path']}:{each['start']['line']}") for each in found["results"]
    ]


def bandit(tmp_path: Path, target: Path) -> list[str]:
    done = run("bandit", "-q", "-r", "-f", "json", str(target), folder=tmp_path)
    found = json.loads(done.stdout)
    assert found["errors"] == []
    return [f"{each['test_id']} {each['filename']}:{each['line_number']}" for each in found["results"]]


@pytest.fixture(scope="module")
def planted() -> dict[str, str]:
    """Careless files by name."""
    more = {
        f"{name}-{number}.{CARELESS[name][0]}": line
        for name, lines in MORE_CARELESS.items()
        for number, line in enumerate(lines)
    }
    return {f"{name}.{kind}": line for name, (kind, line) in CARELESS.items()} | more


@pytest.fixture(scope="module")
def found(planted: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """In our source and beside it in what is planted: semgrep takes longer to start than to read."""
    folder = tmp_path_factory.mktemp("source")
    (folder / "planted").mkdir()
    for file, line in planted.items():
        (folder / "planted" / file).write_text(f"{line}\n")
    return semgrep(folder, ROOT / "helpline", folder / "planted")


def writes_sql(rule: str, place: str) -> bool:
    """Whether this is SQL out of our own names, in a file that is there for it."""
    file = Path(place.rpartition(":")[0]).relative_to(ROOT)
    return rule in {"B608", "sql-put-together"} and any(file.match(pattern) for pattern in WRITES_SQL)


def test_semgrep_finds_nothing(found: list[tuple[str, str]]) -> None:
    ours = [each for each in found if "/planted/" not in each[1]]
    assert [each for each in ours if not writes_sql(*each)] == []


def test_files_that_may_write_sql_do() -> None:
    assert all(next(ROOT.glob(pattern), None) for pattern in WRITES_SQL)


def test_each_rule_finds_what_it_is_for(found: list[tuple[str, str]], planted: dict[str, str]) -> None:
    in_planted = [(rule, place) for rule, place in found if "/planted/" in place]
    assert {Path(place.rpartition(":")[0]).name for _, place in in_planted} == planted.keys()
    rules = set(re.findall(r"- id: (\S+)", RULES.read_text()))
    assert {rule for rule, _ in in_planted} == rules == CARELESS.keys()


def test_bandit_finds_nothing(tmp_path: Path) -> None:
    found = [each.split(" ", 1) for each in bandit(tmp_path, ROOT / "helpline")]
    assert [each for each in found if not writes_sql(*each)] == []


def test_bandit_finds_what_is_planted(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("import subprocess\nsubprocess.run(text, shell=True)\n")
    assert any(each.startswith("B602") for each in bandit(tmp_path, tmp_path / "planted.py"))
