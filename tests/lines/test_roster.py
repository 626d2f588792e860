"""The roster takes what two different supervisors have signed, about what is so, and nothing else."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from helpline.accounts.actions import remove_staff
from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines import roster
from helpline.lines.founding import found_and_vouch, vouch
from helpline.lines.models import Line, LineKey, LineMembership, RosterEntry
from helpline.vault import sealing, signing
from helpline.vault.signing import BadSignature
from helpline.vault.statements import head_of
from tests.people import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace(hire: Callable[..., User]) -> User:
    return hire("grace", Role.SUPERVISOR)


@pytest.fixture
def founders(sunita: User, grace: User, unlock: Callable[[User], Member]) -> tuple[Member, Member]:
    return unlock(sunita), unlock(grace)


@pytest.fixture
def founded(line: Line, founders: tuple[Member, Member]) -> tuple[Member, Member]:
    first, second = founders
    found_and_vouch((first.user, first.seed), (second.user, second.seed))
    return founders


def signed(member: Member, *subjects: str) -> list[roster.Signed]:
    """What this person's browser signs of what waits."""
    seed = signing.signing_seed(member.seed)
    return [
        roster.Signed(each.subject, each.issued_at, signing.sign(seed, roster.SIGNED, each.payload))
        for each in (wanted.statement for wanted in roster.waiting())
        if not subjects or each.subject in subjects
    ]


def both_sign(founders: tuple[Member, Member]) -> None:
    vouch(*((each.user, signing.signing_seed(each.seed)) for each in founders))


def test_two_supervisors_found_it_and_it_vouches_for_everybody(founded: tuple[Member, Member], asha: User) -> None:
    entries = roster.entries()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert {entry.member for entry in entries[:2]} == {each.user for each in founded}
    assert roster.root() == head_of(entry.statement.payload for entry in entries[:2])
    assert roster.vouches_for(asha, roster.vouched())
    assert roster.waiting() == []
    assert all(bytes(key.signature) for key in LineKey.objects.filter(retired_at=None))
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.ROSTER_SIGNED, detail=asha.code).count() == 2


def test_one_signature_vouches_for_nobody(founded: tuple[Member, Member], hire: Callable[..., User]) -> None:
    wei = hire("wei")
    roster.sign(founded[0].user, signed(founded[0]))
    assert wei.code not in roster.vouched()
    (waiting,) = roster.waiting()
    assert waiting.half
    assert waiting.half.first_signer == founded[0].user
    with pytest.raises(roster.SamePerson):
        roster.sign(founded[0].user, signed(founded[0]))
    roster.sign(founded[1].user, signed(founded[1]))
    assert roster.vouches_for(wei, roster.vouched())


