"""New keys for a line arrive whole or not at all, for exactly those whom the roster vouches for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError

from helpline.accounts.actions import remove_staff
from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines import roster, rotation
from helpline.lines.actions import renew_keys, set_overflow, staff_line
from helpline.lines.founding import found_and_vouch, vouch
from helpline.lines.models import Line, LineKey, LineKeyWrap, RecoveryKey, RecoveryWrap
from helpline.lines.queries import current_key
from helpline.vault import contexts, sealing, signing
from helpline.vault.signing import BadSignature
from helpline.vault.statements import line_key_payload
from tests.people import Member

pytestmark = pytest.mark.django_db
QUEUE, SUPERVISOR = LineKey.Purpose.QUEUE, LineKey.Purpose.SUPERVISOR


@pytest.fixture
def founders(
    line: Line, sunita: User, hire: Callable[..., User], unlock: Callable[[User], Member]
) -> tuple[Member, Member]:
    first, second = unlock(sunita), unlock(hire("grace", Role.SUPERVISOR))
    found_and_vouch((first.user, first.seed), (second.user, second.seed))
    return first, second


def both_sign(founders: tuple[Member, Member]) -> None:
    vouch(*((each.user, signing.signing_seed(each.seed)) for each in founders))


def made_by(member: Member, line: Line, seeds: dict[str, bytes] | None = None) -> list[rotation.NewKey]:
    """What a supervisor's browser posts."""
    vouched = roster.vouched()
    return [_made(member, line, purpose, (seeds or {}).get(purpose), vouched) for purpose in LineKey.Purpose.values]


def _made(member: Member, line: Line, purpose: str, seed: bytes | None, vouched: rotation.Roster) -> rotation.NewKey:
    seed = seed or sealing.generate_seed()
    before = LineKey.objects.filter(line=line, purpose=purpose).order_by("epoch").last()
    epoch = before.epoch + 1 if before else 1
    place: dict[str, Any] = {"line_slug": line.slug, "purpose": purpose, "epoch": epoch}
    public_key = sealing.public_key_of(seed)
    payload = line_key_payload(line.slug, purpose, epoch, public_key, roster.root())
    recovery = vouched.get(contexts.RECOVERY)
    return rotation.NewKey(
        purpose=purpose,
        epoch=epoch,
        public_key=public_key,
        signature=signing.sign(signing.signing_seed(member.seed), contexts.signed("line-key"), payload),
        wraps={
            user.code: sealing.seal_line_key(bytes(user.public_key), seed, **place, user_code=user.code)
            for user in rotation.rightful_holders(line, purpose, vouched)
        },
        recovery=sealing.seal_line_key(bytes(recovery.public_key), seed, **place, user_code=contexts.RECOVERY)
        if recovery
        else None,
    )


def test_everybody_entitled_opens_the_new_key_and_still_the_old_one(
    founders: tuple[Member, Member], line: Line, asha: User, unlock: Callable[[User], Member]
) -> None:
    before = current_key(line, QUEUE)
    seeds: dict[str, bytes] = {QUEUE: sealing.generate_seed()}
    rotation.rotate(founders[0].user, line, made_by(founders[0], line, seeds))
    assert unlock(asha).line_seed(line, QUEUE) == seeds[QUEUE]
    assert LineKeyWrap.objects.filter(line_key=before, user=asha).exists()
    before.refresh_from_db()
    assert before.retired_at
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.LINE_KEY_ROTATED, actor=founders[0].user).count() == 1


def test_nothing_is_due_on_a_line_that_is_in_order(founders: tuple[Member, Member], line: Line) -> None:
    assert rotation.due_on(line, roster.vouched()) == []


def test_new_keys_are_due_when_somebody_leaves_comes_or_loses_a_role(
    founders: tuple[Member, Member], line: Line, asha: User, sunita: User, hire: Callable[..., User]
) -> None:
    remove_staff(asha)
    assert rotation.due_on(line, roster.vouched()) == [rotation.SOMEBODY_LEFT]
    both_sign(founders)
    rotation.rotate(founders[0].user, line, made_by(founders[0], line))
    assert rotation.due_on(line, roster.vouched()) == []
    staff_line(line, [hire("wei")])
    assert rotation.due_on(line, roster.vouched()) == []  # not before two have vouched
    both_sign(founders)
    assert rotation.due_on(line, roster.vouched()) == [rotation.SOMEBODY_NEW]
    rotation.rotate(founders[0].user, line, made_by(founders[0], line))
    User.objects.filter(username="wei").update(role=Role.EDITOR)
    assert rotation.due_on(line, roster.vouched()) == [rotation.SOMEBODY_LEFT]


