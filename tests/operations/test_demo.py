"""The demonstration as a newcomer meets it: a process of its own, in a folder of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from helpline.operations.postgres import Postgres, remove
from tests.browser import SHELL
from tests.servers import ROOT, START_SECONDS, free_port

# Fourteen real Argon2id stretches, a database from nothing and a judge of pages, on two shared cores.
pytestmark = pytest.mark.timeout(600)

# One page of each kind.
JUDGED = [
    "/",
    "/mi/",
    "/helping-someone/",
    "/find-help/",
    "/figures/",
    "/updates/",
    "/posters/",
    "/events/",
    "/events/hui-hastings/register/",
    "/consultations/",
    "/contract/",
    "/shield/",
    "/chat/",
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the package, so that its `var` is its own."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "helpline", folder / "helpline", ignore=shutil.ignore_patterns("__pycache__"))
    yield folder
    server = Postgres(folder / "var" / "postgres")
    server.start()
    remove(server)


def command(port: int) -> list[str]:
    return [sys.executable, "-m", "helpline", "demo", "--port", str(port)]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


@contextmanager
def running(checkout: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    log = checkout / "output"
    with log.open("w") as output:
        demo = subprocess.Popen(command(port), cwd=checkout, env=environment(), text=True, stdout=output, stderr=output)
    try:
        _wait_until_up(demo, port, log)
        yield demo
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(START_SECONDS)


def _wait_until_up(demo: "subprocess.Popen[str]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 10 * START_SECONDS  # all of it, while other tests have the cores
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/live/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def _is_texted_and_mailed(port: int) -> None:
    """On the phone and in the mailbox: both get the line's first reply, through a carrier and a mail server."""
    for page, answer in (("text", "In danger now? Call 111."), ("mail", "Your message has arrived.")):
        address = f"http://127.0.0.1:{port}/kiri/{page}/safe-to-talk/"
        asked = urllib.request.Request(address, b"words=Hello", {"Host": f"phone.localhost:{port}"})
        with pytest.raises(urllib.error.HTTPError, match="302"):
            urllib.request.build_opener(_Stay).open(asked)
        _wait_for(urllib.request.Request(address, headers={"Host": f"phone.localhost:{port}"}), answer)


def _has_no_id_twice(port: int) -> None:
    """On any page that search engines are told of: labels and links inside a page find what they mean."""
    with urllib.request.urlopen(f"http://localhost:{port}/sitemap.xml") as answer:
        paths = re.findall(r"<loc>\w+://[^/]+([^<]*)</loc>", answer.read().decode())
    assert len(paths) > 100
    twice: dict[str, list[str]] = {}
    for path in paths:
        with urllib.request.urlopen(f"http://localhost:{port}{path}") as answer:
            ids = re.findall(r'<[^>]*\sid="([^"]+)"', answer.read().decode())
        if found := sorted({each for each in ids if ids.count(each) > 1}):
            twice[path] = found
    assert twice == {}


def _stands_before_pa11y(port: int) -> None:
    """One page of each kind that the public reads, with what the demonstration has in it (WCAG 2 AA)."""
    addresses = [f"http://localhost:{port}{path}" for path in JUDGED]
    command = ["node", str(ROOT / "tests/judges/judge.mjs"), str(SHELL), "pa11y", *addresses]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = {each["address"]: each["issues"] for each in map(json.loads, done.stdout.splitlines())}
    assert found == {address: [] for address in addresses}


class _Stay(urllib.request.HTTPRedirectHandler):
    """The page afterwards is on a host that only browsers know to be this machine."""

    def redirect_request(self, *_: object) -> None:
        return None


def _wait_for(page: urllib.request.Request, words: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with urllib.request.urlopen(page) as answer:
            if words in answer.read().decode():
                return
        time.sleep(0.1)
    raise AssertionError(f"{page.full_url} never said: {words}")


def refusal(checkout: Path, port: int) -> str:
    done = subprocess.run(command(port), cwd=checkout, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def staff_codes(checkout: Path) -> list[tuple[object, ...]]:
    with psycopg.connect(Postgres(checkout / "var" / "postgres").url()) as connection:
        return connection.execute("SELECT username, code FROM accounts_user ORDER BY username").fetchall()


def test_it_starts_from_nothing_stops_in_order_and_goes_on_where_it_was(checkout: Path) -> None:
    port = free_port()
    with running(checkout, port) as demo:
        printed = (checkout / "output").read_text()
        assert f"http://localhost:{port}/" in printed
        assert f"http://127.0.0.1:{port}/" in printed
        assert "runway apricot kinetic casino starch" in printed
        before = staff_codes(checkout)
        assert len(before) == 14
        for other in ("1737", "healthline", "quitline"):
            assert f"http://{other}.localhost:{port}/" in printed
        assert f"http://phone.localhost:{port}/" in printed
        assert f"http://services.localhost:{port}/ (as aroha@example.org" in printed
        for host in ("localhost", "127.0.0.1", "services.localhost"):
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": f"{host}:{port}"})
            with urllib.request.urlopen(asked) as answer:
                assert answer.status == 200
        beside = psutil.Process(demo.pid).children()
        assert any("carry" in each.cmdline() for each in beside)
        _is_texted_and_mailed(port)
        _has_no_id_twice(port)
        _stands_before_pa11y(port)
    assert demo.returncode == 0
    assert not any(each.is_running() for each in beside)
    assert "Stopped." in (checkout / "output").read_text()
    with pytest.raises(psycopg.OperationalError):
        staff_codes(checkout)
    with running(checkout, port):
        assert staff_codes(checkout) == before


def test_a_second_one_from_the_same_folder_is_refused(checkout: Path) -> None:
    with running(checkout, free_port()):
        assert "running already" in refusal(checkout, free_port())


def test_a_busy_port_is_said_with_the_way_out(checkout: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refusal(checkout, port)
    assert said.endswith(f"Port {port} is in use by another program. Choose another one: make demo PORT={port + 1}")
    assert not (checkout / "var" / "postgres" / "postmaster.pid").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "helpline", tmp_path / "helpline", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "var").write_text("not a folder")
    assert "cannot write there" in refusal(tmp_path, free_port())


def test_a_live_service_is_never_started_as_a_demonstration() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "helpline", "demo"],
        cwd=ROOT,
        env={**environment(), "HELPLINE_DEMONSTRATION": "no", "HELPLINE_SECRET_KEY": "invented"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "public knowledge" in done.stderr
