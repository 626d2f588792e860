"""Day keys: what is stored opens only with a key that no copy of the database has, and closes for good with it."""

import datetime as dt
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations import daykeys as stored
from helpline.conversations.actions import close, erase, keep_own_grant
from helpline.conversations.companions import Letter, begin_companion, whisper
from helpline.conversations.daykeys import grant_of, letter_of
from helpline.conversations.disclosures import Request, ask_disclosure
from helpline.conversations.models import Author, Companion, Conversation, Disclosure, Grant, Whisper
from helpline.lines.models import Line
from helpline.vault import daykeys, sealing
from helpline.vault.codes import new_code
from helpline.vault.keystore import KeyStore, KeyStoreUnavailable
from helpline.vault.models import DayKey, EndedDayKey, SpentDayKey
from helpline.vault.sealing import CannotOpen
from tests.people import HelpSeeker, Member, take

pytestmark = pytest.mark.django_db
SUPERVISOR = Grant.Reader.SUPERVISOR
TOMORROW = timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def own_store(key_store: KeyStore) -> None:
    daykeys.forget_cached()


@pytest.fixture
def supervised(
    waiting: Conversation, line: Line, sunita: User, unlock: Callable[[User], Member]
) -> Callable[[], bytes]:
    """What the supervisors' key opens now: the conversation's seed."""
    seed = unlock(sunita).line_seed(line, "supervisor")

    def opened() -> bytes:
        sealed = grant_of(waiting, SUPERVISOR)
        assert sealed is not None
        return sealing.open_grant(seed, sealed, code=waiting.code, reader="supervisor")

    return opened


@pytest.fixture
def lettered(waiting: Conversation, asha: User, sunita: User, line: Line) -> tuple[Whisper, Disclosure]:
    take(asha, waiting)
    begin_companion(waiting, sunita, Companion.Kind.READING)
    [whispered] = whisper(waiting, sunita, [Letter(asha, new_code(), b"to asha", b"to sunita")])
    return whispered, ask_disclosure(waiting, asha, Request(new_code(), b"to them", b"to asha", is_person_told=False))


def test_what_is_stored_is_not_what_was_sealed(waiting: Conversation, supervised: Callable[[], bytes]) -> None:
    row = Grant.objects.get(conversation=waiting, reader=SUPERVISOR)
    sealed = grant_of(waiting, SUPERVISOR)
    assert sealed
    assert len(row.sealed) == sealing.SEALED_KEY_BYTES + 28
    assert sealed not in bytes(row.sealed)
    assert supervised()


def test_no_key_is_in_the_database(waiting: Conversation, key_store: KeyStore) -> None:
    (name,) = key_store.names("day-")
    key = key_store.read(name)
    assert key
    for row in Grant.objects.values_list():
        assert not any(key in bytes(value) for value in row if isinstance(value, bytes | memoryview))


def test_everything_of_one_day_is_under_one_key(line: Line, key_store: KeyStore) -> None:
    HelpSeeker().start(line)
    HelpSeeker().start(line)
    assert set(Grant.objects.values_list("day_key", flat=True)) == set(key_store.names("day-"))
    assert DayKey.objects.get().day == timezone.localdate()


def test_letters_between_colleagues_are_wrapped_too(lettered: tuple[Whisper, Disclosure]) -> None:
    whispered, disclosure = Whisper.objects.get(), Disclosure.objects.get()
    assert (letter_of(whispered, "sealed_to"), letter_of(whispered, "sealed_own")) == (b"to asha", b"to sunita")
    assert letter_of(disclosure, "sealed_to_supervisors") == b"to them"
    assert letter_of(disclosure, "sealed_own") == b"to asha"
    raw = b"".join(bytes(part) for part in (whispered.sealed_to, disclosure.sealed_to_supervisors))
    assert b"to " not in raw


def test_nothing_opens_in_anothers_place(line: Line, lettered: tuple[Whisper, Disclosure]) -> None:
    other = HelpSeeker().start(line)
    own = Grant.objects.get(conversation=lettered[0].conversation, reader=SUPERVISOR)
    Grant.objects.filter(conversation=other, reader=SUPERVISOR).update(sealed=own.sealed)
    with pytest.raises(CannotOpen):
        grant_of(other, SUPERVISOR)
    Grant.objects.filter(conversation=other, reader="help_seeker").update(sealed=own.sealed)
    with pytest.raises(CannotOpen):
        grant_of(other, "help_seeker")
    Whisper.objects.update(sealed_to=lettered[0].sealed_own)
    with pytest.raises(CannotOpen):
        letter_of(Whisper.objects.get(), "sealed_to")


