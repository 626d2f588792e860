"""The promises about the whole. Each is one test; what breaks a promise names the file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string
from importlinter.cli import lint_imports

from helpline.accounts.models import User
from helpline.content.wagtails_tables import ERASURES
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure
from tests.servers import ROOT

LINES = 400  # a longer file is probably two areas (CONTRIBUTING.md)
PACKAGE = ROOT / "helpline"
WRITTEN = {".py", ".js", ".css", ".html", ".sql", ".ts"}
BUILT = (".bundle.js", ".bundle.css", "squashed_to_0098.py")  # made by `npm run build` and by Django
CODE = "A" * 22  # the same in every run, so that the tests have the same names
PUBLIC, WORKSPACE, PORTAL, CARRIERS = "localhost", "127.0.0.1", "services.localhost", "carriers.localhost"

# Open to everybody behind the staff door: the page that asks who one is, the two steps of signing in, an invitation.
OPEN_STAFF_PAGES = {"/", "/sign-in", "/sign-in/salt", "/sign-in/passkey/ask", "/join/", "/join/look", "/join/take"}
# What a person without JavaScript posts: the one cookie of the public site belongs to their chat.
MAY_SET_A_COOKIE = {"/chat/plain/start"}


def sources(*suffixes: str, under: Path = PACKAGE) -> list[Path]:
    """What people wrote, and nothing that was built."""
    found = (path for path in under.rglob("*") if path.suffix in suffixes and not path.name.endswith(BUILT))
    return sorted(path for path in found if "node_modules" not in path.parts)


def matches(pattern: str, *suffixes: str, flags: int = 0) -> list[str]:
    """Every place in the package that matches, as file:line text."""
    search = re.compile(pattern, flags)
    return [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in sources(*suffixes)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if search.search(line)
    ]


# The shape of the code


def test_no_file_is_longer_than_400_lines() -> None:
    folders = [PACKAGE, ROOT / "tests", ROOT / "benchmarks"]
    lengths = {
        path: len(path.read_text().splitlines()) for folder in folders for path in sources(*WRITTEN, under=folder)
    }
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LINES} == {}


def test_areas_import_only_what_they_may() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_every_area_has_the_same_few_files() -> None:
    elsewhere = {"utils", "helpers", "services", "managers", "constants", "signals", "common", "misc"}
    assert [str(path) for path in sources(".py") if path.stem in elsewhere] == []


def test_nothing_happens_behind_the_back_of_an_action() -> None:
    assert matches(r"django\.(db\.models\.signals|dispatch)|@receiver", ".py") == []


CHANNELS = PACKAGE / "channels"
# The live process, what `helpline carry` runs (docs/adr/0016), and `asgi.py`, which only chooses between two.
MAY_BE_ASYNC = {PACKAGE / "live", CHANNELS / "sms", CHANNELS / "email"}
MAY_BE_ASYNC |= {CHANNELS / f"{name}.py" for name in ("carriers", "carrying", "threads")} | {PACKAGE / "asgi.py"}
MAY_BE_ASYNC.add(PACKAGE / "operations" / "phone" / "post_office.py")  # the demonstration's mail server


def test_async_code_lives_in_two_processes() -> None:
    elsewhere = [path for path in sources(".py") if not MAY_BE_ASYNC & {path, *path.parents}]
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in elsewhere
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    assert found == []


def test_every_dependency_says_why_and_is_pinned_with_its_hash() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    block = project[project.index("\ndependencies = [") : project.index("[project.scripts]")]
    entries = re.findall(r'^    "([A-Za-z0-9-]+)[^"]*",(.*)$', block, re.MULTILINE)
    assert len(entries) > 20
    assert [name for name, comment in entries if not re.match(r" *# \S", comment)] == []
    locked = (ROOT / "requirements" / "dev.txt").read_text()
    for name, _ in entries:
        assert re.search(rf"^{name.lower()}(\[[a-z,-]+\])?==\S+ [^\n]*\\\n +--hash=sha256:", locked, re.MULTILINE), name


def test_locked_dependencies_name_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text()


# Personal data


def all_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("helpline.")]


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_every_model_says_how_it_is_erased(model: type[Model]) -> None:
    erasure = model.__dict__.get("erasure")
    assert isinstance(erasure, Erasure), f"{model.__name__} does not say what it holds and how that ends"
    promised = import_string(erasure.by)
    assert callable(promised) or isinstance(promised, Erasure), f"{erasure.by} erases nothing"


def test_every_table_that_is_not_ours_says_how_it_is_erased() -> None:
    """Tables of other packages would hold personal data that no erasure covers."""
    others = {model._meta.label: model for model in apps.get_models() if not model.__module__.startswith("helpline.")}
    assert others.keys() == ERASURES.keys()
    for label, model in others.items():
        names_staff = any(field.related_model is User for field in model._meta.concrete_fields)
        assert names_staff != (ERASURES[label] is NOTHING_PERSONAL), label
        assert ERASURES[label] is NOTHING_PERSONAL or callable(import_string(ERASURES[label].by))


def test_nothing_is_kept_about_a_request() -> None:
    """One module reads an address, to compare or to count it, and keeps none (tests/web/test_limiter.py)."""
    forbidden = r"REMOTE_ADDR|HTTP_USER_AGENT|X_FORWARDED_FOR|HTTP_REFERER|user.agent|ADDRESS_HEADER"
    found = matches(forbidden, ".py", flags=re.IGNORECASE)
    elsewhere = [each for each in found if not each.startswith("helpline/web/network.py")]
    # The setting is made in one place and checked in another; to a provider of texts we say who we are.
    ours = {"helpline/settings.py", "helpline/operations/checks.py", "helpline/channels/sms/webhooks/asking.py"}
    ours.add("helpline/public/signposts.py")  # robots.txt speaks to machines by that word
    assert {each.partition(":")[0] for each in elsewhere} == ours
    assert all("REMOTE" not in each and "HTTP_" not in each for each in elsewhere)


# What a browser is given


def test_nothing_stays_on_the_device() -> None:
    forbidden = r"localStorage|indexedDB|serviceWorker|\bcaches\b|document\.cookie|pushManager|Notification\("
    assert matches(forbidden, ".js", ".html") == []


def test_nothing_comes_from_or_goes_to_elsewhere() -> None:
    loads = (
        r"""(src|srcset|action|formaction|poster|data|ping)\s*=\s*["']?(https?:)?//|<link[^>]+href=["']?(https?:)?//"""
    )
    assert matches(loads, ".html") == []
    assert matches(r"""@import (?!"\.\.?/)|url\(\s*["']?(https?:)?//""", ".css") == []
    assert matches(r"""["'`](https?|wss?):""", ".js") == []


