"""Programmes by their digest: what was published by a coarser one, because no more could be protected, is read too."""

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.publishing import published
from helpline.publishing.programme import MONTHLY, QUARTERLY, YEARLY, Cell, Programme
from helpline.publishing.programmes import ProgrammeUnknown, coarser, programme_of
from helpline.publishing.rendering.texts import TEXTS
from tests.publishing.scene import LAST, publish, publish_months, rounded

TOTAL, AGE = Cell("contacts", ()), Cell("contacts.age", ("13-19",))


def chain(programme: Programme) -> list[Programme]:
    """The coarser ones, the finest first."""
    finer = coarser(programme)
    return [finer, *chain(finer)] if finer else []


@pytest.mark.parametrize("programme", [MONTHLY, QUARTERLY, YEARLY])
def test_each_coarser_programme_is_known_by_its_digest(programme: Programme) -> None:
    found = [programme, *chain(programme)]
    assert len({each.digest for each in found}) == len({each.edition for each in found}) == len(found) > 1
    assert [programme_of(each.period, each.digest) for each in found] == found
    with pytest.raises(ProgrammeUnknown):
        programme_of(programme.period, "0" * 64)


@pytest.mark.django_db
@pytest.mark.parametrize("programme", chain(MONTHLY), ids=lambda programme: programme.edition)
def test_a_month_by_a_coarser_programme_is_read_and_drawn(
    client: Client, line: Line, sunita: User, mira: User, programme: Programme
) -> None:
    publish_months(line, (sunita, mira), first=1, months=3)
    release = publish(line, (sunita, mira), LAST, rounded(programme), programme)
    figures = published.of_release(release)
    assert figures.programmes == (programme,)
    assert len(list(figures)) == len(programme.cells) < len(MONTHLY.cells)
    assert (AGE in figures) is (AGE in programme.position)
    for address in ("", ".csv", ".json", ".pdf"):
        for root in ("/figures/2026-10", "/figures/mi/2026-10"):
            path = f"{root}{address or '/'}"
            assert client.get(path, headers={"host": "localhost"}).status_code == 200, path
    coarse, whole = (
        client.get(f"/figures/2026-{month}/", headers={"host": "localhost"}).content.decode() for month in ("10", "09")
    )
    assert str(figures[TOTAL]) in coarse
    said = TEXTS["coarser"][Language.ENGLISH]
    assert f"{said} {programme.edition}." in coarse
    assert said not in whole
    for path in ("/figures/", "/figures/2026/", "/figures/archive/"):
        assert client.get(path, headers={"host": "localhost"}).status_code == 200, path
    of_a_region = client.get("/figures/2026-10/region/otago/", headers={"host": "localhost"})
    assert of_a_region.status_code == (200 if Cell("contacts.region", ("otago",)) in figures else 404)