def test_helpers_are_given_the_queue_key_only(
    founders: tuple[Member, Member], line: Line, hire: Callable[..., User]
) -> None:
    other = Line.objects.create(slug="quitline", name="Quitline")
    staff_line(other, [hire("rewi"), hire("marama", Role.SUPERVISOR)])
    set_overflow(line, other)
    both_sign(founders)
    vouched = roster.vouched()
    holders = {p: {user.username for user in rotation.rightful_holders(line, p, vouched)} for p in (QUEUE, SUPERVISOR)}
    assert holders == {QUEUE: {"asha", "ben", "sunita", "rewi", "marama"}, SUPERVISOR: {"sunita"}}
    assert rotation.due_on(other, vouched) == [rotation.NO_KEYS]


def test_once_founded_the_server_makes_no_keys(founders: tuple[Member, Member], line: Line) -> None:
    before = current_key(line, QUEUE)
    renew_keys(line)
    assert current_key(line, QUEUE) == before


def test_of_two_who_make_new_keys_at_once_one_is_told(founders: tuple[Member, Member], line: Line) -> None:
    made = made_by(founders[0], line)
    rotation.rotate(founders[0].user, line, made_by(founders[0], line))
    with pytest.raises(rotation.Stale):
        rotation.rotate(founders[0].user, line, made)


@pytest.mark.parametrize("change", ["a holder less", "a stranger more", "one purpose less", "a recovery too many"])
def test_what_is_not_for_exactly_those_entitled_changes_nothing(
    founders: tuple[Member, Member], line: Line, mira: User, change: str
) -> None:
    queue, supervisor = made_by(founders[0], line)
    sealed = next(iter(queue.wraps.values()))
    changed = {
        "a holder less": [queue, replace(supervisor, wraps={})],
        "a stranger more": [queue, replace(supervisor, wraps={**supervisor.wraps, mira.code: sealed})],
        "one purpose less": [queue],
        "a recovery too many": [queue, replace(supervisor, recovery=sealed)],
    }[change]
    before = _keys(line)
    with pytest.raises(rotation.Stale):
        rotation.rotate(founders[0].user, line, changed)
    assert _keys(line) == before


def _keys(line: Line) -> list[tuple[object, ...]]:
    return list(LineKey.objects.filter(line=line).order_by("pk").values_list("pk", "retired_at", "wraps"))


def test_a_crash_in_between_leaves_the_keys_that_were_there(
    founders: tuple[Member, Member], line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _keys(line)
    queue, supervisor = made_by(founders[0], line)
    nothing: Any = dict.fromkeys(supervisor.wraps)
    broken = replace(supervisor, wraps=nothing)  # the database refuses the second half
    with pytest.raises(DatabaseError):
        rotation.rotate(founders[0].user, line, [queue, broken])
    assert _keys(line) == before


def test_only_a_vouched_supervisor_of_the_line_may(founders: tuple[Member, Member], line: Line) -> None:
    with pytest.raises(roster.NotASigner):
        rotation.rotate(founders[1].user, line, made_by(founders[1], line))
    queue, supervisor = made_by(founders[1], line)
    with pytest.raises(BadSignature):
        rotation.rotate(founders[0].user, line, [queue, supervisor])


def test_the_recovery_key_is_given_every_new_key_once_it_is_vouched_for(
    founders: tuple[Member, Member], line: Line
) -> None:
    seed = sealing.generate_seed()
    RecoveryKey.objects.create(public_key=sealing.public_key_of(seed))
    assert rotation.due_on(line, roster.vouched()) == []
    both_sign(founders)
    assert rotation.due_on(line, roster.vouched()) == [rotation.RECOVERY_NEW]
    seeds: dict[str, bytes] = {SUPERVISOR: sealing.generate_seed()}
    rotation.rotate(founders[0].user, line, made_by(founders[0], line, seeds))
    wrap = RecoveryWrap.objects.get(line_key=current_key(line, SUPERVISOR))
    place: dict[str, Any] = {"line_slug": line.slug, "purpose": SUPERVISOR, "epoch": 2, "user_code": contexts.RECOVERY}
    assert sealing.open_line_key(seed, bytes(wrap.sealed), **place) == seeds[SUPERVISOR]
    assert rotation.due_on(line, roster.vouched()) == []
