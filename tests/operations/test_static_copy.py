"""The essential pages as files: what is in them, and that a copy is whole or is not there."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from helpline.lines.models import Line
from helpline.public import copying

pytestmark = pytest.mark.django_db

PAGES = ["", "about/", "confidentiality/", "digital-safety/", "other-lines/"]


@pytest.fixture
def line(line: Line) -> Line:
    line.phone, line.text_number = "0800 000 111", "4000"
    line.save()
    return line


@pytest.fixture
def copy(line: Line, tmp_path: Path) -> Path:
    call_command("write_static_copy", str(tmp_path / "copy"))
    return tmp_path / "copy" / "current"


@pytest.mark.parametrize("language", ["", "mi/"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_has_the_numbers_and_leads_nowhere_else(copy: Path, language: str, page: str) -> None:
    html = (copy / "localhost" / language / page / "index.html").read_text()
    for way in ("tel:0800000111", "sms:4000", "tel:111"):
        assert f'href="{way}"' in html
    assert 'id="exit"' in html
    assert f'<html lang="{"mi" if language else "en"}' in html
    assert "/chat/" not in html
    assert "Start a chat" not in html
    links = set(re.findall(r'<a\b[^>]*href="(/[^"#]*)', html))
    assert links <= {f"/{each}{other}" for each in ("", "mi/") for other in PAGES}
    for asset in re.findall(r'(?:href|src)="/static/([^"]+)"', html):
        assert (copy / "localhost" / "static" / asset).read_bytes() == Path(str(finders.find(asset))).read_bytes()


def test_it_says_what_it_is_and_the_site_itself_does_not(copy: Path, client: Client) -> None:
    assert "Parts of this site do not work just now" in (copy / "localhost" / "about" / "index.html").read_text()
    asked = client.get("/about/", headers={"host": "localhost", "helpline.is_copy": "yes", "helpline-is-copy": "yes"})
    assert "Parts of this site" not in asked.content.decode()


def test_each_line_has_its_own_and_a_neutral_name_neutral_titles(line: Line, tmp_path: Path) -> None:
    Line.objects.create(slug="quitline", name="Quitline", phone="0800 000 222", hosts=["quitline.localhost"])
    call_command("write_static_copy", str(tmp_path))
    other = (tmp_path / "current" / "quitline.localhost" / "index.html").read_text()
    assert "tel:0800000222" in other
    assert "tel:0800000111" not in other.split("</main>")[0].split("other-lines")[0]
    neutral = (tmp_path / "current" / "notes.localhost" / "digital-safety" / "index.html").read_text()
    assert "<title>Page</title>" in neutral


def test_a_copy_that_does_not_become_whole_changes_nothing(
    copy: Path, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later page fails after others are written already."""
    first = copy.resolve()
    monkeypatch.setattr(copying, "PAGES", (*copying.PAGES, "updates:sign-up", "contract-release"))  # the last is a 404
    with pytest.raises(CommandError, match="answers 404"):
        call_command("write_static_copy", str(copy.parent))
    assert copy.resolve() == first
    assert [each.name for each in copy.parent.iterdir() if each.name != "current"] == [first.name]


def test_the_new_one_takes_its_place_and_the_old_one_goes(copy: Path, line: Line) -> None:
    first = copy.resolve()
    line.phone = "0800 000 333"
    line.save()
    call_command("write_static_copy", str(copy.parent))
    assert copy.resolve() != first
    assert not first.exists()
    assert "tel:0800000333" in (copy / "localhost" / "index.html").read_text()


def test_without_a_line_or_a_place_it_says_so(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.PUBLIC_HOSTS = ["localhost"]
    with pytest.raises(CommandError, match="add_line"):
        call_command("write_static_copy", str(tmp_path / "copy"))
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("write_static_copy", str(tmp_path / "file"))
