"""Every public page of a demonstration that runs (`make demo`), as Lighthouse judges it on its slow phone and slow 4G.

`python -m benchmarks.lighthouse [http://localhost:8000]`: its pages are those of its map for search engines.
"""

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from benchmarks.results import Result, beside
from benchmarks.stage import ROOT

JUDGE = ROOT / "tests" / "judges" / "judge.mjs"
TARGETS = {"performance": (98, "points"), "accessibility": (100, "points"), "practices": (96, "points")}
TARGETS |= {"paint_ms": (1_000, "ms"), "bytes": (40 * 1024, "bytes")}


def main(house: str) -> None:
    for place in addresses(house):
        for result in judged(place):
            print(result, flush=True)


def addresses(house: str) -> list[str]:
    """At this house, whatever host the map names."""
    with urllib.request.urlopen(f"{house}/sitemap.xml") as answer:
        tree = ET.fromstring(answer.read())
    found = [each.text or "" for each in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    return [f"{house}/{each.split('/', 3)[3]}" for each in found]


def judged(place: str) -> Iterator[Result]:
    command = ["node", str(JUDGE), str(shutil.which("chromium")), "lighthouse", place]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    path = "/" + place.split("/", 3)[3]
    for name, (target, unit) in TARGETS.items():
        yield beside(f"{path}: {name.removesuffix('_ms')}", said[name], unit, target)
    if said["lost"]:
        print(f"{path} lost points for {', '.join(said['lost'])}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000")
