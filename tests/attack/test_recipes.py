"""What `docs/running.md` tells operators to put before the system, run word for word: nginx, client certificates, Tor.

Only names, ports and paths are put in place of the documented ones. nginx and Tor come out of Debian's packages without
being installed: neither runs but when this test starts it.
"""

import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import ARGUMENTS, SHELL
from tests.canary.house import House
from tests.flows.without_script import Person
from tests.servers import ROOT, START_SECONDS, free_port

PROXIES = ROOT / "var" / "proxies"
RUNNING = (ROOT / "docs" / "running.md").read_text()
PUBLIC, DESK = "help.example.org", "desk.example.org"
ONION = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion"
VISITOR = "Marked-Visitor/1.0"  # a user agent that must be found nowhere
Said = Mapping[str, str]  # headers
NOTHING: Said = {}
IMPOSTOR: Said = {"X-Certificate": "SUCCESS"}

if not PROXIES.exists() and not os.environ.get("CI"):
    pytest.skip("nginx and Tor are not there: make proxies", allow_module_level=True)


def documented(language: str, holding: str) -> str:
    """The one block of code in the recipe that holds this."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", RUNNING, re.DOTALL | re.MULTILINE)
    [found] = [block for block in blocks if holding in block]
    return str(found)


@dataclass(frozen=True)
class Proxy:
    """A running nginx, as documented, before a house."""

    folder: Path
    tls: int
    plain: int

    @property
    def public(self) -> str:
        return f"https://{PUBLIC}:{self.tls}"

    def ask(self, host: str, path: str, saying: Said = NOTHING, certificate: str = "", body: bytes = b"") -> "Answer":
        context = ssl.create_default_context(cafile=str(self.folder / "helpline.pem"))
        if certificate:
            context.load_cert_chain(self.folder / f"{certificate}.pem", self.folder / f"{certificate}.key")
        with (
            socket.create_connection(("127.0.0.1", self.tls), START_SECONDS) as bare,
            context.wrap_socket(bare, server_hostname=host) as secured,
        ):
            return _ask(secured, host, path, body, saying)

    def ask_in_the_clear(self, path: str) -> "Answer":
        with socket.create_connection(("127.0.0.1", self.plain), START_SECONDS) as bare:
            return _ask(bare, PUBLIC, path)

    def ask_the_onion(self, path: str) -> "Answer":
        with socket.socket(socket.AF_UNIX) as bare:
            bare.settimeout(START_SECONDS)
            bare.connect(str(self.folder / "helpline-onion.sock"))
            return _ask(bare, ONION, path)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


def _ask(connected: socket.socket, host: str, path: str, body: bytes = b"", saying: Said = NOTHING) -> Answer:
    connection = http.client.HTTPConnection(host)
    connection.sock = connected
    agent = {"User-Agent": VISITOR, "Accept-Encoding": "identity"}
    connection.request("POST" if body else "GET", path, body or None, {**agent, **saying})
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read().decode())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """As the recipe says it is told: behind TLS, both headers, and its doors at the recipe's hosts."""
    house = House(
        tmp_path_factory.mktemp("behind-nginx"),
        {
            "HELPLINE_PUBLIC_HOSTS": f"{PUBLIC},{ONION},localhost",
            "HELPLINE_WORKSPACE_HOSTS": f"{DESK},127.0.0.1",
            "HELPLINE_BEHIND_TLS": "yes",
            "HELPLINE_SECRET_KEY": "invented-for-this-test-and-long-enough-to-be-taken-for-one",
            "HELPLINE_ADDRESS_HEADER": "X-Network",
            "HELPLINE_CERTIFICATE_HEADER": "X-Certificate",
        },
    )
    try:
        house.start()
        yield house
    finally:
        house.stop()


def _certificates(folder: Path) -> None:
    """The server's own, which stands in for one that browsers trust, and the staff's by the documented commands."""
    names = f"subjectAltName=DNS:{PUBLIC},DNS:{DESK}"
    own = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=helpline"
    files = ["-keyout", "helpline.key", "-out", "helpline.pem"]
    subprocess.run([*own.split(), "-addext", names, *files], cwd=folder, check=True, capture_output=True)
    commands = documented("sh", "helpline-staff-authority.pem")
    subprocess.run(["sh", "-euc", commands], cwd=folder, check=True, capture_output=True)
    stranger = commands.replace("authority", "stranger-authority").replace("desk", "stranger")
    subprocess.run(["sh", "-euc", stranger], cwd=folder, check=True, capture_output=True)


