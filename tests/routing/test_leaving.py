"""Somebody's access ends in the middle of everything: at once for them, kindly for whoever they were with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

import pytest
from django.conf import settings

from helpline.accounts.models import AuditEvent, StaffKeyWrap, StaffSession, User
from helpline.conversations.actions import keep_own_grant
from helpline.conversations.companions import begin_companion
from helpline.conversations.models import Companion, Conversation, Grant, State
from helpline.conversations.queries import companies_of
from helpline.lines.models import Line, LineKeyWrap
from helpline.routing import router
from helpline.routing.leaving import end_companies, leave
from helpline.routing.models import Offer, QueueEntry
from helpline.vault import daykeys, keystore, tombstones
from helpline.vault.keystore import KeyStore
from tests.people import HelpSeeker, Member, take, words_of
from tests.routing.conftest import offered_to
from tests.workspace.conftest import Desk, desk_of

__all__ = ["desk_of"]

pytestmark = pytest.mark.django_db

Arrive = Callable[..., Conversation]
ComeOn = Callable[..., User]
PassTime = Callable[..., router.Stepped]


def test_open_conversations_go_back_to_their_place_and_the_person_is_told(
    line: Line, come_on: ComeOn, arrive: Arrive, pass_time: PassTime, asha: User, ben: User
) -> None:
    person = HelpSeeker()
    held, later = person.start(line), arrive()
    before = QueueEntry.objects.get(conversation=held)
    take(come_on(asha), held)
    come_on(ben)
    assert leave(asha) == 1
    held.refresh_from_db()
    after = QueueEntry.objects.get(conversation=held)
    assert (held.state, held.counsellor, after.due_at) == (State.WAITING, None, before.due_at)
    assert "has had to go, and a colleague goes on with you" in words_of(held, person.seed)[-1]
    pass_time(1)
    assert offered_to(ben) == held
    assert later.state == State.WAITING


def test_nothing_of_theirs_is_left_that_opens_anything(
    come_on: ComeOn, arrive: Arrive, asha: User, unlock: Callable[[User], Member], desk_of: Callable[[User], Desk]
) -> None:
    held = arrive()
    desk = desk_of(asha)
    take(come_on(asha), held)
    keep_own_grant(held, asha, b"sealed")
    leave(asha)
    for model in (Grant, StaffKeyWrap, LineKeyWrap, StaffSession):
        assert not model.objects.filter(user=asha).exists()
    assert desk.get("/keys.json").status_code == 401
    assert desk.get(f"/c/{held.code}/words.json").status_code == 401
    asha.refresh_from_db()
    assert (asha.is_active, asha.name, asha.pseudonym) == (False, "", "")


class Broken:
    """A key store that fails in a way of its own."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(name)


@pytest.mark.parametrize("is_broken", [False, True])
def test_it_is_over_at_once_whatever_the_key_store_does(
    key_store: KeyStore,
    monkeypatch: pytest.MonkeyPatch,
    is_broken: bool,
    come_on: ComeOn,
    arrive: Arrive,
    asha: User,
    ben: User,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    with_ben, held = arrive(), arrive()
    take(come_on(ben), with_ben)
    take(come_on(asha), held)
    keep_own_grant(held, asha, b"sealed")
    begin_companion(with_ben, asha, Companion.Kind.THREE_WAY, b"sealed", by=ben)
    folder = Path(settings.KEYS_DIR)
    folder.chmod(0o755)
    monkeypatch.setattr(settings, "KEYSTORE", f"{__name__}.Broken" if is_broken else settings.KEYSTORE)
    daykeys.forget_cached()
    with django_capture_on_commit_callbacks(execute=True):
        assert leave(asha) == 1
    asha.refresh_from_db()
    assert not asha.is_active
    assert not Grant.objects.filter(user=asha).exists()
    assert not companies_of(asha).exists()
    folder.chmod(0o700)
    monkeypatch.setattr(settings, "KEYSTORE", keystore.FOLDER)
    assert tombstones.write_out() == 1  # as the next retention run does
    assert tombstones.buried([asha.code]) == [asha.code]


def test_what_was_being_offered_goes_to_the_next(
    come_on: ComeOn, arrive: Arrive, pass_time: PassTime, asha: User, ben: User
) -> None:
    come_on(asha)
    waiting = arrive()
    pass_time()
    assert offered_to(asha) == waiting
    leave(asha)
    assert not Offer.objects.filter(user=asha, state=Offer.State.OPEN).exists()
    come_on(ben)
    pass_time(1)
    assert offered_to(ben) == waiting


def test_a_supervisor_who_leaves_is_no_longer_in_anybodys_conversation(
    come_on: ComeOn, arrive: Arrive, asha: User, sunita: User
) -> None:
    held = arrive()
    take(come_on(asha), held)
    begin_companion(held, sunita, Companion.Kind.READING)
    assert leave(sunita) == 0
    assert not companies_of(sunita).exists()
    held.refresh_from_db()
    assert held.counsellor == asha
    assert AuditEvent.objects.filter(kind="leave", actor=sunita).exists()


def test_companies_end_on_one_line_alone(line: Line, come_on: ComeOn, arrive: Arrive, asha: User, sunita: User) -> None:
    held = arrive()
    take(come_on(asha), held)
    begin_companion(held, sunita, Companion.Kind.READING)
    end_companies(sunita, Line.objects.create(slug="another", name="Another"))
    assert companies_of(sunita).exists()
    end_companies(sunita, line)
    assert not companies_of(sunita).exists()


def test_leaving_twice_is_leaving(asha: User) -> None:
    leave(asha)
    assert leave(asha) == 0
