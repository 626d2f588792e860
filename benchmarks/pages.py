"""Public pages: how many a second, beside nginx serving the same bytes; and a television appearance, while people chat.

`python -m benchmarks.pages`. Needs wrk (Debian's package), and nginx as `make proxies` fetches it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import stage
from benchmarks.ground import desks, run_load, senders
from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, START_SECONDS, Counsellor, Live, free_port
from helpline.operations.postgres import Postgres

NGINX = ROOT / "var" / "proxies" / "usr" / "sbin" / "nginx"
# As docs/running.md starts the site.
SITE = ["granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--workers", "2"]
SITE += ["--blocking-threads", "8", "--backpressure", "64", "--log-level", "warning", "helpline.wsgi:application"]
HEADERS = {"Host": "localhost", "Accept-Encoding": "gzip"}
TARGET_PER_SECOND = 1_500
ROUNDS, ROUND_SECONDS, CONNECTIONS = 3, 8, 32  # they take turns, and the middle counts
COUNSELLORS, EACH = 50, 4  # 200 chats
MESSAGES_PER_SECOND = 50  # each person or counsellor says something every four seconds
BURST_PER_SECOND, BURST_SECONDS, QUIET_SECONDS = 200, 60, 20
VISITED = [
    "/",
    "/about/",
    "/confidentiality/",
    "/",
    "/digital-safety/",
    "/other-lines/",
    "/find-help/",
    "/static/web/base.css",
]


class NotThere(Exception):
    """What is needed to measure."""


def main() -> None:
    for needed in (shutil.which("wrk"), NGINX.exists()):
        if not needed:
            raise NotThere("apt-get install wrk, and make proxies")
    with stage.database({"max_connections": "150"}) as server:
        counsellors = stage.invent(server.url(), COUNSELLORS, EACH)
        with _site(server.url()) as port:
            for result in (*_speeds(port), *_burst(port, server, counsellors)):
                print(result, flush=True)


def _speeds(port: int) -> Iterator[Result]:
    with _nginx(*_page(port)) as nginx:
        rates: dict[int, list[float]] = {port: [], nginx: []}
        for _ in range(ROUNDS):
            for each, found in rates.items():
                found.append(_pages_per_second(each))
    ours, theirs = median(rates[port]), median(rates[nginx])
    yield beside("public pages a second, 2 workers", ours, "/s", TARGET_PER_SECOND)
    yield beside("public pages a second, beside nginx with the same bytes", ours, "/s", theirs)


def _burst(port: int, server: Postgres, counsellors: list[Counsellor]) -> Iterator[Result]:
    """People in 200 chats go on writing while strangers read."""
    with stage.live(server.url()) as live:
        quiet = _chats(QUIET_SECONDS, live, server, counsellors)
        visitors = _visitors(port)
        loud = _chats(BURST_SECONDS, live, server, counsellors)
        seen = json.loads(visitors.communicate()[0])
    wrong = sum(seen["wrong"].values())
    if wrong:
        print(json.dumps(seen["wrong"]), file=sys.stderr)
    served = seen["asked"] - wrong
    yield beside(f"burst of {BURST_PER_SECOND} a second for {BURST_SECONDS} s: pages", served, "pages", seen["asked"])
    yield beside("burst: pages that did not come", wrong, "pages", 1)
    yield beside("burst: a page, p99", seen["p99"], "ms", seen["p50"])
    yield beside("burst: messages of chats that did not come", loud["lost"], "messages", 1)
    yield beside("burst: from send to the other side, p99, beside without it", loud["p99"], "ms", quiet["p99"])


def _chats(seconds: int, live: Live, server: Postgres, counsellors: list[Counsellor]) -> dict[str, float]:
    conversations = [each for counsellor in counsellors for each in counsellor.conversations]
    asked = {
        "shape": "trickle",
        "seconds": seconds,
        "rate": MESSAGES_PER_SECOND,
        "speaking": len(conversations),
        "senders": senders(conversations),
        "streams": desks(counsellors),
    }
    return run_load(asked, live, server).told


def _visitors(port: int) -> "subprocess.Popen[str]":
    visitors = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.visitors"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert visitors.stdin
    asked = {"port": port, "rate": BURST_PER_SECOND, "seconds": BURST_SECONDS, "paths": VISITED}
    visitors.stdin.write(json.dumps(asked) + "\n")
    visitors.stdin.flush()
    return visitors


def _pages_per_second(port: int) -> float:
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ROUND_SECONDS}s", "-H", "Accept-Encoding: gzip"]
    done = subprocess.run(
        [*load, "-H", "Host: localhost", f"http://127.0.0.1:{port}/"], check=True, capture_output=True, text=True
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise NotThere(done.stdout)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])


def _page(port: int) -> tuple[bytes, dict[str, str]]:
    """The home page as it goes over the wire; names of headers in lower case."""
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/", headers=HEADERS)) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@contextmanager
def _site(url: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", *SITE, "--port", str(port)]
    with _running(command, port, {**stage.environment(url), "HELPLINE_PUBLIC_HOSTS": "localhost,127.0.0.1"}):
        yield port


@contextmanager
def _nginx(body: bytes, headers: dict[str, str]) -> Iterator[int]:
    """Two workers that send one file, with the headers that the site sends."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "page").write_bytes(body)
        ours = {
            name: value for name, value in headers.items() if name not in {"content-length", "content-type", "date"}
        }
        added = "".join(f'add_header {name} "{value}";\n' for name, value in ours.items())
        kept = "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"{'user root;' if os.geteuid() == 0 else ''}\nworker_processes 2;\npid {folder}/pid;\nevents {{}}\n"
            f"http {{\n{kept}access_log off;\nserver_tokens off;\netag off;\nsendfile on;\ntcp_nopush on;\n"
            "open_file_cache max=10;\nkeepalive_requests 1000000;\n"
            f"server {{\nlisten 127.0.0.1:{port};\ndefault_type '{headers['content-type']}';\n{added}"
            f"location = / {{ root {folder}; try_files /page =404; }}\n}}\n}}\n"
        )
        command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-p", name, "-e", "stderr", "-g", "daemon off;"]
        with _running(command, port, dict(os.environ)):
            yield port


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    deadline = time.monotonic() + START_SECONDS
    try:
        while True:
            try:
                _page(port)
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                break
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


if __name__ == "__main__":
    main()
