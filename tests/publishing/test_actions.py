"""Two people release; what they sign is checked; a correction is a note that two people sign."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines.models import Line, LineMembership
from helpline.publishing import seal
from helpline.publishing.actions import (
    Changed,
    NotASigner,
    NotSound,
    SamePerson,
    keep_proposal,
    sign_note,
    sign_release,
    take_back,
    throw_away,
    write_note,
)
from helpline.publishing.models import Note, Release
from helpline.publishing.queries import (
    ReleaseUnknown,
    get_release_for,
    is_genuine,
    released,
    releases_for,
)
from helpline.vault.signing import BadSignature
from tests.people import Member
from tests.publishing.releases import MONTH, a_proposal, sealed, sign, signature_of, some_values

pytestmark = pytest.mark.django_db
Unlock = Callable[[User], Member]


@pytest.fixture
def ana(hire: Callable[..., User], line: Line) -> User:
    """An analyst of the line."""
    user = hire("ana", role=Role.ANALYST)
    LineMembership.objects.create(user=user, line=line)
    return user


def test_the_first_proposes_and_the_second_releases(line: Line, ana: User, sunita: User, unlock: Unlock) -> None:
    release = sign(unlock(ana), a_proposal(line))
    assert not release.is_released
    release = sign(unlock(sunita), release)
    assert release.is_released
    assert is_genuine(Release.objects.get())
    assert [each.start for each in released(line)] == [MONTH]
    kinds = AuditEvent.objects.filter(detail="month.2026-09-01").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["figures_proposed", "figures_released"]


def test_one_person_signs_once(line: Line, ana: User, unlock: Unlock) -> None:
    release = sign(unlock(ana), a_proposal(line))
    with pytest.raises(SamePerson):
        sign(unlock(ana), release)
    assert not Release.objects.get().is_released


def test_a_signature_of_other_bytes_is_none(line: Line, ana: User, unlock: Unlock) -> None:
    release, member = a_proposal(line), unlock(ana)
    for wrong in (signature_of(member, b"other"), signature_of(member, release.payload, seal.NOTE_SIGNED)):
        with pytest.raises(BadSignature):
            sign_release(ana, release, wrong)
    assert Release.objects.get().proposed_by is None


def test_a_counsellor_releases_nothing(line: Line, asha: User, unlock: Unlock) -> None:
    with pytest.raises(NotASigner):
        sign(unlock(asha), a_proposal(line))
    with pytest.raises(ReleaseUnknown):
        get_release_for(asha, Release.objects.get().code)


def test_another_lines_figures_are_not_there(line: Line, hire: Callable[..., User]) -> None:
    a_proposal(line)
    assert not releases_for(hire("elsewhere", role=Role.ANALYST)).exists()


def test_what_the_attacker_broke_is_not_signed(line: Line, ana: User, unlock: Unlock) -> None:
    broken = keep_proposal(line, sealed(line), {"exact": 1}, is_sound=False)
    with pytest.raises(NotSound):
        sign(unlock(ana), broken)


def test_what_is_prepared_anew_replaces_what_nobody_released(line: Line, ana: User, unlock: Unlock) -> None:
    first = sign(unlock(ana), keep_proposal(line, sealed(line), {}, is_sound=True))
    assert keep_proposal(line, sealed(line), {}, is_sound=True) == first  # nothing new: the signature stays
    other = sealed(line, values=some_values(base=9))
    assert keep_proposal(line, other, {}, is_sound=True).proposed_by is None
    with pytest.raises(Changed):
        sign(unlock(ana), first)  # of bytes that are gone


def test_a_signature_is_taken_back_before_the_second(line: Line, ana: User, sunita: User, unlock: Unlock) -> None:
    release = sign(unlock(ana), a_proposal(line))
    take_back(sunita, release)
    assert not Release.objects.get().first_signature
    sign(unlock(sunita), sign(unlock(ana), release))
    with pytest.raises(Changed):
        take_back(sunita, release)


def test_a_correction_is_a_note_by_two(line: Line, ana: User, sunita: User, unlock: Unlock) -> None:
    release = sign(unlock(sunita), sign(unlock(ana), a_proposal(line)))
    before = bytes(release.sealed)
    note = write_note(ana, release, "The webchat was closed on two days.")
    with pytest.raises(Changed):
        write_note(sunita, release, "Another one, meanwhile.")
    for member in (unlock(ana), unlock(sunita)):
        sign_note(member.user, note, signature_of(member, note.payload, seal.NOTE_SIGNED))
    note = Note.objects.get()
    assert note.is_released
    assert is_genuine(note)
    assert bytes(Release.objects.get().sealed) == before
    with pytest.raises(Changed):
        throw_away(ana, note)
    assert write_note(ana, release, "A second one.").number == 2


def test_nothing_is_noted_beside_what_is_not_released(line: Line, ana: User) -> None:
    with pytest.raises(Changed):
        write_note(ana, a_proposal(line), "Too early.")
