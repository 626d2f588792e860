"""A consultation as everybody reads it, and saying something to it: nothing typed is lost, nothing is shown unread."""

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import User
from helpline.content.models import ConsultationPage
from helpline.engagement import consultations, moderating
from helpline.engagement.consultations import Person
from helpline.engagement.models import Comment, Position, Submission
from helpline.engagement.moderating import Hui, Read, Show
from helpline.lines.models import Line
from tests.engagement.consulting import (
    FIRST,
    ROOM,
    SECOND,
    WAIT,
    WORDS,
    a_consultation,
    close,
    form,
    in_te_reo,
    said,
    sections,
)
from tests.public.asking import ask

pytestmark = pytest.mark.django_db
AT = f"/consultations/framework/{FIRST}/"
MINE = "/consultations/framework/mine/"


@pytest.fixture
def page(line: Line) -> ConsultationPage:
    return a_consultation(line)


def words_in(page: str) -> str:
    found = re.search(r'<p class="six-words">([^<]+)</p>', page)
    assert found
    return found[1]


def counted(page: str) -> list[int]:
    """On the first proposal: who agrees, abstains, disagrees, blocks; online, then at each hui."""
    tally = page.split('<ul class="tally">')[1].split("</ul>", maxsplit=1)[0]
    return [int(many) for many in re.findall(r"<b>(\d+)</b>", tally)]


def read_by(user: User, comment: Comment | Position) -> None:
    moderating.show(user, Read(comment.code, comment.revision, comment.state))


def test_what_somebody_says_is_shown_once_more_kept_and_read_by_others_after_a_moderator(
    client: Client, page: ConsultationPage, mira: User
) -> None:
    sent = form(**{"name": "Heni", "organization": "Kōwhai Trust", "is_shown": "on", f"stand-{WAIT}": "block"})
    sent[f"why-{WAIT}"] = "Two weeks is too long."
    look = ask(client, AT, sent)
    assert "Beside them stands: Heni, Kōwhai Trust." in look
    assert not Submission.objects.exists()
    words = words_in(look)
    for _ in range(2):  # pressed twice, or sent again since the answer got lost
        assert words_in(ask(client, AT, {**sent, "do": "send", "words": words})) == words
    assert (Submission.objects.count(), Comment.objects.count(), Position.objects.count()) == (1, 1, 1)
    shown = ask(client, AT)
    assert "The wait is what matters." not in shown
    assert "Two weeks is too long." not in shown
    assert counted(shown) == [0, 0, 0, 1]  # where it stands counts at once
    read_by(mira, Comment.objects.get())
    read_by(mira, Position.objects.get())
    shown = ask(client, AT)
    assert "The wait is what matters." in shown
    assert "Two weeks is too long." in shown
    assert "Heni, Kōwhai Trust" in shown


def test_no_name_is_shown_unless_asked_for(client: Client, page: ConsultationPage, mira: User) -> None:
    submission = said(page, person=Person("Heni", "Kōwhai Trust", "heni@example.org"))
    read_by(mira, submission.comments.get())
    shown = ask(client, AT)
    assert "The wait is what matters." in shown
    assert "Without a name" in shown
    everywhere = shown + ask(client, "/consultations/framework/said.csv") + ask(client, "/consultations/framework/")
    assert "Heni" not in everywhere
    assert "Kōwhai" not in everywhere