def test_no_script_or_style_in_a_page() -> None:
    inline = r"""<script(?![^>]*\b(src=|type="application/json"))|<style|\sstyle=|\son[a-z]+\s*=|=["']?javascript:"""
    assert matches(inline, ".html", flags=re.IGNORECASE) == []


def test_no_link_opens_another_tab() -> None:
    """But the menu of the desk, which would forget its keys if it were left."""
    found = matches(r"_blank|window\.open", ".html", ".js")
    assert [each for each in found if not each.startswith("helpline/workspace/templates/workspace/menu.html")] == []


def test_nothing_typed_is_completed_from_memory() -> None:
    fields = [match for match in matches(r"<(textarea|input)\b", ".html") if 'type="hidden"' not in match]
    kept = r'autocomplete="off"|type="(radio|checkbox|submit|button|range)"'
    assert [field for field in fields if not re.search(kept, field)] == []


def test_no_words_for_people_in_scripts() -> None:
    """Scripts take their words from the page, which has them in both languages."""
    shown = r"""(textContent|innerText|innerHTML|placeholder|title|ariaLabel)\s*=\s*["'`][^"'`]*[a-z]{2,} [a-z]"""
    assert matches(shown, ".js") == []


# Words


def test_the_glossary_covers_every_model() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text()
    assert [model.__name__ for model in all_models() if f"`{model.__name__}`" not in glossary] == []


