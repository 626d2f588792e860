from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.accounts.models import Role, User
from helpline.lines.models import Line, LineKeyWrap
from helpline.operations import demo_data
from helpline.records.models import ContactRecord
from helpline.vault import passphrases

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "MEMORY_KIB", 64)
    assert demo_data.load()


def sign_in(username: str) -> bool:
    """Whether the printed passphrase lets this person in."""
    user = User.objects.get(username=username)
    passphrase = next(who.passphrase for who in demo_data.STAFF if who.username == username)
    stretched = passphrases.stretch(passphrase, bytes(user.key_wraps.get().salt))
    return authenticate(username=username, password=passphrases.sign_in_secret(stretched)) == user


def test_a_line_with_everyone_it_needs(loaded: None) -> None:
    assert Line.objects.get().name == "Safe to talk · Kōrero mai, ka ora"
    assert User.objects.filter(memberships__line__slug="safe-to-talk").count() == 12
    for role, number in {Role.COUNSELLOR: 8, Role.SUPERVISOR: 2, Role.OPERATOR: 1, Role.EDITOR: 1}.items():
        assert User.objects.filter(role=role).count() == number
    assert LineKeyWrap.objects.filter(line_key__purpose="queue").count() == 10
    assert LineKeyWrap.objects.filter(line_key__purpose="supervisor").count() == 2


def test_the_printed_sign_ins_work_in_a_demonstration_only(loaded: None, settings: Settings) -> None:
    assert all(sign_in(who.username) for who in demo_data.STAFF)
    settings.DEMONSTRATION = False
    assert not any(sign_in(who.username) for who in demo_data.STAFF)


def test_passphrases_are_five_different_words_and_everybody_has_their_own() -> None:
    printed = [who.passphrase for who in demo_data.STAFF]
    assert all(len(set(words.split())) == 5 for words in printed)
    assert len(set(printed)) == len(printed)


def test_history_is_coded_recent_and_leads_to_nobody(loaded: None) -> None:
    records = ContactRecord.objects.all()
    assert records.count() == demo_data.HISTORY_DAYS * demo_data.CONTACTS_A_DAY
    assert not records.filter(conversation__isnull=False).exists()
    assert not records.filter(started_hour__gt=timezone.now()).exists()
    assert not records.filter(started_hour__lt=timezone.now() - timedelta(days=29)).exists()
    for record in records:
        record.full_clean()


def test_a_second_start_changes_nothing(loaded: None) -> None:
    before = set(User.objects.values_list("code", flat=True))
    assert not demo_data.load()
    assert set(User.objects.values_list("code", flat=True)) == before


def test_the_live_service_refuses_it(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(demo_data.NotADemonstration):
        demo_data.load()
    assert not User.objects.exists()
