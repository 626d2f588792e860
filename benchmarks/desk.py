"""How long a counsellor waits for a conversation of 200 messages: click, fetch, keys, words, on the screen.

`python -m benchmarks.desk` prints one JSON object a line. A real Chromium on the real site, on this machine.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.stage import ROOT, database
from helpline.operations.postgres import Postgres
from tests.servers import Site

MESSAGES = 200
REFERENCE_MS = 300  # issue 2: "Opening a conversation of 200 messages in the workspace"
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


def results() -> Iterator[dict[str, object]]:
    """With JavaScript there are two sender keys; without, the help-seeker's every message has one of its own."""
    for name, kind in (("desk_open_200_messages", "script"), ("desk_open_200_messages_no_script", "plain")):
        times = _measured(kind)
        for part in ("newest", "all"):
            first, *rest = [time[part] for time in times]
            yield _result(f"{name}_{part}_first_time", first)
            yield _result(f"{name}_{part}", statistics.median(rest))


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
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
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
    tab.locator("#recent button").wait_for(timeout=SIGN_IN_MS)
    tab.wait_for_timeout(500)  # the page has settled, as it has when a counsellor clicks


def _open_once(tab: Page) -> dict[str, float]:
    milliseconds: dict[str, float] = tab.evaluate(OPENING, MESSAGES)
    tab.get_by_role("button", name="Put away").click()
    return milliseconds


def _result(name: str, value: float) -> dict[str, object]:
    ratio = round(value / REFERENCE_MS, 3)
    return {"name": name, "value": round(value, 1), "unit": "ms", "reference": REFERENCE_MS, "ratio": ratio}


if __name__ == "__main__":
    for result in results():
        print(json.dumps(result), flush=True)
