"""Making and removing staff, and the account of what they did."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from helpline.accounts.actions import audit, create_staff, forget_in_audit, remove_staff, set_abilities
from helpline.accounts.models import AuditEvent, Gender, User
from helpline.accounts.skills import SKILLS, name_of
from helpline.lines.models import Line
from helpline.vault.codes import new_code

pytestmark = pytest.mark.django_db
Kind = AuditEvent.Kind


def test_staff_have_skills_languages_and_a_gender_or_do_not_say(hire: Callable[..., User]) -> None:
    said_nothing = hire("asha")
    assert (said_nothing.skills, said_nothing.languages, said_nothing.gender) == ([], ["en"], "")
    new, _ = create_staff("wei", "Wei", "Harakeke", skills=["voice"], languages=["en", "zh"], gender=Gender.FEMALE)
    kept = User.objects.get(pk=new.pk)
    assert (kept.skills, kept.languages, kept.gender) == (["voice"], ["en", "zh"], "female")


def test_what_is_not_given_stays(hire: Callable[..., User]) -> None:
    user = hire("asha")
    set_abilities(user, skills=("voice",), gender=Gender.FEMALE, is_new_starter=True)
    set_abilities(user, languages=["mi"])
    kept = User.objects.get(pk=user.pk)
    assert (kept.skills, kept.languages, kept.gender, kept.is_new_starter) == (["voice"], ["mi"], "female", True)
    set_abilities(user, skills=[], gender="", is_new_starter=False)
    kept.refresh_from_db()
    assert (kept.skills, kept.languages, kept.gender, kept.is_new_starter) == ([], ["mi"], "", False)


def test_what_could_be_asked_for_goes_with_the_account(hire: Callable[..., User]) -> None:
    user = hire("asha")
    User.objects.filter(pk=user.pk).update(skills=["voice"], languages=["mi"], gender=Gender.ANOTHER)
    remove_staff(User.objects.get(pk=user.pk))
    gone = User.objects.get(pk=user.pk)
    assert (gone.name, gone.pseudonym, gone.gender, gone.skills, gone.languages) == ("", "", "", [], [])


def test_a_skill_of_the_operators_own_has_a_name_too() -> None:
    assert name_of("young-people") == str(SKILLS["young-people"])
    assert name_of("sign-language") == "sign language"


def test_what_was_done_is_written_down(line: Line, sunita: User) -> None:
    code = new_code()
    audit("join", sunita, line=line, conversation_code=code)
    audit(Kind.CAPACITY_SET, sunita, detail="4")
    join, capacity = AuditEvent.objects.order_by("pk")
    assert (join.actor, join.line, join.conversation_code, join.detail) == (sunita, line.slug, code, "")
    assert (capacity.kind, capacity.line, capacity.detail) == ("capacity_set", "", "4")


def test_an_unknown_kind_is_a_mistake(sunita: User) -> None:
    with pytest.raises(ValueError, match="gossip"):
        audit("gossip", sunita)


@pytest.mark.parametrize("sentence", ["They said that", "Rātā", "a, b", "line\nbreak"])
def test_nobody_can_write_a_sentence_there(sunita: User, sentence: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        audit(Kind.WHISPER, sunita, detail=sentence)


def test_only_what_is_erased_is_forgotten(line: Line, sunita: User) -> None:
    erased, kept = new_code(), new_code()
    for code in (erased, kept):
        audit(Kind.READ_ALONG, sunita, line=line, conversation_code=code)
    forget_in_audit(erased)
    assert sorted(AuditEvent.objects.values_list("conversation_code", flat=True)) == ["", kept]
    assert AuditEvent.objects.get(conversation_code="").at.minute == 0


def test_whoever_did_something_stays_accountable_by_a_nameless_row(sunita: User) -> None:
    audit(Kind.JOIN, sunita)
    remove_staff(sunita)
    actor = AuditEvent.objects.get().actor
    assert actor
    assert actor.name == ""