def test_nobody_is_called_a_client_or_a_ticket() -> None:
    avoided = re.compile(r"\b(victim|client|customer|ticket|agent|visitor|case worker)s?\b", re.IGNORECASE)
    shown = {path: re.sub(r"\{[%#].*?[%#]\}|\{\{.*?\}\}|<[^>]*>", " ", path.read_text()) for path in sources(".html")}
    assert [str(path) for path, text in shown.items() if avoided.search(text)] == []


def test_te_reo_is_spelled_with_its_macrons() -> None:
    bare = re.compile(r"\b(Maori|whanau|[Kk]orero|Pakeha|[Mm]anaaki tangata katoa|Tamaki|wahine toa)\b")
    texts = [*sources(".html"), *ROOT.glob("*.md"), *sources(".md", under=ROOT / "docs")]
    assert [str(path.relative_to(ROOT)) for path in texts if bare.search(path.read_text())] == []


def test_every_setting_is_documented_and_none_is_invented() -> None:
    name = re.compile(r"\b(HELPLINE_[A-Z_]+|DATABASE_URL)\b")
    read = {word for path in sources(".py") for word in name.findall(path.read_text())}
    documented = set(name.findall((ROOT / "docs" / "running.md").read_text()))
    assert read == documented


# Every address of both front doors


def addresses(urlconf: str) -> Iterator[str]:
    """Every address, with a code where one belongs."""

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for pattern in patterns:
            here = before + re.sub(r"<[^>]*>", CODE, str(pattern.pattern))
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern):
                yield here

    yield from walk(get_resolver(urlconf).url_patterns, "/")


STAFF_ADDRESSES = sorted(addresses("helpline.workspace.urls"))
PUBLIC_ADDRESSES = sorted(addresses("helpline.public.urls"))
PORTAL_ADDRESSES = sorted(addresses("helpline.portal.urls"))  # who is answered what: tests/matrix/test_portal_door.py

CARRIER_ADDRESSES = sorted(addresses("helpline.channels.sms.webhooks.urls"))  # tests/matrix/test_carriers_door.py


def ask(host: str, method: str, address: str, client: Client | None = None) -> HttpResponse:
    asked = (client or Client(raise_request_exception=False)).generic(method, address, headers={"host": host})
    asked.close()  # a file that was served stays open otherwise
    return asked  # type: ignore[return-value]  # the test client's own subclass


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("address", STAFF_ADDRESSES)
def test_every_staff_page_requires_sign_in(address: str, method: str) -> None:
    if address in OPEN_STAFF_PAGES:
        return
    answer = ask(WORKSPACE, method, address)
    if answer.status_code == 302:  # a page, not the desk's script: to the door
        assert answer.headers["Location"] == "/"
    else:
        assert answer.status_code in {401, 403, 404, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("address", STAFF_ADDRESSES)
def test_staff_pages_do_not_exist_on_the_public_host(address: str, asha: User) -> None:
    client = Client()
    client.force_login(asha)
    if address not in PUBLIC_ADDRESSES:
        assert ask(PUBLIC, "GET", address, client).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_no_public_page_sets_a_cookie(address: str, method: str) -> None:
    if (address, method) not in {(page, "POST") for page in MAY_SET_A_COOKIE}:
        set_now = [name for name, cookie in ask(PUBLIC, method, address).cookies.items() if cookie.value]
        assert set_now == []  # taking a cookie back is welcome


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "address"),
    [(PUBLIC, page) for page in (*PUBLIC_ADDRESSES, "/no-such-page", "/static/none.css")]
    + [(WORKSPACE, page) for page in (*STAFF_ADDRESSES, "/no-such-page", "/static/web/base.css")]
    + [(PORTAL, page) for page in (*PORTAL_ADDRESSES, "/no-such-page", "/static/web/base.css")]
    + [(CARRIERS, page) for page in (*CARRIER_ADDRESSES, "/no-such-page")],
)
def test_every_answer_guards_the_person_who_reads_it(host: str, address: str) -> None:
    headers = ask(host, "GET", address).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert not re.search(r"https?:|\*", policy)
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers
