"""The closure test: what each can open, and what nobody can, is what the policy says; broken rules are caught."""

import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from helpline.accounts import actions as accounts
from helpline.accounts.models import User
from helpline.conversations import actions, companions, ends
from helpline.conversations import daykeys as stored
from helpline.conversations.models import State
from helpline.lines import actions as lines
from helpline.lines.models import Line
from helpline.operations import backups
from helpline.referrals.actions import withdraw
from helpline.vault import daykeys, sealing
from helpline.vault.codes import b64url_encode
from helpline.vault.keystore import KeyStore
from tests.closure import thief
from tests.closure.thief import copy_now, day_keys_now, opened_by
from tests.closure.world import HERE, Episode, World
from tests.people import HelpSeeker

COUNSELLORS = ["asha", "ben", "sunita"]


@pytest.fixture(autouse=True)
def own_store(key_store: KeyStore) -> None:
    daykeys.forget_cached()
    thief.attempt.cache_clear()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each key is tried on everything: what is made of its seed alone is made once."""
    monkeypatch.setattr(sealing, "_expand", cache(sealing._expand))


@pytest.fixture
def world(line: Line, hire: Callable[..., User]) -> World:
    return World(hire)


def tell(world: World) -> None:
    """Everything that may happen to a conversation, and after each step what each opens."""
    handed, elsewhere, kept = (world.start() for _ in range(3))
    world.check()
    world.back_up()
    world.accept(handed, "asha")
    world.check()
    world.ask_in(handed, "ben")
    world.disclose(handed)
    world.refer(handed)
    world.take_return_code(handed)
    world.check()
    world.back_up()
    world.see_out(handed, "ben")
    world.check()
    world.hand_over(handed, "ben")
    handed.whispered = {"asha", "ben"}  # until the end, as they wrote it
    world.check()
    world.put_back(handed)
    world.check()
    world.accept(handed, "ben")
    world.accept(elsewhere, "asha")
    world.ask_in(elsewhere, "ben")
    world.send_elsewhere(elsewhere)
    world.check()
    world.accept(elsewhere, "hemi")
    world.accept(kept, "sunita")
    world.ask_in(kept, "asha")
    world.back_up()
    world.close(kept)
    world.close(handed)
    world.check()
    world.check_thief()
    world.a_day_passes()
    world.check()
    world.night()
    world.check()
    world.back_up()
    world.erase(elsewhere)
    world.check()
    world.leave("asha")
    world.check()
    world.night()
    world.check_after_retention()
    world.a_month_passes()
    world.check()
    last = world.start()
    world.night()
    world.check()
    assert last.opens("ben")
    world.check_after_retention()
    world.check_thief()


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_each_opens_exactly_what_the_policy_allows_and_what_ended_opens_for_nobody(world: World) -> None:
    tell(world)


@pytest.mark.django_db
def test_the_control_old_copies_open_as_long_as_their_day_keys_are_there(world: World) -> None:
    """Before the night: who has the copy, every staff key and the key folder opens it. That is what the night ends."""
    episode = world.start()
    world.back_up()
    world.erase(episode)
    everything = {*world.seeds.values(), *day_keys_now()}
    assert opened_by(world.backups, everything).codes == {episode.person.code}
    assert opened_by(world.backups, world.seeds.values()).codes == set(), "without the folder: nothing"
    world.night()
    assert opened_by(world.backups, {*world.seeds.values(), *day_keys_now()}).codes == set()


@pytest.mark.django_db
def test_a_link_opens_what_was_sealed_for_it_and_no_word_of_the_conversation(world: World) -> None:
    episode = world.start()
    world.accept(episode, "asha")
    world.refer(episode)
    world.back_up()
    told = {"Would like a quiet room.", "By the meeting code only."}
    assert opened_by(world.backups, world.link_keys).texts == {(episode.person.code, text) for text in told}
    withdraw(episode.row.referrals.get())
    assert opened_by([copy_now()], world.link_keys).codes == set()


@pytest.mark.django_db
def test_the_control_a_thief_with_one_key_opens_what_it_opens(world: World) -> None:
    episode = world.start()
    key = {world.seeds["sunita"], *day_keys_now()}
    assert opened_by([copy_now()], key).texts == {(episode.person.code, "Kia ora from number 0")}


# Whatever happens


class Life(RuleBasedStateMachine):
    """Anything in any order. `hire` is given by the test."""

    hire: Callable[..., User]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.world = World(type(self).hire)

    def teardown(self) -> None:
        try:
            self.world.night()
            self.world.check_after_retention()
            self.world.check_thief()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @precondition(lambda self: len(self.world.episodes) < 3)
    @rule()
    def start(self) -> None:
        self.world.start()
        self.world.back_up()

    @rule(data=st.data(), name=st.sampled_from(COUNSELLORS))
    def accept(self, data: st.DataObject, name: str) -> None:
        episode = self._an(data, State.WAITING)
        if episode and name in self.world.members:
            self.world.accept(episode, name)

    @rule(data=st.data(), name=st.sampled_from(COUNSELLORS), how=st.sampled_from(["hand_over", "ask_in"]))
    def colleague(self, data: st.DataObject, name: str, how: str) -> None:
        episode = self._an(data, State.OPEN)
        if episode and name != episode.owner and name in self.world.members and not episode.whispered:
            getattr(self.world, how)(episode, name)

    @rule(data=st.data(), what=st.sampled_from(["put_back", "take_return_code", "disclose", "close"]))
    def owner(self, data: st.DataObject, what: str) -> None:
        episode = self._an(data, State.OPEN)
        if episode and not (what == "disclose" and episode.told):
            getattr(self.world, what)(episode)

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        episode = self._an(data, *State)
        if episode:
            self.world.erase(episode)

    @rule(what=st.sampled_from(["a_day_passes", "a_month_passes", "night", "back_up"]))
    def time(self, what: str) -> None:
        getattr(self.world, what)()

    @precondition(lambda self: "ben" in self.world.members and "ben" not in self._busy())
    @rule()
    def leave(self) -> None:
        self.world.leave("ben")

    @invariant()
    def as_the_policy_says(self) -> None:
        self.world.check()

    def _an(self, data: st.DataObject, *states: str) -> Episode | None:
        found = [each for each in self.world.episodes if each.is_there and each.state in states]
        return data.draw(st.sampled_from(found)) if found else None

    def _busy(self) -> set[str]:
        return {name for each in self.world.episodes for name in {each.owner} | each.company}


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_whatever_happens_each_opens_what_the_policy_allows(line: Line, hire: Callable[..., User]) -> None:
    Life.hire = staticmethod(hire)
    quick = how(
        max_examples=8,
        stateful_step_count=10,
        phases=[Phase.generate],  # a smaller story is not worth minutes: this one is printed
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    run_state_machine_as_test(Life, settings=quick)


# Broken on purpose: each of these is a rule without which somebody opens what they must not

PASS = "pass"
MUTANTS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "whoever is on duty keeps the key after somebody accepted": (
        actions.keep_own_grant, "locked.grants.filter(reader=Grant.Reader.QUEUE).delete()", PASS),
    "who handed over keeps the key": (
        actions.transfer, "locked.grants.filter(reader=Grant.Reader.STAFF, user=giver).delete()", PASS),
    "who put it back keeps the key": (
        actions.requeue, "locked.grants.filter(reader__in=lost).delete()", PASS),
    "the old line's supervisors keep the key": (
        actions.requeue, "lost.add(Grant.Reader.SUPERVISOR)", PASS),
    "the person's device keeps the key after the end": (
        actions.close, "reader__in=[Grant.Reader.QUEUE, Grant.Reader.HELP_SEEKER]", "reader=Grant.Reader.QUEUE"),
    "a colleague who was asked in keeps the key after the end": (
        actions.end_company,
        "conversation.grants.filter(user__in=users).exclude(user=conversation.counsellor).delete()", PASS),
    "whispers outlive the end": (actions.end_company, "conversation.whispers.all().delete()", PASS),
    "a colleague who left keeps the key": (
        companions._end,
        "companion.conversation.grants.filter(reader=Grant.Reader.STAFF, user=companion.user).delete()", PASS),
    "a counsellor keeps the key for longer than a day": (
        ends.end_keys_due, "now - STAFF_GRANT_AFTER_CLOSE", "now - 400 * STAFF_GRANT_AFTER_CLOSE"),
    "erasing erases nothing": (actions.erase, "locked.delete()", PASS),
    "counsellors get the supervisors' key": (
        lines.entitled, "return user.role == Role.SUPERVISOR", "return user.holds_words"),
    "every role gets the queue's key": (lines.entitled, "return user.holds_words", "return True"),
    "helpers of other lines get the supervisors' key": (
        lines.make_keys, "could_help_out(line) if purpose == LineKey.Purpose.QUEUE else []", "could_help_out(line)"),
    "who left keeps the lines' keys": (accounts._forget_keys, "user.line_key_wraps.all().delete()", PASS),
    "no key is turned at night": (stored.turn_spent, "for key in DayKey.objects", "for key in DayKey.objects.none()"),
    "a turned key is not destroyed": (daykeys.destroy_ended, "keys.destroy(name)", PASS),
    "all day keys are the same and known": (
        daykeys._key, "key = keystore.store().read(name)", "key = bytes(32)"),
}  # fmt: skip


def mutate(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], old: str, new: str) -> None:
    """Change one function's source, wherever it is called from."""
    real = inspect.unwrap(function)
    source = textwrap.dedent(inspect.getsource(real))
    assert source.count(old) == 1, f"{function.__name__} does not read like that any more"
    namespace = dict(real.__globals__)
    exec(source.replace(old, new), namespace)
    monkeypatch.setattr(real, "__code__", inspect.unwrap(namespace[real.__name__]).__code__)


