"""What every test may use: a real PostgreSQL, the named cast, the running site, a real browser, and no network."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import dj_database_url
import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as property_tests
from playwright.sync_api import Browser, BrowserContext, Request, sync_playwright
from whitenoise.middleware import WhiteNoiseMiddleware

from helpline.accounts import factors
from helpline.accounts.actions import create_staff
from helpline.accounts.hashers import SignInSecretHasher
from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation
from helpline.lines.actions import set_opening_hours, staff_line
from helpline.lines.models import Channel, Line
from helpline.operations.postgres import Postgres, remove
from helpline.routing.actions import set_presence
from helpline.routing.models import Presence
from helpline.routing.router import DOMAIN
from helpline.vault import passphrases
from helpline.web import limiter
from tests.browser import ARGUMENTS, SHELL
from tests.emptying import empty_tables
from tests.people import HelpSeeker, Member, app_secret_of, passphrase_of, unlocked
from tests.servers import ROOT, Carry, Site
from tests.template import DATABASE, THROW_AWAY, copy_template, template

pytest_plugins = ["tests.keys_outside", "tests.written"]

FOLDER = ROOT / "var" / "tests"
PSEUDONYMS = {"asha": "Kōwhai", "ben": "Rimu", "sunita": "Rātā", "mira": "Tōtara"}
REAL_KIB = passphrases.MEMORY_KIB
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

LONGEST = tuple(
    f"tests/{each}"
    for each in ("attack/", "canary/", "chaos/", "closure/", "flows/", "matrix/", "operations/test_demo", "peers/")
)

# No test of ours asserts a time, and neither may the library that invents their inputs: a machine may be busy.
property_tests.register_profile("helpline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_tests.load_profile("helpline")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, and short files fill the end; pytest-django would have it the other way."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """The migrations run before the first test begins: on a busy machine they alone take longer than a test may."""
    if session.items and not session.config.option.collectonly and "DATABASE_URL" not in os.environ:
        template()


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """A test that reaches for another machine fails, whatever library does it."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise AssertionError(f"A test tried to reach {address[0]}")
        real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests are of one network; what one has posted must not slow down the next."""
    monkeypatch.setattr(limiter, "_limiter", limiter.Limiter())


# The database


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """The server may have ended our connection in the test before: this one must not begin on what is left of it."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A PostgreSQL of this run's own, or the one that DATABASE_URL names."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    _sweep()
    server = Postgres(FOLDER / str(os.getpid()), THROW_AWAY)
    copy_template(server.folder)
    server.start()
    yield server.url("postgres")
    remove(server)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    settings.DATABASES["default"].update(dj_database_url.parse(database_url))
    if "DATABASE_URL" not in os.environ:
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = DATABASE


def _sweep() -> None:
    """Remove what runs that were killed have left behind."""
    for folder in FOLDER.glob("*[0-9]"):
        if not psutil.pid_exists(int(folder.name)):
            server = Postgres(folder, THROW_AWAY)
            server.start()
            remove(server)


# The cast


@pytest.fixture
def argon2_kib() -> int:
    """Next to nothing, so that making staff is quick, and their signing in (`open_device`).

    The main job is told at the real cost (`flows/test_two_browsers.py`).
    """
    return 64


@pytest.fixture
def hire(
    request: pytest.FixtureRequest, db: None, argon2_kib: int, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., User]:
    """Make a member of staff: hire("asha", Role.COUNSELLOR)."""
    monkeypatch.setattr(passphrases, "MEMORY_KIB", argon2_kib)
    if "site" not in request.fixturenames:  # which would store the secret of whoever signs in anew, with all rounds
        monkeypatch.setattr(SignInSecretHasher, "iterations", 1)

    def make(username: str, role: str = Role.COUNSELLOR) -> User:
        pseudonym = PSEUDONYMS.get(username, "Harakeke")
        user, _ = create_staff(username, username.title(), pseudonym, role, passphrase_of(username))
        factors.set_authenticator(user, app_secret_of(username))
        return user

    return make


@pytest.fixture
def unlock(hire: Callable[..., User]) -> Callable[[User], Member]:
    """What signing in and unlocking gives the browser: the keys of one of the cast."""
    return unlocked


@pytest.fixture
def asha(hire: Callable[..., User]) -> User:
    """A counsellor; on shift in tests that ask for `on_shift`."""
    return hire("asha")


@pytest.fixture
def ben(hire: Callable[..., User]) -> User:
    """A counsellor of the same line, unrelated to asha's conversations."""
    return hire("ben")


@pytest.fixture
def sunita(hire: Callable[..., User]) -> User:
    """The line's supervisor."""
    return hire("sunita", Role.SUPERVISOR)


@pytest.fixture
def mira(hire: Callable[..., User]) -> User:
    """An editor: staff, on no line, and without a key to anybody's words."""
    return hire("mira", Role.EDITOR)


@pytest.fixture
def line(asha: User, ben: User, sunita: User) -> Line:
    """The line that the tests are about; nobody is on shift yet."""
    line = Line.objects.create(
        slug="safe-to-talk", name="Safe to talk", languages=["en", "mi"], channels=[Channel.WEBCHAT]
    )
    staff_line(line, [asha, ben, sunita])
    return line


