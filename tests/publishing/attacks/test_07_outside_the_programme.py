"""Attack 7: ask for a table that was not audited jointly with the others. There is nowhere to ask."""

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import dimensions as by
from helpline.publishing import published, seal
from helpline.publishing.programme import MONTHLY, Cell, NeverCrossed, Population, Table
from helpline.publishing.programmes import ProgrammeUnknown
from tests.publishing.releases import MONTH, a_proposal, a_release, some_values

pytestmark = pytest.mark.django_db


def test_a_table_that_was_not_published_has_no_figures(line: Line, sunita: User, mira: User) -> None:
    figures = published.of_release(a_release(line, sunita, mira))
    asked = Table(Population.CONTACTS, (by.LANGUAGE, by.AGE))
    assert asked.name not in {table.name for table in MONTHLY.closed}
    assert figures.of(asked) == {}
    with pytest.raises(KeyError):
        figures[Cell(asked.name, ("mi", "13-19"))]


def test_what_is_never_crossed_is_no_table_at_all() -> None:
    with pytest.raises(NeverCrossed):
        Table(Population.CONTACTS, (by.HARM, by.REGION))
    with pytest.raises(NeverCrossed):
        Table(Population.CONTACTS, (by.AGE, by.GENDER, by.HARM))


def test_bytes_of_another_programme_are_not_read(line: Line) -> None:
    release = a_proposal(line)
    other = seal.Sealed(
        line=line.slug,
        period="month",
        start=MONTH.isoformat(),
        edition=MONTHLY.edition,
        digest="0" * 64,
        values=tuple(some_values()),
        waits={},
    )
    release.sealed = other.bytes
    with pytest.raises(ProgrammeUnknown):
        published.of_proposal(release)


@pytest.mark.parametrize("question", ["?age=13-19&region=otago", "?table=contacts.language.age", "?q=select"])
def test_no_address_takes_a_question(question: str, line: Line, client: Client) -> None:
    """The same bytes, whatever is asked: an address names a period, never a table of somebody's own making."""
    plain, asked = client.get("/figures/"), client.get(f"/figures/{question}")
    assert (asked.status_code, asked.content) == (plain.status_code, plain.content)
