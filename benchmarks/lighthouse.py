"""Every public page of a demonstration that runs (`make demo`), as Lighthouse judges it on its slow phone and slow 4G.

`python -m benchmarks.lighthouse [http://localhost:8000 [/a-page/ …]]`: the pages of its map for search engines, and
those that no map names; or these alone. The worst of each measure comes last.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from benchmarks.results import Result, beside
from benchmarks.stage import ROOT
from tests.browser import SHELL

JUDGE = ROOT / "tests" / "judges" / "judge.mjs"
AT_LEAST = {"performance": (98, "points"), "accessibility": (100, "points"), "practices": (96, "points")}
AT_MOST = {"paint_ms": (1_000, "ms"), "bytes": (40 * 1024, "bytes")}
IN_NO_MAP = ["chat/", "mi/chat/", "summary/"]


def main(house: str, *paths: str) -> None:
    judged: list[Result] = []
    for place in [f"{house}{path}" for path in paths] or addresses(house):
        for result in judgement(place):
            print(result, flush=True)
            judged.append(result)
    for name in (*AT_LEAST, *AT_MOST):
        of_it = [each for each in judged if each.name.endswith(f": {name}")]
        worst = (min if name in AT_LEAST else max)(of_it, key=lambda each: each.value)
        print(beside(f"worst of {len(of_it)}, {worst.name}", worst.value, worst.unit, worst.reference))


def addresses(house: str) -> list[str]:
    """At this house, whatever host the map names."""
    with urllib.request.urlopen(f"{house}/sitemap.xml") as answer:
        tree = ET.fromstring(answer.read())
    found = [each.text or "" for each in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    return [f"{house}/{path}" for path in (*IN_NO_MAP, *(each.split("/", 3)[3] for each in found))]


def judgement(place: str) -> Iterator[Result]:
    command = ["node", str(JUDGE), str(SHELL), "lighthouse", place]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    path = "/" + place.split("/", 3)[3]
    for name, (target, unit) in (AT_LEAST | AT_MOST).items():
        yield beside(f"{path}: {name}", said[name], unit, target)
    if said["lost"]:
        print(f"{path} lost points for {', '.join(said['lost'])}", file=sys.stderr)


if __name__ == "__main__":
    house, *pages = sys.argv[1:] or ["http://localhost:8000"]
    main(house.rstrip("/"), *pages)
