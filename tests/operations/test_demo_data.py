from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone
from pytest_django.fixtures import Settings

from helpline.accounts.models import Role, User
from helpline.content.consultations import consultations_of, in_language
from helpline.directory.models import Service
from helpline.engagement.consulted import hui_notes, waiting
from helpline.engagement.models import Subscriber, Update
from helpline.lines.models import Line
from helpline.lines.queries import helpers_of, is_open
from helpline.lines.training import Standing, due_of
from helpline.operations import demo_data
from helpline.operations.checks import faults
from helpline.records.models import ContactRecord
from helpline.records.months import closes_from, month_of
from helpline.vault import passphrases
from tests.written import together

pytestmark = pytest.mark.django_db

# Its carriers are in the demonstration's own process, at ports that are others at each start.
COME_WITH_ITS_PHONE = {
    f"{slug} has {channel}, and no carrier that sends: run helpline set_carrier"
    for slug, channel in (("safe-to-talk", "email"), ("safe-to-talk", "sms"), ("1737", "sms"))
}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with together(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrases, "MEMORY_KIB", 64)
        assert demo_data.load()
        yield


def sign_in(username: str) -> bool:
    """Whether the printed passphrase lets this person in."""
    user = User.objects.get(username=username)
    passphrase = next(who.passphrase for who in demo_data.STAFF if who.username == username)
    stretched = passphrases.stretch(passphrase, bytes(user.key_wraps.get().salt))
    return authenticate(username=username, password=passphrases.sign_in_secret(stretched)) == user


def test_the_live_service_refuses_it(settings: Settings) -> None:
    """Comes first: what is `loaded` stays until the last one."""
    settings.DEMONSTRATION = False
    with pytest.raises(demo_data.NotADemonstration):
        demo_data.load()
    assert not User.objects.exists()


def test_four_lines_with_everyone_they_need(loaded: None, settings: Settings) -> None:
    lines = list(Line.objects.all())
    assert [line.slug for line in lines] == ["safe-to-talk", "1737", "healthline", "quitline"]
    assert lines[0].name == "Safe to talk · Kōrero mai, ka ora"
    assert [fault for fault in faults() if fault not in COME_WITH_ITS_PHONE] == [
        "PostgreSQL has fsync = off; it must be on (docs/running.md)"
    ]
    for role, number in {
        Role.COUNSELLOR: 8,
        Role.SUPERVISOR: 2,
        Role.OPERATOR: 1,
        Role.EDITOR: 1,
        Role.ANALYST: 2,
    }.items():
        assert User.objects.filter(role=role).count() == number
    assert User.objects.filter(memberships__line=lines[0]).count() == 12
    for line in lines:
        members = User.objects.filter(memberships__line=line, role__in=[Role.COUNSELLOR, Role.SUPERVISOR])
        assert members.count() >= 3
        assert members.filter(skills__contains=line.required_skills).count() == members.count()


def test_services_to_tell_people_about(loaded: None) -> None:
    assert Service.objects.count() == 151


def test_staff_of_one_line_help_out_on_another(loaded: None) -> None:
    helped = {line.slug: set(helpers_of(line).values_list("username", flat=True)) for line in Line.objects.all()}
    assert helped == {"safe-to-talk": {"ruth"}, "1737": {"hana"}, "healthline": set(), "quitline": set()}


def test_everybody_may_be_offered_somebody_and_one_persons_course_runs_out_soon(loaded: None) -> None:
    staff = list(User.objects.filter(role__in=[Role.COUNSELLOR, Role.SUPERVISOR]))
    due = {user.username: due_of([user])[user.pk] for user in staff}
    assert {name: [each.standing for each in found] for name, found in due.items() if found} == {
        "tama": [Standing.SOON]
    }


def test_quitline_closes_at_night_and_shows_no_number_that_nobody_checked(loaded: None) -> None:
    quitline = Line.objects.get(slug="quitline")
    assert not is_open(quitline, datetime(2026, 7, 1, 12, tzinfo=UTC))  # midnight in Auckland
    assert (quitline.phone, quitline.text_number, quitline.email) == ("", "", "")


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
    # A month that may be closed has figures already, of other contacts: these would not be among them.
    assert not any(closes_from(month_of(each.started_hour)) <= timezone.localdate() for each in records)
    for record in records:
        record.full_clean()


def test_a_second_start_changes_nothing(loaded: None) -> None:
    before = set(User.objects.values_list("code", flat=True))
    assert not demo_data.load()
    assert set(User.objects.values_list("code", flat=True)) == before


def test_one_consultation_is_open_and_one_was_answered(loaded: None) -> None:
    assert demo_data.load_consultations()
    assert not demo_data.load_consultations()  # once
    line = Line.objects.get(slug="safe-to-talk")
    opened, closed = consultations_of(line)
    today = timezone.localdate()
    assert (opened.state_on(today), closed.state_on(today)) == ("open", "closed")
    assert len(in_language(opened, "en").sections) == 4
    assert sum(len(each.proposals) for each in in_language(opened, "en").sections) == 3
    assert all(each.said and each.did for each in in_language(closed, "en").sections)
    assert len(waiting(opened)) == 2
    assert hui_notes(opened).count() == hui_notes(closed).count() == 1
    assert in_language(opened, "mi").title.language == "mi"


def test_an_archive_of_updates_and_one_that_waits_for_a_look(loaded: None) -> None:
    assert demo_data.load_updates()
    assert not demo_data.load_updates()  # once
    waits = Update.objects.exclude(state=Update.State.SENT).get()
    assert waits.state == Update.State.WAITING
    assert Update.objects.filter(source="").count() == 3
    assert Update.objects.filter(source__startswith="figures:").count() > 12
    assert Subscriber.objects.count() == 5
