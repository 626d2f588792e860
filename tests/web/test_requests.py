"""What may be asked at either door, how, and what a file that is served says it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.decorators.http import require_POST

from helpline.accounts.models import User
from helpline.lines.models import Line
from tests.servers import ROOT
from tests.test_architecture import PUBLIC, PUBLIC_ADDRESSES, STAFF_ADDRESSES, WORKSPACE, ask

pytestmark = pytest.mark.django_db

SERVED = {".css", ".js", ".svg", ".txt", ".ts"}  # what a browser loads, word lists, licences, types of what was built
NEVER = ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT"]


@pytest.mark.parametrize("method", NEVER)
def test_only_reading_and_posting_is_known(line: Line, asha: User, method: str) -> None:
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(asha)
    answers = {(PUBLIC, page): ask(PUBLIC, method, page) for page in (*PUBLIC_ADDRESSES, "/static/web/base.css")}
    answers |= {(WORKSPACE, page): ask(WORKSPACE, method, page, signed_in) for page in STAFF_ADDRESSES}
    assert {
        where: answer.status_code for where, answer in answers.items() if answer.status_code not in {404, 405}
    } == {}


def test_what_is_sent_as_a_file_is_thrown_away(
    rf: RequestFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django would write three megabytes to the disk as soon as a view looks at the form."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[HttpRequest] = []

    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse(f"{dict(request.POST.items())} {len(request.FILES)}")

    file = SimpleUploadedFile("words.txt", b"x" * 3_000_000)
    answer = view(rf.post("/chat/plain/start", {"text": "Kia ora", "file": file}))
    assert answer.content.decode() == "{'text': 'Kia ora'} 0"
    assert list(tmp_path.iterdir()) == []
    assert seen


def test_a_form_with_a_file_is_answered_like_one_without(client: Client, line: Line) -> None:
    body = {"file": SimpleUploadedFile("words.txt", b"x" * 100_000)}
    for given in (body, {}):
        assert client.post("/chat/plain/start", given, headers={"host": PUBLIC}).status_code == 400


def test_no_folder_is_listed_and_no_source_is_served(client: Client, line: Line) -> None:
    for path in (
        "/static/",
        "/static/web/",
        "/static/web",
        "/static/../settings.py",
        "/.git/config",
        "/pyproject.toml",
    ):
        assert client.get(path, headers={"host": PUBLIC}).status_code == 404, path


def test_only_files_for_a_browser_are_served() -> None:
    found = {name for finder in get_finders() for name, _ in finder.list([])}
    assert {Path(name).suffix for name in found if not name.startswith("wagtail")} <= SERVED


@pytest.mark.django_db(transaction=True)  # whoever closes an answer closes the connection with it
def test_what_the_editors_pages_load_is_at_their_door_alone(client: Client, line: Line) -> None:
    found = [name for finder in get_finders() for name, _ in finder.list([]) if name.startswith("wagtail")]
    answers: dict[str, set[int]] = {}
    for host in (PUBLIC, WORKSPACE, "services.localhost", "carriers.localhost", "phone.localhost", "editing.localhost"):
        for name in found:
            answer = client.get(f"/static/{name}", headers={"host": host})
            answer.close()
            answers.setdefault(host, set()).add(answer.status_code)
    assert answers.pop("editing.localhost") == {200}
    assert set().union(*answers.values()) == {404}


@pytest.mark.django_db(transaction=True)  # whoever closes an answer closes the connection with it
def test_every_file_says_what_it_is_and_how_it_is_spelled(client: Client, line: Line) -> None:
    for path, kind in {
        "/static/web/base.css": "text/css",
        "/static/web/quick-exit.js": "text/javascript",
        "/static/web/blank.svg": "image/svg+xml",
        "/static/vault/words.txt": "text/plain",
        "/": "text/html",
        "/nothing-here/": "text/html",
    }.items():
        answer = client.get(path, headers={"host": PUBLIC})
        answer.close()
        assert answer.headers["Content-Type"].replace('"', "").lower() == f"{kind}; charset=utf-8", path


SECRETS = """from helpline import settings as s
print(s.SECRET_KEY, s.DATABASES['default']['NAME'], s.OIDC_CLIENT_SECRET or '-')"""


def _settings_in(environment: dict[str, str]) -> list[str]:
    bare = {name: value for name, value in os.environ.items() if name not in {"HELPLINE_SECRET_KEY", "DATABASE_URL"}}
    found = subprocess.run(
        [sys.executable, "-c", SECRETS], cwd=ROOT, env=bare | environment, capture_output=True, check=True
    )
    return found.stdout.decode().split()


@pytest.fixture
def credentials(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "secret-key").write_text("sealed-until-started\n")
    (tmp_path / "oidc-client-secret").write_text("sealed-too\n")
    (tmp_path / "database-url").write_text("postgresql:///kept\n")
    return {"CREDENTIALS_DIRECTORY": str(tmp_path)}


def test_secrets_may_be_credentials_of_the_service_manager(credentials: dict[str, str]) -> None:
    assert _settings_in(credentials) == ["sealed-until-started", "kept", "sealed-too"]
    assert _settings_in(credentials | {"HELPLINE_SECRET_KEY": "given"}) == ["given", "kept", "sealed-too"]
    assert _settings_in({}) == ["demonstration-only", "helpline", "-"]
