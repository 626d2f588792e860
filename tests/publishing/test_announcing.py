"""Released figures announce themselves, once; so do notes beside them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from helpline.accounts.models import Role, User
from helpline.engagement.models import Update
from helpline.engagement.sending import send_waiting
from helpline.lines.models import Line, LineMembership
from helpline.publishing import announcing, seal
from helpline.publishing.actions import sign_note, write_note
from tests.engagement.mailboxes import listening, reach
from tests.engagement.making import subscribe
from tests.people import Member
from tests.publishing.releases import a_proposal, sign, signature_of

pytestmark = pytest.mark.django_db
Unlock = Callable[[User], Member]


@pytest.fixture
def members(hire: Callable[..., User], line: Line, sunita: User, unlock: Unlock) -> tuple[Member, Member]:
    ana = hire("ana", role=Role.ANALYST)
    LineMembership.objects.create(user=ana, line=line)
    return unlock(ana), unlock(sunita)


def test_a_released_month_goes_to_whoever_asked_for_figures(
    line: Line, members: tuple[Member, Member], settings: Any
) -> None:
    subscribe(line, "figures@example.org", ("figures",), region="otago")
    subscribe(line, "mi@example.org", ("figures",), language="mi")
    subscribe(line, "news@example.org", ("news",))
    release = sign(members[0], a_proposal(line))
    assert not Update.objects.exists()  # one signature releases nothing
    release = sign(members[1], release)
    update = Update.objects.get()
    assert (update.title, update.topic, update.written_by, update.sent_by) == (
        "Figures for September 2026", "figures", None, None,
    )  # fmt: skip
    assert not announcing.announce_release(release)  # once
    with listening() as mailboxes:
        reach(settings, mailboxes)
        assert send_waiting().handed_over == 2
    by_address = {each.to: each for each in mailboxes.taken}
    assert "http://localhost/figures/2026-09/" in by_address["figures@example.org"].part("plain")
    assert "http://localhost/figures/mi/2026-09/" in by_address["mi@example.org"].part("html")
    assert by_address["mi@example.org"].mail["Subject"] == "Ngā tatauranga mō Mahuru 2026"


def test_a_note_is_announced_with_its_words(line: Line, members: tuple[Member, Member]) -> None:
    release = sign(members[1], sign(members[0], a_proposal(line)))
    note = write_note(members[0].user, release, "The webchat was\n\n- closed on two days.")
    for member in members:
        sign_note(member.user, note, signature_of(member, note.payload, seal.NOTE_SIGNED))
    update = Update.objects.first()
    assert update
    assert update.title == "A note on the figures for September 2026"
    assert update.text.startswith("The webchat was - closed on two days.\n\n")
    assert "/figures/2026-09/" in update.text
    assert Update.objects.count() == 2
    note.refresh_from_db()
    assert not announcing.announce_note(note)


@pytest.mark.django_db(transaction=True)
def test_both_are_there_or_neither(line: Line, members: tuple[Member, Member]) -> None:
    """A crash between the release and its announcement: the database keeps neither."""
    release = sign(members[0], a_proposal(line))

    @transaction.atomic
    def crash() -> None:
        sign(members[1], release)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert not Update.objects.exists()
    release.refresh_from_db()
    assert not release.is_released