def test_private_words_are_shown_nowhere(client: Client, page: ConsultationPage, mira: User) -> None:
    comment = said(page, "Only for the host.", is_private=True, wait=("agree", "A private reason.")).comments.get()
    with pytest.raises(moderating.Changed):
        read_by(mira, comment)
    for path in (AT, "/consultations/framework/said.csv", "/consultations/framework/said.json"):
        shown = ask(client, path)
        assert "Only for the host." not in shown
        assert "A private reason." not in shown
    assert counted(ask(client, AT)) == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"organization": "Words that stay." + "x" * 120}, "where 120 fit"),
        ({"text": " "}, "Write a comment, or choose where you stand"),
        ({"who": ""}, "Choose one of these."),
        ({"email": "heni@example"}, "That is no e-mail address."),
        ({"text": "x" * 5_001}, "That is too long: 5001 letters, where 5000 fit."),
        ({"is_shown": "on", "organization": ""}, "There is no name to show."),
        ({f"why-{WAIT}": "Because."}, "You wrote why. Choose where you stand, too."),
        ({f"stand-{WAIT}": "perhaps"}, "Choose one of these."),
    ],
)
def test_bad_input_gets_a_sentence_and_what_was_typed_stays(
    client: Client, page: ConsultationPage, change: dict[str, str], sentence: str
) -> None:
    sent = form(**{"organization": "Words that stay.", **change})
    typed = ask(client, AT, sent, 400)
    assert sentence in typed
    assert all(
        sent[name].strip() in typed for name in ("text", "organization", *(change.keys() - {"who", f"stand-{WAIT}"}))
    )
    assert not Submission.objects.exists()


def test_going_back_from_the_last_look_loses_nothing(client: Client, page: ConsultationPage) -> None:
    sent = form(text="Line one.\r\nLine two.", **{f"stand-{ROOM}": "abstain"})
    look = ask(client, AT, sent)
    back = ask(client, AT, {**sent, "do": "change", "words": words_in(look)})
    assert "Line one.\r\nLine two." in back
    assert re.search(rf'name="stand-{ROOM}" value="abstain"[^>]*checked', back)
    assert f'value="{words_in(look)}"' in back
    assert "Not sent yet" not in back