def _configuration(folder: Path, house: House, proxy: Proxy, ports: Mapping[str, int]) -> str:
    blocks = "\n".join(documented("nginx", holding) for holding in ("access_log off", "listen 80;", "onion.sock"))
    for theirs, ours in (
        ("listen 443", f"listen 127.0.0.1:{proxy.tls}"),
        ("listen 80;", f"listen 127.0.0.1:{proxy.plain};"),
        ("/etc/ssl/", f"{folder}/"),
        ("/run/", f"{folder}/"),
        ("127.0.0.1:8001", f"127.0.0.1:{ports['site']}"),
        ("127.0.0.1:8002", f"127.0.0.1:{ports['live']}"),
        ("/srv/helpline-copy/", f"{house.folder}/static-copy/"),
    ):
        assert theirs in blocks
        blocks = blocks.replace(theirs, ours)
    temporary = "".join(
        f"{kind}_temp_path {folder}/temporary/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    as_root = "user root;\n" if os.geteuid() == 0 else ""
    return f"{as_root}pid {folder}/pid;\nevents {{}}\nhttp {{\n{temporary}{blocks}}}\n"


@pytest.fixture(scope="module")
def proxy(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(house, tmp_path_factory.mktemp("nginx"), house.ports) as running:
        yield running


@pytest.fixture(scope="module")
def alone(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The same with nothing behind it: no process listens where site and live process would."""
    with nginx(house, tmp_path_factory.mktemp("alone"), {"site": free_port(), "live": free_port()}) as running:
        yield running


@contextmanager
def nginx(house: House, folder: Path, ports: Mapping[str, int]) -> Iterator[Proxy]:
    (folder / "temporary").mkdir()
    proxy = Proxy(folder, free_port(), free_port())
    _certificates(folder)
    write_copy(house)
    (folder / "nginx.conf").write_text(_configuration(folder, house, proxy, ports))
    command = [str(PROXIES / "usr/sbin/nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", "stderr"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    running = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        _wait_for(proxy)
        yield proxy
    finally:
        running.terminate()
        running.wait(START_SECONDS)


def write_copy(house: House) -> None:
    """What the operator's timer does."""
    command = [sys.executable, "-m", "helpline", "write_static_copy", str(house.folder / "static-copy")]
    subprocess.run(command, cwd=ROOT, env=house.environment, check=True, capture_output=True)


def _wait_for(proxy: Proxy) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            proxy.ask_in_the_clear("/")
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def test_the_public_pages_come_through_with_their_headers_and_without_the_servers_name(proxy: Proxy) -> None:
    answer = proxy.ask(PUBLIC, "/chat/")
    assert answer.status == 200
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "Referrer-Policy", "X-Content-Type-Options"):
        assert len(answer.headers.get_all(name, [])) == 1, name
    assert not re.search(r"\d", answer.headers.get("Server", ""))
    assert proxy.ask(PUBLIC, "/live/health").status == 200


def test_a_chat_goes_through_it_as_it_is_written_and_its_cookie_stays_with_its_host(proxy: Proxy) -> None:
    """In a real browser without JavaScript: the page is one long answer, which a proxy that gathers would hold back."""
    arguments = [f"--host-resolver-rules=MAP {PUBLIC} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", *ARGUMENTS]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=SHELL, args=arguments)
        device = chromium.new_context(java_script_enabled=False, ignore_https_errors=True)
        person = Person(device, proxy).open()
        person.start()
        assert person.cookies()
        assert all(name.startswith("__Host-") for name in person.cookies())
        chromium.close()


def test_the_staff_door_opens_for_a_certificate_of_the_staff_authority_alone(proxy: Proxy) -> None:
    assert proxy.ask(DESK, "/", certificate="desk").status in {200, 302}
    assert proxy.ask(DESK, "/live/health", certificate="desk").status == 200
    assert proxy.ask(DESK, "/").status == 403
    # Whoever says so themselves is not believed, neither with nor without a certificate of somebody else's.
    assert proxy.ask(DESK, "/", IMPOSTOR).status == 403
    assert proxy.ask(DESK, "/", IMPOSTOR, certificate="stranger").status in {400, 403}


def test_the_public_host_leads_to_no_staff_page_whatever_it_is_told(proxy: Proxy) -> None:
    assert proxy.ask(PUBLIC, "/sign-in", IMPOSTOR).status == 404


def test_in_the_clear_only_the_public_pages_lead_on(proxy: Proxy) -> None:
    answer = proxy.ask_in_the_clear("/about/")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{PUBLIC}/")
    assert [proxy.ask_in_the_clear(path).status for path in ("/chat/start", "/live/health")] == [403, 403]


def test_what_is_too_large_is_refused_before_it_reaches_the_site(proxy: Proxy) -> None:
    assert proxy.ask(PUBLIC, "/chat/start", body=b"x" * 70_000).status == 413


def test_the_onion_has_the_public_pages_and_secure_cookies_and_no_staff_page(proxy: Proxy) -> None:
    answer = proxy.ask_the_onion("/chat/")
    assert answer.status == 200
    assert "Strict-Transport-Security" in answer.headers
    assert all("Secure" in cookie for cookie in answer.headers.get_all("Set-Cookie", []))
    assert proxy.ask_the_onion("/live/health").status == 200
    assert proxy.ask_the_onion("/sign-in").status == 404


def test_when_nothing_answers_the_essential_pages_are_there_with_our_headers(proxy: Proxy, alone: Proxy) -> None:
    guards = ("Content-Security-Policy", "Strict-Transport-Security", "Referrer-Policy", "X-Content-Type-Options")
    for path in ("/", "/digital-safety/", "/mi/about/", "/chat/", "/no-such-page/", "/live/plain"):
        answer = alone.ask(PUBLIC, path)
        assert answer.status == 503, path
        said = (
            "Kāore ētahi wāhanga o tēnei paetukutuku e mahi ana"
            if path.startswith("/mi/")
            else "Parts of this site do not work"
        )
        assert said in answer.body
        assert 'href="tel:111"' in answer.body
        assert "Start a chat" not in answer.body
        assert 'id="exit"' in answer.body
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        living = proxy.ask(PUBLIC, "/about/").headers
        for name in (*guards, "X-Frame-Options", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Cache-Control"):
            assert answer.headers.get_all(name) == living.get_all(name), (path, name)
        for name in ("ETag", "Last-Modified", "Set-Cookie"):
            assert name not in answer.headers
    assert "Your digital safety" in alone.ask(PUBLIC, "/digital-safety/").body
    assert '<html lang="mi"' in alone.ask(PUBLIC, "/mi/about/").body


def test_its_styles_and_scripts_are_taken_by_a_browser_and_what_is_posted_is_tried_again(alone: Proxy) -> None:
    """A style that comes with an error is not used; a script that posts goes on trying at a 503 (webchat/post.js)."""
    style = alone.ask(PUBLIC, "/static/public/site.bundle.css")
    assert (style.status, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    script = alone.ask(PUBLIC, "/static/web/quick-exit.js")
    assert (script.status, script.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert alone.ask(PUBLIC, "/chat/leave", body=b"{}").status == 503
    assert alone.ask(PUBLIC, "/live/health").status == 503


def test_the_copy_is_shown_by_no_address_of_its_own(proxy: Proxy, alone: Proxy) -> None:
    assert proxy.ask(PUBLIC, "/helpline-copy/").status == 404
    assert proxy.ask(PUBLIC, "/helpline-copy/headers.conf").status == 404
    assert "root" not in alone.ask(PUBLIC, "/static/../../../../../../etc/passwd").body[:5]


def test_nothing_of_a_visitor_is_written_down(house: House, proxy: Proxy) -> None:
    """Asked well, asked too much, asked where there is nothing; then every file of nginx's and of the house is read."""
    control = proxy.folder / "control"
    control.write_text(VISITOR)
    proxy.ask(PUBLIC, "/nothing-here/")
    proxy.ask(PUBLIC, "/chat/start", body=b"x" * 70_000)
    proxy.ask_the_onion("/nothing-here/")
    written = [path for folder in (proxy.folder, house.folder) for path in folder.rglob("*") if path.is_file()]
    found = [path.name for path in written if VISITOR.encode() in path.read_bytes()]
    # The house's recording of what passed before it is the test's own: its proxy was not passed here.
    assert found == [control.name]
    assert not list((proxy.folder / "temporary").rglob("*.*"))


def test_tor_takes_the_documented_lines(tmp_path: Path) -> None:
    lines = documented("torrc", "HiddenServiceDir")
    lines = lines.replace("/var/lib/tor/helpline/", f"{tmp_path}/service/").replace("/run/", f"{tmp_path}/")
    (tmp_path / "torrc").write_text(f"DataDirectory {tmp_path}/data\n{lines}")
    libraries = os.pathsep.join(str(path) for path in PROXIES.glob("usr/lib/*-linux-gnu"))
    verify = [str(PROXIES / "usr/bin/tor"), "--verify-config", "-f", str(tmp_path / "torrc")]
    done = subprocess.run(
        verify, env={**os.environ, "LD_LIBRARY_PATH": libraries}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "Configuration was valid" in done.stdout
    warnings = [line for line in done.stdout.splitlines() if "[warn]" in line]
    assert not [line for line in warnings if "running Tor as root" not in line]  # which the tests do in a container
