import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from helpline.operations.postgres import PRIVACY_SETTINGS, Postgres, PostgresUnavailable, remove
from tests.servers import ROOT


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "data")
    server.start()
    yield server
    remove(server)


def ask(server: Postgres, question: str, database: str = "postgres") -> str:
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    return str(row[0]) if row else ""


def test_a_killed_server_starts_again_with_everything_committed(server: Postgres) -> None:
    server.create_database("kept")
    with psycopg.connect(server.url("kept")) as connection:
        connection.execute("CREATE TABLE said AS SELECT 'kia ora' AS words")
    server.kill()
    with pytest.raises(psycopg.OperationalError):
        ask(server, "SELECT 1")
    server.start()
    assert ask(server, "SELECT words FROM said", "kept") == "kia ora"


def test_what_an_earlier_run_left_running_is_taken_over_and_stopped(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "data")
    start = f"from helpline.operations.postgres import *; Postgres(Path({str(server.folder)!r})).start()"
    subprocess.run([sys.executable, "-c", start], check=True, cwd=ROOT)
    left_behind = ask(server, "SELECT pg_postmaster_start_time()")
    server.start()
    assert ask(server, "SELECT pg_postmaster_start_time()") == left_behind
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(server, "SELECT 1")


def test_no_value_reaches_the_log(server: Postgres) -> None:
    """Each of these would be quoted in PostgreSQL's log by default."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE names (name text UNIQUE)")
        for _ in range(2):
            with pytest.raises(psycopg.Error):
                connection.execute("INSERT INTO names VALUES (%s), (%s)", ["canary-name"] * 2)
    log = server.log.read_text()
    assert "duplicate key" in log  # the failure itself is logged
    assert "canary" not in log


def test_settings_that_promises_rest_on(server: Postgres) -> None:
    promised = {**PRIVACY_SETTINGS, "synchronous_commit": "on", "fsync": "on", "listen_addresses": ""}
    assert {name: ask(server, f"SELECT current_setting('{name}')") for name in promised} == promised


def test_a_folder_too_deep_for_a_socket(tmp_path: Path) -> None:
    server = Postgres(tmp_path / ("deep" * 30) / "data")
    server.start()
    try:
        assert ask(server, "SELECT 'here'") == "here"
        socket_folder = Path(ask(server, "SELECT current_setting('unix_socket_directories')"))
    finally:
        remove(server)
    assert not socket_folder.exists()


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PostgresUnavailable, match="Cannot write in"):
        Postgres(tmp_path / "file" / "data").start()


def test_creating_a_database_twice_keeps_it(server: Postgres) -> None:
    server.create_database("kept")
    with psycopg.connect(server.url("kept")) as connection:
        connection.execute("CREATE TABLE said ()")
    server.create_database("kept")
    assert ask(server, "SELECT count(*) FROM said", "kept") == "0"
