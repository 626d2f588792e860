"""The static copy in a real browser: what somebody sees who opens the site while nothing of ours answers."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpline.lines.models import Line
from helpline.operations import static_copy
from tests.flows.help_seeker import SMALLEST, assert_accessible, assert_fits
from tests.servers import Site

pytestmark = pytest.mark.flow


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def copy(site: Site, line: Line, tmp_path: Path) -> Iterator[str]:
    """Only files: no process of ours is asked (and `site` sees to the database, as in every story)."""
    line.phone, line.text_number = "0800 000 111", "4000"
    line.save()
    static_copy.write(tmp_path)
    folder = tmp_path / "current" / "localhost"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_reads_like_the_site_and_every_link_of_it_leads_somewhere(
    copy: str, open_device: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    for path, scheme in (("/", "light"), ("/mi/digital-safety/", "dark")):
        tab = open_device(viewport=SMALLEST, color_scheme=scheme).new_page()
        tab.goto(copy + path)
        assert_fits(tab)
        assert_accessible(tab)
    tab.goto(copy)
    picture(tab, "static-copy")
    addresses = tab.locator("a[href^='/']").evaluate_all("links => links.map(link => link.pathname)")
    assert len(set(addresses)) >= 5
    for address in set(addresses):
        answer = tab.goto(copy + address)
        assert answer is not None
        assert answer.ok, address
        expect(tab.get_by_role("link", name="0800 000 111").first).to_be_visible()