@pytest.fixture
def closed(line: Line) -> Line:
    """The line, closed until nine o'clock on the day after tomorrow."""
    day = timezone.localtime() + timedelta(days=2)
    set_opening_hours(line, [(day.weekday(), time_of_day(9), time_of_day(10))])
    return line


@pytest.fixture
def on_shift(line: Line, asha: User) -> User:
    """Asha, at her desk and free to answer."""
    set_presence(asha, Presence.State.AVAILABLE)
    return asha


@pytest.fixture
def help_seeker() -> HelpSeeker:
    return HelpSeeker()


@pytest.fixture
def waiting(line: Line, help_seeker: HelpSeeker) -> Conversation:
    """A conversation of `help_seeker` in the queue."""
    return help_seeker.start(line)


# The running site


@pytest.fixture(scope="session")
def _site_process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # Every browser of every test has the same address; they are of no network unless a request names one.
    folder = tmp_path_factory.mktemp("site")
    environment = {"HELPLINE_ADDRESS_HEADER": "X-Network", "HELPLINE_MAIL_FOLDER": str(folder / "mail")}
    environment["HELPLINE_EMBED_HOSTS"] = "partner.localhost:*"  # tests/flows/test_shield.py
    environment["HELPLINE_POSTERS"] = str(folder / "posters")
    site = Site(_url_of_test_database(), folder / "site.log", environment)
    site.start()
    _running.append(site)
    yield site
    _running.remove(site)
    site.stop()


_running: list[Site] = []


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_looked_for_once() -> Iterator[None]:
    """A test's client has middleware of its own, and each would look at every style sheet and script again."""
    look, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def add(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_tables())
        yield


@pytest.fixture(autouse=True)
def _alone_in_the_tables(request: pytest.FixtureRequest) -> None:
    """A test with the database that is not about the running site must not find its router at work there."""
    has_database = request.node.get_closest_marker("django_db") or "db" in request.fixturenames
    if (has_database or "transactional_db" in request.fixturenames) and "site" not in request.fixturenames:
        for site in _running:
            site.stop()


@pytest.fixture
def _router_pauses(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Comes before the database and so ends after the tables were emptied: then the router may go on."""
    yield
    with django_db_blocker.unblock():
        connection.close()  # and its lock with it


@pytest.fixture
def site(_router_pauses: None, transactional_db: None, _site_process: Site) -> Iterator[Site]:
    """The real application in its own process, reading what the test has committed."""
    if _site_process.process is None:
        _site_process.start()
    yield _site_process
    with connection.cursor() as cursor:
        # The router steps each second, and would wait for a table that is being emptied while holding another.
        cursor.execute("SELECT pg_advisory_lock(%s)", [DOMAIN])
    _wait_until_idle()


def _wait_until_idle() -> None:
    """The tables are emptied next: a request still under way and that would wait for each other's locks."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    deadline = time.monotonic() + 5
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            # The router that pauses waits for its turn, and holds nothing meanwhile.
            cursor.execute(f"{others} AND pid <> pg_backend_pid() AND wait_event IS DISTINCT FROM 'advisory'")
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)


@pytest.fixture
def carry(transactional_db: None, tmp_path: Path) -> Iterator[Carry]:
    """`helpline carry`, to be started once the line has its carriers; what it complained of is in its log."""
    process = Carry(_url_of_test_database(), tmp_path / "carry.log")
    yield process
    process.stop()


def _url_of_test_database() -> str:
    found = settings.DATABASES["default"]
    secret = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    port = f":{found['PORT']}" if found["PORT"] else ""
    return f"postgresql://{found['USER']}{secret}@{quote(found['HOST'], safe='')}{port}/{found['NAME']}"


# The browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while it is there, Playwright's event loop runs in the tests' own thread, where tests of
    `live` start their own. The stories have one together.
    """
    with chromium() as own:
        yield own


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's, with no way to any other machine."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django would take Playwright's event loop for a mistake of ours.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = playwright.chromium.launch(
            executable_path=SHELL,
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"]
            + ARGUMENTS,
        )
        yield launched
        launched.close()


def stretch_less(real_kib: int, less_kib: int) -> str:
    """What makes a page stretch passphrases at the cost that the cast's have in this test (`argon2_kib`)."""
    return f"""(() => {{
        const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (message, ...more) {{
            const isOurs = message?.memoryKib === {real_kib};
            return post.call(this, isOurs ? {{ ...message, memoryKib: {less_kib} }} : message, ...more);
        }};
    }})()"""


@pytest.fixture
def open_device(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make somebody's device; a script error or a request to any other host fails the test."""
    devices: list[BrowserContext] = []
    faults: list[str] = []

    def note_request(request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in {*LOOPBACK, None} and not str(host).endswith(".localhost"):
            faults.append(f"A request left the house: {request.url}")

    def make(**options: Any) -> BrowserContext:
        device = browser.new_context(**options)
        if passphrases.MEMORY_KIB != REAL_KIB:
            device.add_init_script(stretch_less(REAL_KIB, passphrases.MEMORY_KIB))
        device.on("request", note_request)
        device.on("weberror", lambda error: faults.append(f"A script failed: {error.error}"))
        devices.append(device)
        return device

    yield make
    for device in devices:
        for tab in device.pages:
            tab.unroute_all(behavior="ignoreErrors")  # a request may be on its way through a test's hands
        device.close()
    assert not faults, "\n".join(faults)
