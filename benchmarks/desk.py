"""How long a counsellor waits for the desk on a slow line, and for a conversation of 200 messages: click, fetch, keys,
words, on the screen.

A real Chromium on the real site. `python -m benchmarks.desk`: the desk on a slow line alone.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.ground import Ground
from benchmarks.results import Result, beside
from benchmarks.stage import ROOT, database
from helpline.operations.postgres import Postgres
from helpline.vault import totp
from tests.browser import ARGUMENTS, SHELL, WHOLE
from tests.servers import Site

MESSAGES = 200
TARGET_MS = 300
TIMES = 9
PASSPHRASE = "acorn abacus abdomen abide ability"
SIGN_IN_MS = 60_000

# From the click to the frame that shows the messages: the newest, which fill the screen, and all of them.
OPENING = """
async (count) => {
  const start = performance.now();
  document.querySelector("#recent button").click();
  const shown = async (wanted) => {
    const frame = () => new Promise(requestAnimationFrame);
    while (document.querySelectorAll(".message").length < wanted) await frame();
    await new Promise((resolve) => setTimeout(resolve, 0));  // this frame has been drawn
    return performance.now() - start;
  };
  return { newest: await shown(1), all: await shown(count) };
}
"""


# Lighthouse's slow 4G; bytes a second.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
BUILT, WRITTEN = "/static/workspace/desk.bundle.js", "/static/workspace/main.js"
# Until every file of it is there and was read; that a page without a desk is no place for it does not matter here.
FETCHING = """
async (path) => {
  const start = performance.now();
  await import(path).catch(() => null);
  const files = performance.getEntriesByType("resource").filter((each) => each.startTime >= start);
  return { ms: performance.now() - start, files: files.length };
}
"""


def fetching(ground: Ground | None = None) -> Iterator[Result]:
    """The desk's script as it is built, beside the same as its modules: one browser, nothing in its cache."""
    with database() as server, tempfile.TemporaryDirectory() as folder:
        site = Site(_invented(server, "script"), Path(folder) / "site.log")
        site.start()
        try:
            built, written = _fetched(site, BUILT), _fetched(site, WRITTEN)
        finally:
            site.stop()
    yield beside("the desk’s script on slow 4G, beside its modules", built["ms"], "ms", written["ms"])
    yield beside("files of it, beside its modules", built["files"], "files", written["files"])


def _fetched(site: Site, path: str) -> dict[str, float]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
        found = [_fetch_once(chromium, site, path) for _ in range(TIMES)]
        chromium.close()
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def _fetch_once(chromium: Browser, site: Site, path: str) -> dict[str, float]:
    device = chromium.new_context()
    tab = device.new_page()
    tab.goto(f"{site.workspace}/no-such-page/")
    device.new_cdp_session(tab).send("Network.emulateNetworkConditions", SLOW)
    took: dict[str, float] = tab.evaluate(FETCHING, path)
    device.close()
    return took


def opening(ground: Ground) -> Iterator[Result]:
    """On a database and a site of its own."""
    for side, kind in (("", "script"), (" from somebody without JavaScript", "plain")):
        times = _measured(kind)
        for part, shown in (("newest", "the newest on screen"), ("all", "all on screen")):
            middle = statistics.median(time[part] for time in times[1:])  # the first one warms the browser up
            yield beside(f"opening {MESSAGES} messages{side}: {shown}", middle, "ms", TARGET_MS)
        yield beside(f"opening {MESSAGES} messages{side}: the first time", times[0]["all"], "ms", TARGET_MS)


def _measured(kind: str) -> list[dict[str, float]]:
    with database() as server, tempfile.TemporaryDirectory() as folder:
        url = _invented(server, kind)
        site = Site(url, Path(folder) / "site.log")
        site.start()
        try:
            return _opened(site)
        finally:
            site.stop()


def _invented(server: Postgres, kind: str) -> str:
    url = server.url()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.desk_cast", PASSPHRASE, str(MESSAGES), kind],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "helpline.settings"},
        check=True,
    )
    return url


def _opened(site: Site) -> list[dict[str, float]]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=WHOLE, args=ARGUMENTS)
        tab = chromium.new_page(viewport={"width": 1440, "height": 900})
        _sign_in(tab, site)
        times = [_open_once(tab) for _ in range(TIMES + 1)]
        chromium.close()
    return times


def _sign_in(tab: Page, site: Site) -> None:
    tab.goto(site.workspace)
    tab.get_by_label("Name").fill("measured")
    tab.get_by_label("Passphrase").fill(PASSPHRASE)
    tab.keyboard.press("Enter")
    tab.get_by_role("textbox", name="Code").fill(totp.code_at(bytes(totp.SECRET_BYTES), totp.step_at(time.time())))
    tab.keyboard.press("Enter")
    tab.locator("#recent button").wait_for(timeout=SIGN_IN_MS)
    tab.wait_for_timeout(500)  # the page has settled, as it has when a counsellor clicks


def _open_once(tab: Page) -> dict[str, float]:
    milliseconds: dict[str, float] = tab.evaluate(OPENING, MESSAGES)
    tab.get_by_role("button", name="Put away").click()
    return milliseconds


if __name__ == "__main__":
    for result in fetching():
        print(result)
