"""What is kept of whoever says something to a draft, and when it ends."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from helpline.accounts.models import User
from helpline.content.models import ConsultationPage
from helpline.engagement import consultations, consulted, moderating
from helpline.engagement.announcing import announce_consultations
from helpline.engagement.consultations import KEPT_DAYS, Closed, NothingSaid, Person
from helpline.engagement.models import Choice, Comment, Position, Said, Submission, Update
from helpline.engagement.moderating import NotAModerator, Read
from helpline.lines.models import Line
from helpline.vault import tombstones
from tests.engagement.consulting import FIRST, OTHERS, SECOND, WAIT, WORDS, a_consultation, close, said, sections

pytestmark = pytest.mark.django_db
HENI = Person("Heni Tamatea", "Kōwhai Trust", "heni@example.org")


@pytest.fixture
def page(line: Line) -> ConsultationPage:
    return a_consultation(line)


def show(user: User, said: Said) -> None:
    moderating.show(user, Read(said.code, said.revision, said.state))


def test_no_copy_of_the_database_tells_who_it_was_or_lets_anybody_come_back(page: ConsultationPage) -> None:
    submission = said(page, person=HENI, wait=("agree", ""))
    with connection.cursor() as cursor:
        for model in (Submission, Comment, Position):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # nosec B608  # our own name
            kept = repr([[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor])
            assert not any(word in kept for word in ("Heni", "example.org", "Kōwhai", *WORDS.split()))
    assert consultations.person_of(Submission.objects.get(pk=submission.pk)) == HENI


def test_whoever_says_nothing_of_themself_has_nothing_sealed(page: ConsultationPage) -> None:
    assert said(page).sealed is None
    longest = Person("ā" * 80, "ō" * 120, "x" * 242 + "@example.org", is_shown=True)
    assert consultations.person_of(said(page, words=OTHERS, person=longest)) == longest


def test_half_a_year_after_the_end_nobody_knows_who_it_was_and_private_words_are_gone(
    page: ConsultationPage, mira: User
) -> None:
    shown = said(page, person=Person("Heni", email="heni@example.org", is_shown=True), wait=("agree", "Shown."))
    private = said(page, "Private.", OTHERS, is_private=True, person=HENI, wait=("block", "Private, too."))
    show(mira, shown.comments.get())
    show(mira, shown.positions.get())
    close(page, KEPT_DAYS)
    assert consultations.forget_people(timezone.localdate()) == 0
    assert consultations.forget_people(timezone.localdate() + dt.timedelta(days=1)) == 2
    assert not Submission.objects.filter(sealed__isnull=False).exists()
    assert [each.text for each in Comment.objects.all()] == ["The wait is what matters."]
    assert {each.text for each in Position.objects.all()} == {"Shown.", ""}
    assert [many for _, _, many in consulted.tallies(page)[WAIT].shown] == [1, 0, 0, 1]
    shown.refresh_from_db()
    private.refresh_from_db()
    assert (shown.shown_as, private.shown_as) == ("Heni", "")


def test_restoring_an_old_backup_brings_nothing_back(page: ConsultationPage) -> None:
    gone, less, named = said(page), said(page, words=OTHERS), said(page, words=" ".join(["acorn"] * 6), person=HENI)
    said(page, words=OTHERS, section=SECOND)
    rows = [gone, gone.comments.get(), less.comments.get(section=FIRST), Submission.objects.get(pk=named.pk)]
    consultations.take_back(page, Submission.objects.get(pk=gone.pk), FIRST)
    consultations.take_back(page, less, FIRST)
    consultations.become_nameless(named)
    tombstones.write_out()
    for row in rows:  # as they stood in the backup
        row.save(force_insert=row is not rows[-1])
    consultations.settle_restored()
    assert set(Submission.objects.values_list("code", flat=True)) == {less.code, named.code}
    assert set(Comment.objects.values_list("submission", "section")) == {(less.pk, SECOND), (named.pk, FIRST)}
    assert not Submission.objects.filter(sealed__isnull=False).exists()


def test_the_database_shows_nothing_private_and_nothing_unread(page: ConsultationPage, mira: User) -> None:
    comment = said(page, is_private=True).comments.get()
    with pytest.raises(IntegrityError):
        Comment.objects.filter(pk=comment.pk).update(state=Said.State.SHOWN, read_by=mira)


def test_one_submission_has_one_position_on_a_proposal(page: ConsultationPage) -> None:
    for choice in ("agree", "block", "agree"):
        said(page, wait=(choice, ""))
    assert Position.objects.get().choice == Choice.AGREE
    said(page)  # none any more
    assert not Position.objects.exists()


def test_nothing_is_taken_when_it_is_closed_nor_an_empty_answer(page: ConsultationPage) -> None:
    with pytest.raises(NothingSaid):
        said(page, "")
    with pytest.raises(NothingSaid):
        said(page, "", section=SECOND, wait=("agree", ""))  # a proposal of another section
    assert not Submission.objects.exists()
    close(page)
    with pytest.raises(Closed):
        said(page, words=OTHERS)


def test_only_editors_and_operators_moderate(page: ConsultationPage, asha: User, sunita: User) -> None:
    submission = said(page)
    for user in (asha, sunita):
        with pytest.raises(NotAModerator):
            show(user, submission.comments.get())
        with pytest.raises(NotAModerator):
            moderating.set_aside(user, submission.code, is_set_aside=True)


def test_it_announces_itself_when_it_opens_and_when_there_is_an_answer_once_each(page: ConsultationPage) -> None:
    for _ in range(2):
        announce_consultations(timezone.now())
    update = Update.objects.get()
    assert (update.topic, update.line) == ("consultations", page.home.line)
    assert "/consultations/framework/" in update.text
    close(page)
    announce_consultations(timezone.now())
    assert Update.objects.count() == 1
    page.outcome = "<p>Forty of you wrote.</p>"
    page.save()
    for _ in range(2):
        announce_consultations(timezone.now())
    assert Update.objects.count() == 2


def test_a_draft_and_what_opens_later_are_not_announced(line: Line) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    a_consultation(line, "later", opens_on=tomorrow)
    a_consultation(line, "draft", live=False)
    a_consultation(line, "old", opens_on=tomorrow - dt.timedelta(days=90), closes_on=tomorrow - dt.timedelta(days=60))
    announce_consultations(timezone.now())
    assert not Update.objects.exists()


def test_once_it_is_open_no_section_is_taken_away_and_it_cannot_close_before_it_opens(page: ConsultationPage) -> None:
    page.sections = sections()[:1]
    with pytest.raises(ValidationError, match="cannot be taken away"):
        page.clean()
    page.sections = sections(first={"title": "Better said"})
    page.clean()
    page.closes_on = page.opens_on - dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="closes before it opens"):
        page.clean()
