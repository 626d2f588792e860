"""Only what was released becomes a figure, and nothing that was released ever changes."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import published, seal
from helpline.publishing.models import Note, Release
from helpline.publishing.programme import MONTHLY, Cell, Period, Population
from helpline.publishing.published import NotPublished, PublishedCount
from tests.publishing.releases import MONTH, a_proposal, a_release, some_values

pytestmark = pytest.mark.django_db
AGES = Cell("contacts.age", ("13-19",))


def test_nobody_else_makes_a_published_count() -> None:
    with pytest.raises(TypeError):
        PublishedCount(3, object())


def test_figures_are_those_of_the_release(line: Line, sunita: User, mira: User) -> None:
    figures = published.of_release(a_release(line, sunita, mira))
    assert int(figures[AGES]) == some_values()[MONTHLY.position[AGES]]
    assert figures.count(Population.CONTACTS, age="13-19") == figures[AGES]
    assert figures.get(Cell("contacts.nothing", ())) is None
    assert figures.waits["webchat"].p90 == 90
    assert (figures.period, figures.start) == (Period.MONTH, MONTH)


def test_a_published_count_stays_as_it_came(line: Line, sunita: User, mira: User) -> None:
    count = published.of_release(a_release(line, sunita, mira))[AGES]
    with pytest.raises(AttributeError):
        count._value = 1
    with pytest.raises(TypeError):
        count + 1  # type: ignore[operator]  # a true count must not slip in


def test_a_proposal_is_not_published(line: Line) -> None:
    with pytest.raises(NotPublished):
        published.of_release(a_proposal(line))


def test_months_add_up_to_a_year(line: Line, sunita: User, mira: User) -> None:
    months = [published.of_release(a_release(line, sunita, mira, dt.date(2026, month, 1))) for month in (9, 8, 7)]
    year = published.added(months)
    assert int(year[AGES]) == sum(int(month[AGES]) for month in months)
    assert (year.start, year.last, dict(year.waits)) == (dt.date(2026, 7, 1), dt.date(2026, 9, 1), {})


def test_shares_come_from_published_counts(line: Line, sunita: User, mira: User) -> None:
    figures = published.of_release(a_release(line, sunita, mira))
    share = figures[AGES].of(figures[AGES])
    assert share is not None
    assert share.whole == "100"


@pytest.mark.parametrize("value", [1, -3, 4])
def test_no_bytes_hold_a_value_that_no_protection_makes(line: Line, value: int) -> None:
    with pytest.raises(seal.NotSealed):
        a_proposal(line, values=[value, *some_values()[1:]])


def test_bytes_are_read_as_they_are_written_and_in_no_other_way(line: Line) -> None:
    bytes_ = bytes(a_proposal(line).sealed)
    assert seal.read(bytes_).bytes == bytes_
    with pytest.raises(seal.NotSealed):
        seal.read(b" " + bytes_)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE publishing_release SET sealed = 'x'",
        "UPDATE publishing_release SET audit = '{}'",
        "UPDATE publishing_release SET released_at = now()",
        "DELETE FROM publishing_release",
        "UPDATE publishing_note SET text = 'other'",
        "DELETE FROM publishing_note",
    ],
)
def test_the_database_itself_keeps_what_was_released(change: str, line: Line, sunita: User, mira: User) -> None:
    release = a_release(line, sunita, mira)
    Note.objects.create(
        release=release,
        number=1,
        text="A note.",
        proposed_by=sunita,
        proposed_at=release.proposed_at,
        released_by=mira,
        released_at=release.released_at,
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_proposal_is_signed_or_thrown_away_but_not_changed(line: Line, sunita: User) -> None:
    release = a_proposal(line)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.update(sealed=b"other")
    Release.objects.update(proposed_by=sunita, proposed_at=release.made_at)
    assert Release.objects.all().delete()[0] == 1


def test_one_person_is_not_two(line: Line, sunita: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_release(line, sunita, sunita)


def test_what_the_attacker_broke_is_never_signed(line: Line, sunita: User) -> None:
    release = a_proposal(line)
    broken = Release(line=line, period="month", start=MONTH, sealed=bytes(release.sealed), is_sound=False)
    broken.proposed_by, broken.proposed_at = sunita, release.made_at
    release.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        broken.save()