@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", MUTANTS)
def test_a_broken_rule_is_caught(line: Line, hire: Callable[..., User], monkeypatch: Any, rule: str) -> None:
    mutate(monkeypatch, *MUTANTS[rule])
    with pytest.raises(AssertionError, match=r"what .* opens?"):
        tell(World(hire))


@pytest.mark.django_db
def test_triggers_that_are_gone_are_caught(world: World) -> None:
    """In the database, so broken there: an erased grant no longer spends its key."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER conversations_grant_ends ON conversations_grant")
    with pytest.raises(AssertionError, match="what old copies open"):
        tell(world)


# The disk itself


@pytest.mark.django_db(transaction=True)
def test_no_key_that_opens_anything_is_on_the_database_servers_disk_nor_in_a_backup(
    world: World, tmp_path: Path
) -> None:
    """Database files, write-ahead log, the server's log and a dump, searched for every key that there is."""
    episode = world.start()
    world.accept(episode, "asha")
    world.ask_in(episode, "ben")
    world.night()
    person: HelpSeeker = episode.person
    keys = {f"seed of {name}": seed for name, seed in world.seeds.items()}
    keys |= {"a line's seed": world.members["sunita"].line_seed(world.lines[HERE], "supervisor")}
    keys |= {
        "a conversation's seed": person.seed,
        "a person's secret": person.secret,
        "a sender key": person.writer.key,
    }
    keys |= {f"key outside {number}": key for number, key in enumerate(sorted(day_keys_now()))}
    backups.make(tmp_path / "backup.dump")
    content = b"".join([*_disk(), backups._programs().run("pg_restore", "--file", "-", str(tmp_path / "backup.dump"))])
    for what, key in keys.items():
        for spelling in (key, key.hex().encode(), b64url_encode(key).encode()):
            assert spelling not in content, f"{what} lies open"
    for trace in (person.code.encode(), bytes(episode.row.capability_hash)):
        assert trace in content, "the control: what is stored is found"


def _disk() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
        cursor.execute("SELECT pg_relation_filepath('conversations_grant')")
        own = folder / Path(cursor.fetchone()[0]).parent
    files = [*own.iterdir(), *(folder / "pg_wal").glob("*"), folder.with_name(f"{folder.name}.log")]
    assert str(folder) not in settings.KEYS_DIR
    return [path.read_bytes() for path in files if path.is_file()]
