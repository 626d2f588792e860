"""Inviting somebody, and their taking it up with keys of their own."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from helpline.accounts.actions import create_staff, remove_staff
from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines.invitations import (
    GOOD_FOR,
    InvitationUnknown,
    NameTaken,
    end_invitations,
    get_invitation,
    invite,
    take_up,
    withdraw,
)
from helpline.lines.models import Invitation, Line
from helpline.vault import passphrases
from helpline.vault.passphrases import StaffKeys

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(line: Line, sunita: User) -> tuple[Invitation, str]:
    """Tui, asked by sunita to work on the line."""
    return invite(
        sunita,
        username="tui",
        name="Tui",
        pseudonym="Mānuka",
        role=Role.COUNSELLOR,
        lines=[line.slug],
        skills=["voice"],
    )


def own_keys(code: str) -> StaffKeys:
    return passphrases.new_staff_keys("five words of their own", code)


def test_whoever_has_the_words_becomes_who_was_invited(
    invited: tuple[Invitation, str], line: Line, hire: Callable[..., User]
) -> None:
    invitation, words = invited
    keys = own_keys(invitation.code)
    user = take_up(words, invitation.code, keys)
    assert (user.username, user.name, user.pseudonym, user.role) == ("tui", "Tui", "Mānuka", "counsellor")
    assert (user.code, user.skills) == (invitation.code, ["voice"])
    assert bytes(user.public_key) == keys.public_key
    assert user.check_password(keys.sign_in_secret)
    assert [membership.line for membership in user.memberships.all()] == [line]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("typed", ["{0}", "  {0} ", "{1}", "{2}"])
def test_words_are_taken_however_they_are_typed(invited: tuple[Invitation, str], typed: str) -> None:
    words = invited[1]
    assert get_invitation(typed.format(words, words.upper(), words.replace(" ", ",  "))) == invited[0]


def test_words_that_lead_nowhere_all_look_the_same(invited: tuple[Invitation, str], sunita: User) -> None:
    invitation, words = invited
    keys = own_keys(invitation.code)
    for wrong in ("", words.rsplit(" ", 1)[0], "six words that nobody was given"):
        with pytest.raises(InvitationUnknown):
            get_invitation(wrong)
        with pytest.raises(InvitationUnknown):
            take_up(wrong, invitation.code, keys)
    with pytest.raises(InvitationUnknown):
        take_up(words, sunita.code, keys)
    withdraw(sunita, invitation)
    with pytest.raises(InvitationUnknown):
        take_up(words, invitation.code, keys)


def test_it_is_over_after_a_week(invited: tuple[Invitation, str]) -> None:
    invitation, words = invited
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(InvitationUnknown):
        get_invitation(words)
    with pytest.raises(InvitationUnknown):
        take_up(words, invitation.code, own_keys(invitation.code))
    assert end_invitations() == 1
    assert not Invitation.objects.exists()


def test_an_invitation_that_may_still_be_taken_up_stays(invited: tuple[Invitation, str]) -> None:
    assert end_invitations(timezone.now() + GOOD_FOR - dt.timedelta(minutes=1)) == 0


def test_it_is_taken_up_once_and_an_answer_may_get_lost(invited: tuple[Invitation, str], line: Line) -> None:
    invitation, words = invited
    keys = own_keys(invitation.code)
    user = take_up(words, invitation.code, keys)
    assert take_up(words, invitation.code, keys) == user
    with pytest.raises(InvitationUnknown):
        take_up(words, invitation.code, own_keys(invitation.code))
    user.refresh_from_db()
    assert bytes(user.public_key) == keys.public_key


@pytest.mark.parametrize("username", ["asha", "Asha", "tui"])
def test_a_name_belongs_to_one_person(invited: tuple[Invitation, str], asha: User, sunita: User, username: str) -> None:
    with pytest.raises(NameTaken):
        invite(sunita, username=username, name="A", pseudonym="B", role=Role.COUNSELLOR)
    assert Invitation.objects.count() == 1


def test_a_name_that_was_given_away_meanwhile(invited: tuple[Invitation, str]) -> None:
    invitation, words = invited
    create_staff("tui", "Another", "Tī")
    with pytest.raises(NameTaken):
        take_up(words, invitation.code, own_keys(invitation.code))
    assert get_invitation(words) == invitation


def test_the_words_are_kept_nowhere(invited: tuple[Invitation, str]) -> None:
    row = Invitation.objects.values().get()
    assert not any(word in str(value) for word in invited[1].split() for value in row.values())


def test_it_is_accounted_for_on_each_line(invited: tuple[Invitation, str], line: Line, sunita: User) -> None:
    invitation, words = invited
    user = take_up(words, invitation.code, own_keys(invitation.code))
    found = AuditEvent.objects.order_by("pk").values_list("kind", "actor", "line", "detail")
    about = f"{invitation.code}:counsellor"
    assert list(found) == [("invited", sunita.pk, line.slug, about), ("joined_staff", user.pk, line.slug, about)]


def test_a_command_invites_too(db: None) -> None:
    invite(None, username="kahu", name="Kahu", pseudonym="Kahu", role=Role.OPERATOR)
    event = AuditEvent.objects.get()
    assert (event.kind, event.actor, event.line) == ("invited", None, "")


def test_it_goes_with_whoever_made_it(invited: tuple[Invitation, str], sunita: User) -> None:
    remove_staff(sunita)
    assert not Invitation.objects.exists()
