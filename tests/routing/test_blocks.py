"""A block ends by itself, takes two people for more than thirty days, and is looked at by somebody else."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.models import AuditEvent, Role, User
from helpline.conversations.actions import erase
from helpline.conversations.models import Conversation, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.routing import blocks, router
from helpline.routing.blocks import BlockUnknown, SecondPersonNeeded, block_of
from helpline.routing.models import Block, Presence
from helpline.vault.codes import block_key, hash_capability
from tests.people import HelpSeeker, take

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def taken(waiting: Conversation, asha: User) -> Conversation:
    take(asha, waiting)
    waiting.refresh_from_db()
    return waiting


@pytest.fixture
def block(taken: Conversation, asha: User) -> Block:
    made = blocks.end_and_block(asha, taken, "sexual", 24)
    assert made
    return made


@pytest.fixture
def second(hire: Callable[..., User], line: Line) -> User:
    """Another supervisor of the line."""
    other = hire("kiri", Role.SUPERVISOR)
    staff_line(line, [other])
    return other


def key_of(person: HelpSeeker) -> bytes:
    return block_key(hash_capability(person.capability))


def done() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.filter(kind__startswith="block").order_by("pk").values_list("kind", "detail"))


def test_it_ends_the_conversation_counts_for_the_shift_and_is_written_down(
    block: Block, taken: Conversation, asha: User, help_seeker: HelpSeeker, line: Line
) -> None:
    taken.refresh_from_db()
    assert (taken.state, taken.closed_by) == (State.CLOSED, "counsellor")
    assert Presence.objects.get(user=asha).abusive == 1
    assert done() == [("blocked", "sexual:24")]
    assert block_of(line, [key_of(HelpSeeker()), key_of(help_seeker)]) == block
    assert blocks.block_of_conversation(taken) == block


def test_nobody_else_is_blocked_and_nowhere_else(block: Block, help_seeker: HelpSeeker, line: Line) -> None:
    assert block_of(line, []) is None
    assert block_of(line, [key_of(HelpSeeker())]) is None
    other = Line.objects.create(slug="quitline", name="Quitline", languages=["en"])
    assert block_of(other, [key_of(help_seeker)]) is None


def test_it_runs_out_by_itself_and_leaves_nothing(block: Block, help_seeker: HelpSeeker, line: Line) -> None:
    keys = [key_of(help_seeker)]
    just_before = block.expires_at - dt.timedelta(seconds=1)
    assert block_of(line, keys, just_before) == block
    assert block_of(line, keys, block.expires_at) is None
    router.step(just_before)
    assert Block.objects.exists()
    assert router.step(block.expires_at).unblocked == 1
    assert not Block.objects.exists()


def test_it_outlives_the_conversation_and_then_says_nothing_of_it(
    block: Block, taken: Conversation, help_seeker: HelpSeeker, line: Line
) -> None:
    capability_hash = bytes(taken.capability_hash)
    erase(taken)
    assert block_of(line, [key_of(help_seeker)]) == block
    assert capability_hash not in bytes(Block.objects.get().key)


def test_only_its_counsellor_ends_and_blocks(taken: Conversation, ben: User, sunita: User) -> None:
    for user in (ben, sunita):
        with pytest.raises(ConversationUnknown):
            blocks.end_and_block(user, taken, "insults", 1)
    assert not Block.objects.exists()


def test_asking_twice_is_once(block: Block, taken: Conversation, asha: User) -> None:
    assert blocks.end_and_block(asha, taken, "sexual", 24) is None
    assert Block.objects.count() == 1
    assert Presence.objects.get(user=asha).abusive == 1


def test_a_hard_contact_may_end_without_a_block(taken: Conversation, asha: User) -> None:
    assert blocks.end_hard_contact(asha, taken, is_abusive=False)
    assert not Block.objects.exists()
    assert Presence.objects.get(user=asha).abusive == 0
    assert not blocks.end_hard_contact(asha, taken, is_abusive=True)
    assert Presence.objects.get(user=asha).abusive == 0


# More than thirty days


def test_thirty_days_are_the_most_for_one_person(taken: Conversation, asha: User) -> None:
    with pytest.raises(SecondPersonNeeded):
        blocks.end_and_block(asha, taken, "sexual", 30 * 24 + 1)
    taken.refresh_from_db()
    assert taken.state == State.OPEN
    assert blocks.end_and_block(asha, taken, "sexual", 30 * 24)


def test_a_longer_one_takes_a_second_person(block: Block, sunita: User, second: User) -> None:
    blocks.ask_longer(sunita, block, 90)
    before = Block.objects.get()
    assert before.expires_at == block.expires_at  # until then nothing changes
    with pytest.raises(SecondPersonNeeded):
        blocks.agree_to_longer(sunita, before)
    blocks.agree_to_longer(second, before)
    after = Block.objects.get()
    assert (after.expires_at, after.agreed_by, after.longer_by) == (block.made_at + 90 * DAY, second, sunita)
    assert [kind for kind, _ in done()] == ["blocked", "block_longer_asked", "block_longer_agreed"]
    with pytest.raises(BlockUnknown):
        blocks.agree_to_longer(second, after)
    with pytest.raises(BlockUnknown):
        blocks.ask_longer(second, after, 365)


@pytest.mark.parametrize("days", [0, 30, 366, -1])
def test_no_other_length_can_be_asked_for(block: Block, sunita: User, days: int) -> None:
    with pytest.raises(ValueError, match=str(days)):
        blocks.ask_longer(sunita, block, days)


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 31},
        {"days": 31, "longer": "sunita", "agreed": "sunita"},
        {"days": 31, "agreed": "sunita"},
        {"days": 366, "longer": "sunita", "agreed": "asha"},
        {"reviewed": "asha"},
    ],
)
def test_the_database_holds_it_to_that(block: Block, sunita: User, asha: User, wrong: dict[str, object]) -> None:
    who = {"sunita": sunita, "asha": asha}
    values = {
        "expires_at": block.made_at + int(str(wrong.get("days", 1))) * DAY,
        "longer_by": who.get(str(wrong.get("longer"))),
        "agreed_by": who.get(str(wrong.get("agreed"))),
        "reviewed_by": who.get(str(wrong.get("reviewed"))),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.update(**values)


# Review


def test_each_is_looked_at_by_somebody_else(block: Block, asha: User, sunita: User) -> None:
    with pytest.raises(SecondPersonNeeded):
        blocks.review_block(asha, block)
    blocks.review_block(sunita, block)
    assert Block.objects.get().reviewed_by == sunita
    assert done()[1] == ("block_reviewed", block.code)


def test_one_person_lifts_it_at_once(block: Block, sunita: User, help_seeker: HelpSeeker, line: Line) -> None:
    blocks.lift_block(sunita, block)
    assert block_of(line, [key_of(help_seeker)]) is None
    assert done()[1] == ("block_lifted", block.code)
    for change in (blocks.lift_block, blocks.review_block):
        with pytest.raises(BlockUnknown):
            change(sunita, block)


def test_only_supervisors_of_the_line_see_it(block: Block, asha: User, sunita: User, hire: Callable[..., User]) -> None:
    stranger = hire("kiri", Role.SUPERVISOR)
    assert list(blocks.blocks_for(sunita)) == [block]
    assert blocks.get_block_for(sunita, block.code) == block
    for user in (asha, stranger):
        assert not blocks.blocks_for(user).exists()
        with pytest.raises(BlockUnknown):
            blocks.get_block_for(user, block.code)


def test_what_has_run_out_is_not_shown(block: Block, sunita: User) -> None:
    Block.objects.update(made_at=timezone.now() - 2 * DAY, expires_at=timezone.now() - DAY)
    assert not blocks.blocks_for(sunita).exists()
    with pytest.raises(BlockUnknown):
        blocks.review_block(sunita, block)