def test_two_who_signed_at_once_are_told_to_look_again(
    founded: tuple[Member, Member], hire: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page showed a statement without a signature, a moment apart: the second one is asked to sign the first's."""
    wei = hire("wei")
    early = signed(founded[0])
    moment = roster.now() + 60
    monkeypatch.setattr(roster, "now", lambda: moment)
    late = signed(founded[1])
    roster.sign(founded[0].user, early)
    with pytest.raises(roster.Changed):
        roster.sign(founded[1].user, late)
    roster.sign(founded[1].user, signed(founded[1]))
    assert roster.vouches_for(wei, roster.vouched())


def test_the_database_refuses_the_same_person_twice(founded: tuple[Member, Member], hire: Callable[..., User]) -> None:
    hire("wei")
    roster.sign(founded[0].user, signed(founded[0]))
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterEntry.objects.filter(seq=None).update(seq=9, second_signer=founded[0].user)
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterEntry.objects.filter(seq=None).update(seq=9)


def test_a_supervisors_own_line_is_signed_by_them_and_somebody_else(founded: tuple[Member, Member], line: Line) -> None:
    LineMembership.objects.create(line=line, user=founded[1].user)
    roster.sign(founded[1].user, signed(founded[1]))
    roster.sign(founded[0].user, signed(founded[0]))
    assert roster.vouched()[founded[1].user.code].lines == ["safe-to-talk"]


def test_a_supervisor_with_new_keys_signs_nothing_until_others_have_vouched(
    founded: tuple[Member, Member], unlock: Callable[[User], Member]
) -> None:
    new, user = sealing.generate_seed(), founded[1].user
    user.public_key, user.signing_key = sealing.public_key_of(new), signing.public_of(signing.signing_seed(new))
    user.save()
    with pytest.raises(roster.NotASigner):
        roster.sign(user, signed(Member(user, new, "")))


def test_only_vouched_supervisors_sign(
    founded: tuple[Member, Member], asha: User, hire: Callable[..., User], unlock: Callable[[User], Member]
) -> None:
    newcomer = hire("kiri", Role.SUPERVISOR)
    for somebody in (asha, newcomer):
        with pytest.raises(roster.NotASigner):
            roster.sign(somebody, signed(unlock(somebody), newcomer.code))


def test_a_signature_of_something_else_is_refused(founded: tuple[Member, Member], hire: Callable[..., User]) -> None:
    wei = hire("wei")
    (given,) = signed(founded[0])
    wei.public_key = sealing.public_key_of(sealing.generate_seed())
    wei.save()
    with pytest.raises(BadSignature):
        roster.sign(founded[0].user, [given])
    assert not RosterEntry.objects.filter(seq=None).exists()


def test_new_keys_between_the_signatures_begin_anew(founded: tuple[Member, Member], hire: Callable[..., User]) -> None:
    wei = hire("wei")
    roster.sign(founded[0].user, signed(founded[0]))
    wei.public_key = sealing.public_key_of(sealing.generate_seed())
    wei.save()
    roster.sign(founded[1].user, signed(founded[1]))
    assert wei.code not in roster.vouched()
    roster.sign(founded[0].user, signed(founded[0]))
    assert roster.vouches_for(wei, roster.vouched())


def test_who_has_left_or_may_no_longer_hold_words_is_withdrawn(
    founded: tuple[Member, Member], asha: User, ben: User
) -> None:
    remove_staff(asha)
    User.objects.filter(pk=ben.pk).update(role=Role.EDITOR)
    assert {each.statement.subject for each in roster.waiting() if each.statement.is_withdrawn} == {asha.code, ben.code}
    both_sign(founded)
    assert set(roster.vouched()) == {each.user.code for each in founded}
    assert roster.waiting() == []


def test_another_line_or_role_waits_for_signatures(founded: tuple[Member, Member], asha: User, line: Line) -> None:
    other = Line.objects.create(slug="quitline", name="Quitline")
    LineMembership.objects.create(line=other, user=asha)
    (wanted,) = roster.waiting()
    assert (wanted.statement.lines, wanted.statement.number) == (["quitline", "safe-to-talk"], 2)


def test_it_is_founded_by_two_and_only_once(founded: tuple[Member, Member]) -> None:
    first, second = (each.user for each in founded)
    for pair, refusal in (((first, first), roster.SamePerson), ((first, second), roster.Changed)):
        with pytest.raises(refusal):
            roster.found(*pair, roster.now(), [b"", b""])


def test_a_counsellor_founds_nothing(line: Line, sunita: User, asha: User) -> None:
    with pytest.raises(roster.NotASigner):
        roster.found(sunita, asha, roster.now(), [b"", b""])


def test_what_was_shown_long_ago_is_not_signed(founders: tuple[Member, Member]) -> None:
    first, second = founders
    issued_at = roster.now() - roster.ISSUED_WITHIN_SECONDS - 60
    seed = signing.signing_seed(first.seed)
    statements = roster.founding_of(first.user, second.user, issued_at)
    signatures = [signing.sign(seed, roster.SIGNED, each.payload) for each in statements]
    with pytest.raises(roster.Changed):
        roster.found(first.user, second.user, issued_at, signatures)


def test_a_signing_key_is_said_once(asha: User) -> None:
    with pytest.raises(roster.Changed):
        roster.keep_signing_key(asha, bytes(32))
    User.objects.filter(pk=asha.pk).update(signing_key=b"")
    roster.keep_signing_key(asha, bytes(32))
    asha.refresh_from_db()
    assert bytes(asha.signing_key) == bytes(32)
