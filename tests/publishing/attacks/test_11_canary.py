"""Attack 11, through the whole: what was truly counted of a month is in nothing that leaves the house."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from helpline.accounts.models import Role, User
from helpline.lines.models import Line
from helpline.publishing import pipeline, seal
from helpline.publishing.counted import true_counts
from helpline.publishing.models import Release
from helpline.publishing.programme import MONTHLY, Cell
from helpline.publishing.synthetic import contacts
from helpline.publishing.synthetic_months import add_records
from tests.people import unlocked
from tests.publishing.attacks.test_11_payload import PLACES, letters, numbers, strings
from tests.publishing.releases import sign
from tests.publishing.test_pipeline import FIRST

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]  # a whole month, from records to pages
TOTAL = Cell("contacts", ())
LARGE = 3_000  # above every number that a page has for another reason
CONTACTS = 20_000
FILES = ("sealed.json", "signatures.json", "certificate.json")


@pytest.fixture
def true(line: Line, settings: Settings, tmp_path: Path) -> list[int]:
    """What a month's records come to. None of the large ones that are no multiple of 3 may ever be seen again."""
    settings.FIGURES_DIR = str(tmp_path / "figures")
    for month in contacts(1, CONTACTS, first=FIRST):
        add_records(line, month, tmp_path)
    pipeline.prepare_month(line, FIRST)
    counts = true_counts(line, MONTHLY, FIRST)
    assert counts is not None
    return [int(count) for count in counts]


def said_in_json(shape: object) -> Iterator[int]:
    if isinstance(shape, dict | list):
        for each in shape.values() if isinstance(shape, dict) else shape:
            yield from said_in_json(each)
    elif isinstance(shape, int | str):
        yield from [shape] if isinstance(shape, int) else numbers(shape)


def said_in(name: str, content: bytes) -> set[int]:
    """Every number in it that could be a count."""
    if name.endswith(".json"):
        return set(said_in_json(json.loads(content)))
    if name.endswith(".csv"):
        fields = content.decode("utf-8-sig").replace("\r\n", ",").split(",")
        return {int(each) for each in fields if each.isdigit()}
    if name.endswith(".pdf"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return numbers("\n".join([*strings(pdf), *letters(pdf)]))
    return numbers(content.decode())


def everything(client: Client) -> Iterator[tuple[str, set[int]]]:
    month = f"{FIRST:%Y-%m}"
    roots = [f"/figures/{language}" for language in ("", "mi/")]
    pages = [f"{root}{month}/{place}" for root in roots for place in PLACES]
    files = [f"{root}{month}.{ending}" for root in roots for ending in ("csv", "json", "pdf")]
    signed = [f"/figures/{month}/{name}" for name in FILES]
    others = ["/figures/", "/figures/archive/", "/figures/feed.xml", f"/figures/{FIRST.year}/"]
    for name in (*pages, *files, *signed, *others):
        answer = client.get(name, headers={"host": "localhost"})
        assert answer.status_code == 200, name
        yield name, said_in(name, answer.content)


def test_no_true_count_comes_through(
    true: list[int], line: Line, sunita: User, hire: Callable[..., User], client: Client
) -> None:
    canaries = {count for count in true if count > LARGE and count % 3}
    assert len(canaries) > 20
    for member in (unlocked(sunita), unlocked(hire("oliver", role=Role.OPERATOR))):
        release = sign(member, Release.objects.get())
    assert release.is_released
    published = set(seal.read(bytes(release.sealed)).values)
    total = seal.read(bytes(release.sealed)).values[MONTHLY.position[TOTAL]]
    shown = dict(everything(client))
    for name, found in shown.items():
        assert not found & canaries, name
    # The control: the search does see counts in each format, and so would have seen a true one in their place.
    for name in (f"/figures/{FIRST:%Y-%m}{ending}" for ending in ("/", ".csv", ".json", ".pdf", "/sealed.json")):
        assert total in shown[name]
        assert len(shown[name] & published) > 1
    canary = max(canaries)
    with pytest.raises(seal.NotSealed):
        seal.Sealed("line", "month", FIRST.isoformat(), MONTHLY.edition, MONTHLY.digest, tuple(true), {})
    for name, content in (
        ("page", f"<td>{canary:,}</td>"),
        ("page", f'<path data-n="{canary}"/>'),
        ("table.csv", f"contacts,,,{canary}"),
        ("data.json", json.dumps({"counts": {"contacts": [[canary]]}})),
    ):
        assert canary in said_in(name, content.encode()), name
