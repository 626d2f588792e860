"""Contact records become proposals by one command, which goes on where it stopped; then their counts are forgotten."""

import datetime as dt
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.accounts.models import Role, User
from helpline.lines.models import Line
from helpline.operations import demo_figures
from helpline.publishing import demonstration, pipeline, protection, published, seal
from helpline.publishing.actions import sign_note, write_note
from helpline.publishing.attacker.certificate import Certificate
from helpline.publishing.certified import complaints_of
from helpline.publishing.counted import count_month, true_counts, waits_of
from helpline.publishing.models import Counted, Release
from helpline.publishing.programme import MONTHLY, QUARTERLY, Cell, Period
from helpline.publishing.queries import is_genuine, released
from helpline.publishing.seal import NOTE_SIGNED
from helpline.publishing.synthetic import contacts
from helpline.publishing.synthetic_months import add_records
from helpline.publishing.tally import tally
from helpline.records.actions import close_month
from helpline.records.models import ClosedMonth
from helpline.records.months import closes_from, month_after
from helpline.vault import signing
from helpline.vault.codes import b64url_encode
from tests.people import unlocked
from tests.publishing.releases import a_release, signature_of

pytestmark = pytest.mark.django_db


def last_quarter(today: dt.date) -> dt.date:
    """The latest of which every month may be closed."""
    start = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    while closes_from(month_after(month_after(start))) > today:
        start = (start - dt.timedelta(days=1)).replace(day=1)
        start = start.replace(month=(start.month - 1) // 3 * 3 + 1)
    return start


FIRST = last_quarter(timezone.localdate())
SECOND = month_after(FIRST)
THIRD = month_after(SECOND)
TOTAL = Cell("contacts", ())


@pytest.fixture
def quarter(line: Line, settings: Settings, tmp_path: Path) -> Line:
    """A small line's three months."""
    settings.FIGURES_DIR = str(tmp_path / "figures")
    for month in contacts(3, 60, first=FIRST):
        add_records(line, month, tmp_path)
    return line


def run(**given: object) -> str:
    said = io.StringIO()
    call_command("prepare_figures", stdout=said, **given)
    return said.getvalue()


def test_a_month_is_prepared_once(quarter: Line) -> None:
    with pytest.raises(CommandError, match="no line"):
        run(line="nowhere")
    assert "nothing was found" in run(line=quarter.slug, month=SECOND)
    release = Release.objects.get()
    assert (release.start, release.is_sound, release.proposed_by) == (SECOND, True, None)
    assert ClosedMonth.objects.get().month == SECOND
    assert SECOND not in pipeline.due_months(quarter)
    assert {FIRST, THIRD} <= set(pipeline.due_months(quarter))
    run(line=quarter.slug, month=SECOND)
    assert Release.objects.get() == release


def test_a_quarter_is_the_sum_of_its_published_months(
    quarter: Line, sunita: User, mira: User, hire: Callable[..., User]
) -> None:
    for month in (FIRST, SECOND, THIRD):
        assert not list(pipeline.due_longer(quarter))
        close_month(quarter, month)
        count_month(quarter, month)
        counts = true_counts(quarter, MONTHLY, month)
        assert counts is not None
        values = [0] * len(MONTHLY.cells)
        values[MONTHLY.position[TOTAL]] = int(counts[MONTHLY.position[TOTAL]]) // 3 * 3
        a_release(quarter, sunita, mira, month, values)
    assert list(pipeline.due_longer(quarter)) == [(Period.QUARTER, FIRST)]
    whole = pipeline.prepare_longer(quarter, Period.QUARTER, FIRST)
    months = [published.of_release(each) for each in released(quarter)]
    assert published.of_proposal(whole)[TOTAL] == published.added(months)[TOTAL]
    assert pipeline.forget_released(quarter) == 3
    assert Counted.objects.exclude(counts=None).filter(programme=QUARTERLY.digest).count() == 3  # not released yet


def test_a_month_without_a_contact_is_counted(line: Line, settings: Settings, tmp_path: Path) -> None:
    settings.FIGURES_DIR = str(tmp_path)
    close_month(line, FIRST)
    assert count_month(line, FIRST)


def test_two_years_of_the_demonstration(line: Line, sunita: User, hire: Callable[..., User]) -> None:
    first, second = unlocked(sunita), unlocked(hire("oliver", role=Role.OPERATOR))
    demo_figures.load(line, (sunita, first.seed), (second.user, second.seed))
    assert released(line).count() == demo_figures.RELEASED
    assert Release.objects.filter(period="quarter").count() >= 7
    waiting = Release.objects.get(released_at=None)
    assert waiting.start > max(each.start for each in released(line))
    assert all(is_genuine(each) for each in Release.objects.exclude(pk=waiting.pk).select_related("line"))
    assert all(published.of_release(each).programmes == (MONTHLY,) for each in released(line)), (
        "helpline invent_figures"
    )
    assert demo_figures.load(line, (sunita, first.seed), (second.user, second.seed)) == 0


def test_recounting_a_month_of_the_demonstration_gives_what_was_released(
    line: Line, settings: Settings, tmp_path: Path
) -> None:
    """Whatever month these contacts are said to be of today: from records, by both engines, as they were protected."""
    settings.FIGURES_DIR = str(tmp_path / "figures")
    kept = json.loads(gzip.decompress(demo_figures.FILE.read_bytes()))["months"][0]
    month = next(contacts(demonstration.MONTHS, demonstration.A_MONTH, demonstration.CLUSTERING, demonstration.SEED))
    start = demonstration.starts(timezone.localdate())[0]
    add_records(line, replace(month, start=start), tmp_path)
    close_month(line, start)
    count_month(line, start)
    counts, values = true_counts(line, MONTHLY, start), np.array(kept["values"])
    assert counts is not None
    assert protection.check(MONTHLY, counts, values) == ()
    assert waits_of(line, start) == kept["waits"]
    # The control: with whoever came often counted as often as they came, it is other people's figures.
    assert protection.check(MONTHLY, tally(MONTHLY, month), values)


def test_anybody_checks_what_was_released(
    line: Line, sunita: User, hire: Callable[..., User], client: Client, tmp_path: Path
) -> None:
    members = [unlocked(sunita), unlocked(hire("oliver", role=Role.OPERATOR))]
    demo_figures.load(line, *((each.user, each.seed) for each in members))
    release = released(line)[0]
    note = write_note(sunita, release, "The chat was closed on two days.")
    for member in members:
        sign_note(member.user, note, signature_of(member, note.payload, NOTE_SIGNED))
    address = f"/figures/{release.start:%Y-%m}"
    files = [tmp_path / f"{name}.json" for name in ("sealed", "signatures", "certificate")]
    for path in files:
        path.write_bytes(client.get(f"{address}/{path.name}").content)
    page = client.get(f"{address}/").content.decode()
    for member in members:
        assert f"<code>{b64url_encode(bytes(member.user.signing_key))}</code>" in page
    assert all(f'href="{address}/{path.name}"' in page for path in files)
    assert 'type="application/atom+xml"' in page
    said = io.StringIO()
    call_command("check_figures", *map(str, files), stdout=said)
    assert f"Genuine: {line.slug}, month from {release.start}, 1 notes." in said.getvalue()
    assert "The certificate holds" in said.getvalue()
    assert f"{address}/" in client.get("/figures/feed.xml").content.decode()

    for longer in Release.objects.exclude(period="month"):
        assert complaints_of(seal.read(bytes(longer.sealed)), Certificate.from_json(longer.audit["certificate"])) == []
    certificate = json.loads(files[2].read_text())
    files[2].write_text(json.dumps({**certificate, "differences": certificate["differences"][:1]}))
    with pytest.raises(CommandError, match="DOES NOT HOLD"):
        call_command("check_figures", *map(str, files))
    other = json.loads(files[0].read_text())
    other["values"][0] += signing.PUBLIC_BYTES * 3  # another multiple of 3
    files[0].write_bytes(json.dumps(other, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    with pytest.raises(CommandError, match="NOT GENUINE"):
        call_command("check_figures", *map(str, files))


def test_what_nobody_released_is_not_to_be_had(line: Line, client: Client) -> None:
    assert client.get("/figures/2026-09/sealed.json").status_code == 404
    assert client.get("/figures/2026-q3/signatures.json").status_code == 404
