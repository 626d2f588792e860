"""The cast's keys fit: what one seals, exactly those meant to can open."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import User
from helpline.conversations.actions import add_message
from helpline.conversations.daykeys import grant_of
from helpline.conversations.models import Author, Conversation
from helpline.lines.models import Line, LineKeyWrap
from helpline.vault import sealing
from helpline.vault.codes import hash_capability
from tests.people import HelpSeeker, Member, words_of

Unlock = Callable[[User], Member]


def test_a_counsellor_opens_what_waits_through_the_queue_key(
    line: Line, waiting: Conversation, help_seeker: HelpSeeker, ben: User, unlock: Unlock
) -> None:
    proof = hash_capability(help_seeker.capability)
    for text in ("Kia ora", "Is anybody there?"):
        add_message(waiting, Author.HELP_SEEKER, help_seeker.writer.seal(text), capability_hash=proof)
    sealed = grant_of(waiting, "queue")
    assert sealed
    seed = sealing.open_grant(unlock(ben).line_seed(line, "queue"), sealed, code=waiting.code, reader="queue")
    assert words_of(waiting, seed) == ["Kia ora", "Is anybody there?"]


def test_the_supervisors_key_is_the_supervisors(line: Line, ben: User, sunita: User, unlock: Unlock) -> None:
    assert unlock(sunita).line_seed(line, "supervisor")
    with pytest.raises(LineKeyWrap.DoesNotExist):
        unlock(ben).line_seed(line, "supervisor")


def test_an_editor_holds_no_key(line: Line, mira: User, unlock: Unlock) -> None:
    with pytest.raises(LineKeyWrap.DoesNotExist):
        unlock(mira).line_seed(line, "queue")