def test_a_destroyed_key_closes_what_was_under_it(waiting: Conversation, key_store: KeyStore) -> None:
    for name in key_store.names("day-"):
        key_store.destroy(name)
    daykeys.forget_cached()
    assert grant_of(waiting, SUPERVISOR) is None


# Turning


def test_whatever_ends_spends_its_key(waiting: Conversation, line: Line, asha: User) -> None:
    assert not SpentDayKey.objects.exists()
    close(waiting, Author.HELP_SEEKER)
    assert set(SpentDayKey.objects.values_list("name", flat=True)) == set(DayKey.objects.values_list("name", flat=True))
    HelpSeeker().start(line).grants.all().delete()
    assert SpentDayKey.objects.count() == 1


@pytest.mark.parametrize("model", [Whisper, Disclosure])
def test_a_letter_that_ends_spends_it_too(lettered: object, model: type[Whisper | Disclosure]) -> None:
    SpentDayKey.objects.all().delete()
    model.objects.all().delete()
    assert SpentDayKey.objects.exists()


def test_a_grant_that_takes_anothers_place_spends_it(waiting: Conversation) -> None:
    stored.put_grant(waiting, "queue", b"another")
    assert SpentDayKey.objects.exists()


def test_in_the_night_after_an_erasure_what_lives_goes_over_and_the_key_ends(
    waiting: Conversation, line: Line, supervised: Callable[[], bytes], key_store: KeyStore
) -> None:
    before, (old,) = supervised(), key_store.names("day-")
    erase(HelpSeeker().start(line))
    assert stored.turn_spent(timezone.localdate()) == 0  # made today: once a day is enough
    assert stored.turn_spent(TOMORROW) == 1
    assert key_store.read(old)  # until the transaction is on the disk
    assert daykeys.destroy_ended() == 1
    assert key_store.read(old) is None
    assert supervised() == before
    (fresh,) = key_store.names("day-")
    assert DayKey.objects.get().name == fresh != old
    assert not SpentDayKey.objects.exists()
    assert stored.turn_spent(TOMORROW) == 0


def test_letters_go_over_too(lettered: tuple[Whisper, Disclosure], line: Line) -> None:
    erase(HelpSeeker().start(line))
    assert stored.turn_spent(TOMORROW) == 1
    daykeys.destroy_ended()
    assert letter_of(Whisper.objects.get(), "sealed_own") == b"to sunita"
    assert letter_of(Disclosure.objects.get(), "sealed_own") == b"to asha"


def test_what_somebody_holds_for_long_outlives_its_days_key(
    waiting: Conversation, asha: User, supervised: Callable[[], bytes]
) -> None:
    """A conversation that stays open for a year is moved again and again, and never lost."""
    before = supervised()
    for night in range(1, 5):
        stored.put_grant(waiting, "queue", b"another")  # something of the same day ends
        stored.turn_spent(timezone.localdate() + dt.timedelta(days=night))
        DayKey.objects.update(made_on=timezone.localdate())
        daykeys.destroy_ended()
    assert supervised() == before


def test_a_key_that_nothing_needs_ends_without_a_successor(waiting: Conversation, key_store: KeyStore) -> None:
    erase(waiting)
    stored.turn_spent(TOMORROW)
    daykeys.destroy_ended()
    assert key_store.names("day-") == []
    assert not DayKey.objects.exists()


def test_a_crash_after_any_step_loses_nothing_and_the_next_run_ends_it(
    waiting: Conversation, line: Line, supervised: Callable[[], bytes], key_store: KeyStore
) -> None:
    before, key = supervised(), DayKey.objects.get()
    erase(HelpSeeker().start(line))
    daykeys.replace(key)  # and here it stopped
    assert supervised() == before
    fresh = DayKey.objects.exclude(name=key.name).get()
    assert fresh.is_writing
    stored.turn_spent(TOMORROW)  # moved and ended, and here it stopped
    assert EndedDayKey.objects.filter(name=key.name).exists()
    assert supervised() == before
    daykeys.destroy_ended()
    assert key.name not in key_store.names("day-")
    assert supervised() == before


