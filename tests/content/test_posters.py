"""Words on posters: begun with ours, changed by one editor, published by another, and never too long for the paper."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from helpline.accounts.models import User
from helpline.content.founding import found
from helpline.content.models import PosterWords
from helpline.content.models.posters import TRIED_WITH
from helpline.content.models.review import SamePerson
from helpline.content.posters.choosing import PosterUnknown, built_in_for, get_poster, posters_for
from helpline.content.posters.rendering import require_fit
from helpline.lines.models import Line

pytestmark = pytest.mark.django_db
CHANGED = "Somebody listens."


@pytest.fixture
def words(line: Line) -> PosterWords:
    found()
    return PosterWords.objects.get(line=line, code="f4k")


def heading(line: Line) -> str:
    return get_poster(line, "f4k").english.heading


def test_an_editor_begins_with_the_built_in_words(line: Line) -> None:
    assert posters_for(line) == built_in_for(line)
    found()
    found()
    assert PosterWords.objects.filter(line=line).count() == len(built_in_for(line))
    assert posters_for(line) == built_in_for(line)


def test_the_built_in_ones_fit_and_so_may_be_saved(line: Line) -> None:
    found()
    for each in PosterWords.objects.select_related("line"):
        each.full_clean()
        require_fit(each.poster(), TRIED_WITH)


def test_one_changes_it_and_another_publishes(line: Line, words: PosterWords, mira: User, rewi: User) -> None:
    before = heading(line)
    words.heading = CHANGED
    words.save_revision(user=mira)
    words.get_workflow().start(words, mira)
    assert heading(line) == before
    state = words.current_workflow_task_state
    with pytest.raises(SamePerson):
        state.task.specific.on_action(state, mira, "approve")
    assert heading(line) == before
    state.task.specific.on_action(state, rewi, "approve")
    assert heading(line) == CHANGED


def test_nobody_publishes_past_the_second_look(
    line: Line, words: PosterWords, mira: User, come_in: Callable[[User], Client]
) -> None:
    before, editor = heading(line), come_in(mira)
    address = f"/snippets/content/posterwords/edit/{words.pk}/"
    assert editor.get(address).status_code == 200
    form = {
        **{name: getattr(words, name) for name in ("audience", "order", "lead", "points", "heading_mi", "lead_mi")},
        "line": line.pk,
        "points_mi": words.points_mi,
        "heading": CHANGED,
    }
    editor.post(address, {**form, "action-publish": "action-publish"})
    assert heading(line) == before
    words.refresh_from_db()
    assert words.get_latest_revision_as_object().heading == CHANGED, "it is a draft, at the most"
    assert editor.post(f"/snippets/content/posterwords/delete/{words.pk}/").status_code in {302, 403}
    assert PosterWords.objects.filter(pk=words.pk).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("heading", "W" * 60),
        ("heading_mi", "日本語"),
        ("points", "a\nb\nc\nd"),
        ("points_mi", "W" * 25),
    ],
)
def test_what_does_not_fit_is_not_saved(words: PosterWords, field: str, value: str) -> None:
    setattr(words, field, value)
    with pytest.raises(ValidationError):
        words.full_clean()


def test_a_poster_that_is_taken_down_is_gone_and_its_code_is_not_given_again(line: Line, words: PosterWords) -> None:
    words.unpublish()
    with pytest.raises(PosterUnknown):
        get_poster(line, "f4k")
    other = PosterWords(line=line, heading=CHANGED, lead=CHANGED, heading_mi=CHANGED, lead_mi=CHANGED)
    assert other.code != "f4k"
    other.full_clean()