def test_words_are_plain_and_read_as_they_were_moderated(client: Client, page: ConsultationPage, mira: User) -> None:
    text = "<script>alert(1)</script> see https://example.org \u202egnihton\u202c\x07 {{ 7 }}"
    words = words_in(ask(client, AT, form(text=text)))
    ask(client, AT, form(text=text, do="send", words=words))
    read_by(mira, Comment.objects.get())
    answer = client.get(AT, headers={"host": "localhost"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; see https://example.org gnihton {{ 7 }}" in answer
    assert 'href="https://example.org' not in answer


def test_before_every_form_stands_that_this_is_no_way_to_get_help(client: Client, page: ConsultationPage) -> None:
    Line.objects.update(phone="0800 044 334", text_number="4334")
    form_at = ask(client, AT)
    before = form_at[: form_at.index("<form id")]
    assert "This is not a way to get help." in before
    assert 'href="tel:111"' in before
    assert 'href="tel:0800044334"' in before
    assert 'href="sms:4334"' in before


# Coming back


def test_six_words_lead_back_to_what_was_said_and_to_another_section(client: Client, page: ConsultationPage) -> None:
    said(page, person=Person("Heni"), wait=("agree", "Yes."))
    typed = WORDS.upper().replace(" ", ", ")  # capitals and commas do not matter
    own = ask(client, MINE, {"words": typed})
    assert "The wait is what matters." in own
    assert "Nobody has read this yet." in own
    again = ask(client, AT, {"do": "open", "words": WORDS})
    assert "The wait is what matters.</textarea>" in again.replace("\n", "")
    assert 'value="Heni"' in again
    other = ask(client, f"/consultations/framework/{SECOND}/", {"do": "open", "words": WORDS})
    assert f'value="{WORDS}"' in other
    thanks = ask(client, f"/consultations/framework/{SECOND}/", form(do="send", words=WORDS, text="And this."))
    assert "You have said something there." in thanks
    assert Submission.objects.get().comments.count() == 2


def test_what_is_changed_is_read_again_and_what_is_not_stays_shown(
    client: Client, page: ConsultationPage, mira: User
) -> None:
    submission = said(page, wait=("agree", "Yes."))
    comment, position = submission.comments.get(), submission.positions.get()
    read_by(mira, comment)
    read_by(mira, position)
    said(page, "Changed.", wait=("agree", "Yes."))
    shown = ask(client, AT)
    assert "Changed." not in shown
    assert "The wait is what matters." not in shown
    assert "Yes." in shown
    with pytest.raises(moderating.Changed):  # a moderator who has the old words before them
        read_by(mira, comment)
    said(page, "Changed.", wait=("block", "Yes."))  # the same words, for something else
    assert "Yes." not in ask(client, AT)


def test_taking_it_back_leaves_nothing(client: Client, page: ConsultationPage) -> None:
    said(page, person=Person("Heni", email="heni@example.org"), wait=("agree", ""))
    said(page, "And this.", section=SECOND)
    assert "It is gone." in ask(client, MINE, {"words": WORDS, "do": "take-back", "section": str(FIRST)})
    assert [each.text for each in Comment.objects.all()] == ["And this."]
    assert "nothing about you" in ask(client, MINE, {"words": WORDS, "do": "take-back", "section": str(SECOND)})
    assert not Submission.objects.exists()
    assert not Position.objects.exists()
    assert "not six words of ours" in ask(client, MINE, {"words": WORDS}, 404)


@pytest.mark.parametrize("words", ["", "acorn", "acorn abacus acid aching acre acre", "ā" * 90])
def test_other_words_lead_nowhere(client: Client, page: ConsultationPage, words: str) -> None:
    said(page)
    assert "not six words of ours" in ask(client, MINE, {"words": words}, 404)
    assert "not six words of ours" in ask(client, AT, {"do": "open", "words": words}, 404)
    ask(client, MINE, {"words": words, "do": "nameless"}, 404)


def test_nobody_sends_under_words_that_are_not_six(client: Client, page: ConsultationPage) -> None:
    typed = ask(client, AT, form(do="send", words="one two"), 400)
    assert "What you wrote is still here." in typed
    assert "The wait is what matters." in typed
    assert not Submission.objects.exists()


def test_its_writer_reads_why_it_is_not_shown(client: Client, page: ConsultationPage, mira: User) -> None:
    comment = said(page).comments.get()
    moderating.keep_back(mira, Read(comment.code, comment.revision, comment.state), "names")
    assert "It says something about a person who can be recognised." in ask(client, MINE, {"words": WORDS})
    assert "The wait is what matters." not in ask(client, AT)


# The end


def test_it_is_open_to_the_end_of_its_last_day(client: Client, page: ConsultationPage) -> None:
    ConsultationPage.objects.filter(pk=page.pk).update(closes_on=timezone.localdate())
    assert 'id="say"' in ask(client, AT)
    ask(client, AT, form(do="send", words=WORDS))
    close(page, 1)
    closed = ask(client, AT)
    assert 'id="say"' not in closed
    assert "<textarea" not in closed
    assert f'id="switch" href="/mi{AT}"' in closed


@pytest.mark.parametrize("do", ["look", "send", "change"])
def test_what_was_typed_when_it_closed_is_given_back(client: Client, page: ConsultationPage, do: str) -> None:
    close(page)
    late = ask(client, AT, form(do=do, words=WORDS, **{f"why-{WAIT}": "A long reason."}), 409)
    assert "It has closed" in late
    assert "The wait is what matters." in late
    assert "A long reason." in late
    assert not Submission.objects.exists()


def test_nor_is_anything_taken_before_it_opens(client: Client, page: ConsultationPage) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    ConsultationPage.objects.filter(pk=page.pk).update(opens_on=tomorrow)
    assert 'id="say"' not in ask(client, AT)
    assert "It is not open yet" in ask(client, AT, form(do="send", words=WORDS), 409)


def test_after_the_end_words_stay_and_a_name_can_still_go(client: Client, page: ConsultationPage, mira: User) -> None:
    submission = said(page, person=Person("Heni", is_shown=True))
    read_by(mira, submission.comments.get())
    close(page, 400)
    consultations.forget_people(timezone.localdate())
    assert "Heni" in ask(client, AT)
    assert "It has closed, so what you said stays." in ask(
        client, MINE, {"words": WORDS, "do": "take-back", "section": str(FIRST)}
    )
    assert "are erased. Your words stay." in ask(client, MINE, {"words": WORDS, "do": "nameless"})
    shown = ask(client, AT)
    assert "The wait is what matters." in shown
    assert "Heni" not in shown


def test_what_became_of_it_stands_at_each_section_for_ever(client: Client, page: ConsultationPage) -> None:
    close(page, 900)
    page.sections = sections(first={"said": "<p>Two weeks is long.</p>", "did": "<p>It is one week now.</p>"})
    page.outcome = "<p>Forty of you wrote.</p>"
    page.save()
    assert "Forty of you wrote." in ask(client, "/consultations/framework/")
    shown = ask(client, AT)
    assert "You said, we did" in shown
    assert "It is one week now." in shown
    assert "You said, we did" not in ask(client, f"/consultations/framework/{SECOND}/")
    assert "A framework for services" in ask(client, "/consultations/").split('id="closed"')[1]


# Beside it


def test_hui_stand_beside_and_are_never_added_up(client: Client, page: ConsultationPage, mira: User) -> None:
    said(page, wait=("agree", ""))
    counts = tuple((choice, 7 if choice == "agree" else 2) for choice in ("agree", "abstain", "disagree", "block"))
    hui = Hui(FIRST, timezone.localdate(), "Ōtepoti", 13, "Many asked for evenings.", (Show(WAIT, counts),))  # type: ignore[arg-type]  # by its value
    moderating.note_hui(mira, page, hui)
    shown = ask(client, AT)
    assert "Many asked for evenings." in shown
    assert counted(shown) == [1, 0, 0, 0, 7, 2, 2, 2]
    assert "notes of hui" in ask(client, "/consultations/framework/")


def test_a_flood_that_is_set_aside_is_neither_shown_nor_counted_and_that_is_said(
    client: Client, page: ConsultationPage, mira: User
) -> None:
    submission = said(page, wait=("block", ""))
    read_by(mira, submission.comments.get())
    moderating.set_aside(mira, submission.code, is_set_aside=True)
    shown = ask(client, AT)
    assert "The wait is what matters." not in shown
    assert counted(shown) == [0, 0, 0, 0]
    assert "1 more was one of a flood" in ask(client, "/consultations/framework/")


def test_files_have_what_everybody_may_read_and_run_nothing(client: Client, page: ConsultationPage, mira: User) -> None:
    submission = said(page, "=HYPERLINK(1)", person=Person("@Heni", is_shown=True), wait=("agree", "-1"))
    read_by(mira, submission.comments.get())
    read_by(mira, submission.positions.get())
    table = ask(client, "/consultations/framework/said.csv")
    for cell in ("'=HYPERLINK(1)", "'@Heni", "'-1"):
        assert cell in table
    assert not re.search(r'(?m)(^|,)"?[=@+-]', table)
    told = json.loads(ask(client, "/consultations/framework/said.json"))
    assert [each["kind"] for each in told["said"]] == ["count", "comment", "position"]
    assert told["submissions"] == {"counted": 1, "set_aside": 0}


def test_drafts_and_those_of_another_line_are_not_here(client: Client, page: ConsultationPage, line: Line) -> None:
    other = Line.objects.create(slug="other", name="Other", hosts=["other.localhost"])
    a_consultation(other, "elsewhere", title="Of another line")
    a_consultation(line, "draft", title="Not yet", live=False)
    listed = ask(client, "/consultations/")
    assert "Of another line" not in listed
    assert "Not yet" not in listed
    ask(client, "/consultations/elsewhere/", status=404)
    ask(client, "/consultations/draft/", status=404)
    ask(client, f"/consultations/draft/{FIRST}/", form(), 404)
    ask(client, f"/consultations/framework/{WAIT}/", status=404)


def test_te_reo_stands_where_it_is_written_and_english_where_not(client: Client, page: ConsultationPage) -> None:
    in_te_reo(
        page,
        title="He anga mō ngā ratonga",
        sections=sections(first={"title": "Te pānga tuatahi", "text": "", "proposals": []}, second={"title": ""}),
    )
    shown = ask(client, f"/mi{AT}")
    assert '<h1 lang="mi">Te pānga tuatahi</h1>' in shown
    assert '<div class="draft stack" lang="en">' in shown
    assert "awaits review by a native speaker" in shown
    assert '<h1 lang="mi">He anga mō ngā ratonga</h1>' in ask(client, "/mi/consultations/framework/")