def test_a_key_with_something_under_it_cannot_end(waiting: Conversation) -> None:
    name = DayKey.objects.get().name
    assert not daykeys.end(name)
    assert DayKey.objects.filter(name=name).exists()
    with connection.cursor() as cursor:  # nor by hand
        cursor.execute("SELECT confdeltype FROM pg_constraint WHERE confrelid = 'vault_daykey'::regclass")
        assert {row[0] for row in cursor.fetchall()} == {"a"}


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_the_key_turns_loses_nothing(line: Line, key_store: KeyStore) -> None:
    """Chats begin all the while; afterwards every grant opens, and the old keys are gone."""
    stop, begun = threading.Event(), []

    def begin() -> None:
        while not stop.is_set():
            begun.append(HelpSeeker().start(line))
        connection.close()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    turned = 0
    while len(begun) < 12 or turned < 6:
        for key in DayKey.objects.all():
            stored.turn(key)
            turned += 1
        daykeys.destroy_ended()
    stop.set()
    for thread in threads:
        thread.join()
    daykeys.forget_cached()
    assert all(grant_of(conversation, SUPERVISOR) for conversation in begun)
    assert set(key_store.names("day-")) == set(DayKey.objects.values_list("name", flat=True))


# A key store that is away, or not the right one


def test_without_the_key_store_a_chat_is_refused_with_a_sentence_and_nothing_is_kept(
    line: Line, client: Client, help_seeker: HelpSeeker
) -> None:
    body = help_seeker.start_json(line)
    Path(settings.KEYS_DIR).chmod(0o755)
    answer = client.post("/chat/start", body, content_type="application/json", headers={"host": "localhost"})
    assert (answer.status_code, answer.json()["error"]) == (503, "busy")
    assert not Conversation.objects.exists()
    Path(settings.KEYS_DIR).chmod(0o700)
    answer = client.post("/chat/start", body, content_type="application/json", headers={"host": "localhost"})
    assert answer.status_code == 200


def test_an_empty_key_store_in_the_place_of_the_right_one_is_refused(waiting: Conversation, line: Line) -> None:
    """As when two processes have different folders: nothing may be wrapped under a key that only one of them has."""
    for path in Path(settings.KEYS_DIR).iterdir():
        path.unlink()
    daykeys.forget_cached()
    with pytest.raises(KeyStoreUnavailable, match="HELPLINE_KEYS"):
        HelpSeeker().start(line)
    assert daykeys.lost() == [DayKey.objects.get().name]


def test_what_is_lost_for_good_can_be_given_up(waiting: Conversation, key_store: KeyStore, line: Line) -> None:
    for name in key_store.names("day-"):
        key_store.destroy(name)
    daykeys.forget_cached()
    assert stored.forget(daykeys.lost()) == 3
    assert not DayKey.objects.exists()
    assert grant_of(HelpSeeker().start(line), SUPERVISOR)


def test_the_migration_wraps_what_was_there_before(
    waiting: Conversation, asha: User, lettered: tuple[Whisper, Disclosure]
) -> None:
    """Stored as it was sealed before there were day keys, and afterwards opened as everything else."""
    keep_own_grant(waiting, asha, b"to asha")
    Grant.objects.filter(reader="staff").update(sealed=b"to asha")
    Grant.objects.exclude(reader="staff").delete()
    Whisper.objects.update(sealed_to=b"to asha", sealed_own=b"to sunita")
    Disclosure.objects.update(sealed_to_supervisors=b"to them", sealed_own=b"to asha")
    DayKey.objects.update(is_writing=False)
    import_module("helpline.conversations.migrations.0005_day_keys").wrap_what_is_there(apps, None)
    assert grant_of(waiting, "staff", asha) == b"to asha"
    assert letter_of(Whisper.objects.get(), "sealed_to") == b"to asha"
    assert letter_of(Disclosure.objects.get(), "sealed_to_supervisors") == b"to them"
    names = {Grant.objects.get().day_key_id, Whisper.objects.get().day_key_id}
    assert names == {DayKey.objects.get(is_writing=True).name}
