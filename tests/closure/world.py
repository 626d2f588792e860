"""A small service, what may happen in it, and the policy told again in Python: who opens what, for how long."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from helpline.accounts.actions import remove_staff
from helpline.accounts.models import Role, User
from helpline.conversations import actions, returning
from helpline.conversations import daykeys as stored
from helpline.conversations.companions import Letter, begin_companion, end_companion, whisper
from helpline.conversations.disclosures import Request, ask_disclosure
from helpline.conversations.handovers import Target, answer_handover, ask_handover
from helpline.conversations.models import Author, Companion, Conversation, State
from helpline.endings.actions import erase_due, erase_now
from helpline.lines.actions import set_overflow, staff_line
from helpline.lines.models import Channel, Line
from helpline.lines.queries import current_key
from helpline.vault import contexts, daykeys, return_codes, sealing
from helpline.vault.codes import hash_capability, new_code
from tests.closure.thief import DISCLOSURE, WHISPER, Copy, copy_now, day_keys_now, opened_by
from tests.people import HelpSeeker, Member, unlocked
from tests.referrals.making import agree, ask

HERE, THERE = "safe-to-talk", "quitline"
STAFF = {
    "asha": (Role.COUNSELLOR, HERE),
    "ben": (Role.COUNSELLOR, HERE),
    "sunita": (Role.SUPERVISOR, HERE),
    "oliver": (Role.OPERATOR, HERE),
    "mira": (Role.EDITOR, HERE),
    "ana": (Role.ANALYST, HERE),
    "aroha": (Role.AUDITOR, HERE),
    "hemi": (Role.COUNSELLOR, THERE),
    "tui": (Role.SUPERVISOR, THERE),
}
DAY, MONTH = dt.timedelta(days=1), dt.timedelta(days=31)
TURNS = timezone.localdate() + DAY  # so that keys made today may be turned


@dataclass
class Episode:
    """One conversation, and who may open it by the policy."""

    person: HelpSeeker
    line: str
    number: int
    state: State = State.WAITING
    owner: str = ""
    company: set[str] = field(default_factory=set)
    queue: set[str] = field(default_factory=set)
    """Who held the line's queue key when it was sealed to it; empty where it is not, or not any more."""
    supervisors: set[str] = field(default_factory=set)
    whispered: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    """The supervisors who open its disclosure."""
    asker: str = ""
    """Who asked for it: they open what they wrote themselves, for as long as it is there."""
    return_keys: return_codes.ReturnKeys | None = None
    is_there: bool = True

    @property
    def row(self) -> Conversation:
        return Conversation.objects.get(code=self.person.code)

    def opens(self, name: str) -> set[str]:
        """What this member of staff opens: the words, what colleagues wrote to each other, what was disclosed."""
        code, readers = self.person.code, self.queue | self.supervisors | self.company | {self.owner}
        found = {
            code: name in readers,
            f"{code}/{WHISPER}": name in self.whispered,
            f"{code}/{DISCLOSURE}": name in self.told | {self.asker},
        }
        return {label for label, does_open in found.items() if does_open and self.is_there}

    @property
    def does_person_open(self) -> bool:
        return self.is_there and self.state != State.CLOSED


class World:
    def __init__(self, hire: Callable[..., User]) -> None:
        self.members: dict[str, Member] = {}
        self.episodes: list[Episode] = []
        self.backups: list[Copy] = []
        self.link_keys: set[bytes] = set()
        """Of links that services were given."""
        self.lines = {
            HERE: Line.objects.get(slug=HERE),
            THERE: Line.objects.create(slug=THERE, name="Quitline", languages=["en"], channels=[Channel.WEBCHAT]),
        }
        for name, (role, _) in STAFF.items():
            found = User.objects.filter(username=name).first()
            self.members[name] = unlocked(found or hire(name, role))
        for slug, line in self.lines.items():
            staff_line(line, [self.members[name].user for name, (_, home) in STAFF.items() if home == slug])
        set_overflow(self.lines[HERE], self.lines[THERE])
        self.seeds = {name: member.seed for name, member in self.members.items()}

    # What happens

    def start(self, slug: str = HERE) -> Episode:
        person = HelpSeeker()
        conversation = person.start(self.lines[slug])
        episode = Episode(person, slug, len(self.episodes), queue=self._queue(slug), supervisors=self._supervise(slug))
        proof = hash_capability(person.capability)
        message = person.writer.seal(f"Kia ora from number {episode.number}")
        actions.add_message(conversation, Author.HELP_SEEKER, message, capability_hash=proof)
        self.episodes.append(episode)
        return episode

    def accept(self, episode: Episode, name: str) -> None:
        actions.assign(episode.row, self.members[name].user)
        self._keep_own(episode, name)

    def hand_over(self, episode: Episode, name: str) -> None:
        giver, taker = self.members[episode.owner], self.members[name]
        actions.transfer(episode.row, giver.user, taker.user, taker.own_grant(episode.person.code, episode.person.seed))
        episode.owner, episode.queue = name, set()
        episode.company.discard(name)

    def put_back(self, episode: Episode) -> None:
        """To the queue; the help-seeker's page seals its key anew."""
        actions.requeue(episode.row, giver=self.members[episode.owner].user)
        self._nobodys(episode)
        self.check()  # in between nobody but the supervisors opens it
        actions.keep_queue_grant(episode.row, episode.person.grants(self.lines[episode.line])["queue"])
        episode.queue = self._queue(episode.line)

    def send_elsewhere(self, episode: Episode) -> None:
        giver, line = self.members[episode.owner].user, self.lines[THERE]
        ask_handover(
            episode.row, giver, Target(to_line=line), self.members[episode.owner].writer(episode.row).seal("A.")
        )
        answer_handover(episode.row, "yes")
        actions.requeue(episode.row, giver=giver, line=line)
        self._nobodys(episode)
        episode.line, episode.supervisors = THERE, set()
        self.check()
        grants = episode.person.grants(line)
        actions.keep_queue_grant(episode.row, grants["queue"])
        actions.keep_supervisor_grant(episode.row, grants["supervisor"])
        episode.queue, episode.supervisors = self._queue(THERE), self._supervise(THERE)

    def ask_in(self, episode: Episode, name: str) -> None:
        """A colleague for a moment, and what they write to each other."""
        owner, guest = self.members[episode.owner], self.members[name]
        sealed = guest.own_grant(episode.person.code, episode.person.seed)
        begin_companion(episode.row, guest.user, Companion.Kind.THREE_WAY, sealed, by=owner.user)
        client_id = new_code()
        letters = [
            sealing.seal_whisper(
                bytes(each.user.public_key), "Well done.", code=episode.person.code, client_id=client_id
            )
            for each in (guest, owner)
        ]
        whisper(episode.row, owner.user, [Letter(guest.user, client_id, *letters)])
        episode.company.add(name)
        episode.whispered = {name, episode.owner}

    def refer(self, episode: Episode) -> None:
        """Who reads the words reads what a service may be told, and its link."""
        referral, making = ask(episode.row, self.members[episode.owner].user)
        agree(referral)
        self.link_keys.add(making.link_key)

    def see_out(self, episode: Episode, name: str) -> None:
        end_companion(episode.row, self.members[name].user)
        episode.company.discard(name)

    def disclose(self, episode: Episode) -> None:
        code, owner = new_code(), self.members[episode.owner]
        keys = (bytes(current_key(self.lines[episode.line], "supervisor").public_key), bytes(owner.user.public_key))
        to, own = (
            sealing.seal_disclosure(key, "A reason.", code=episode.person.code, disclosure_code=code) for key in keys
        )
        ask_disclosure(episode.row, owner.user, Request(code, to, own, is_person_told=True))
        episode.told, episode.asker = self._supervise(episode.line), episode.owner

    def take_return_code(self, episode: Episode) -> None:
        keys = return_codes.ReturnKeys(*(sealing.new_key() for _ in range(3)))
        code, seed = episode.person.code, episode.person.seed
        sealed = sealing.wrap_grant(keys.wrap_key, seed, code=code, reader=contexts.RETURN)
        finder, capability = hash_capability(keys.finder), hash_capability(keys.capability)
        returning.keep_return_code(episode.row, finder, capability, sealed)
        episode.return_keys = keys

    def close(self, episode: Episode) -> None:
        actions.close(episode.row, Author.COUNSELLOR)
        episode.state, episode.queue, episode.company, episode.whispered = State.CLOSED, set(), set(), set()

    def erase(self, episode: Episode) -> None:
        actions.close(episode.row, Author.HELP_SEEKER)
        erase_now(episode.row)
        episode.is_there = False

    def a_day_passes(self) -> None:
        self._pass(DAY + dt.timedelta(hours=1))
        for episode in self.episodes:
            if episode.state == State.CLOSED:
                episode.owner = ""

    def a_month_passes(self) -> None:
        self._pass(MONTH)
        for episode in self.episodes:
            if episode.state == State.CLOSED:
                episode.is_there = False

    def night(self) -> None:
        stored.turn_spent(TURNS)
        daykeys.destroy_ended()

    def leave(self, name: str) -> None:
        remove_staff(self.members.pop(name).user)
        for episode in self.episodes:
            for readers in (episode.queue, episode.supervisors, episode.company, episode.told, episode.whispered):
                readers.discard(name)

    def back_up(self) -> None:
        self.backups.append(copy_now(with_candidates=True))

    # What must be so

    def check(self) -> None:
        """With the server's own help each member of staff opens exactly what the policy allows; so does each person."""
        now, server = copy_now(), day_keys_now()
        for name, seed in self.seeds.items():
            may = {label for episode in self.episodes for label in episode.opens(name)}
            assert opened_by([now], {seed} | server).codes == may, f"what {name} opens"
        for episode in self.episodes:
            may = {episode.person.code} if episode.does_person_open else set()
            assert opened_by([now], {episode.person.secret} | server).codes == may, "what a person opens"
            if episode.return_keys:
                may = {episode.person.code} if episode.is_there else set()
                assert opened_by([now], {episode.return_keys.wrap_key} | server).codes == may, "what six words open"

    def check_thief(self) -> None:
        """All copies, the key folder and the logs, but no secret of staff or of a person: nothing opens."""
        copies = [*self.backups, copy_now(with_candidates=True)]
        assert opened_by(copies, day_keys_now()).texts == set(), "what a thief opens"

    def check_after_retention(self) -> None:
        """Every copy there ever was, every staff key, and the key folder as it is: what ended does not open."""
        ended = {episode.person.code for episode in self.episodes if not episode.is_there}
        found = opened_by([*self.backups, copy_now()], {*self.seeds.values(), *day_keys_now()})
        assert {label.partition("/")[0] for label in found.codes} & ended == set(), "what old copies open"

    # How

    def _keep_own(self, episode: Episode, name: str) -> None:
        member = self.members[name]
        own = member.own_grant(episode.person.code, episode.person.seed)
        actions.keep_own_grant(episode.row, member.user, own)
        actions.add_message(
            episode.row, Author.COUNSELLOR, member.writer(episode.row).seal("I am here."), user=member.user
        )
        episode.state, episode.owner, episode.queue = State.OPEN, name, set()

    def _nobodys(self, episode: Episode) -> None:
        episode.state, episode.owner = State.WAITING, ""
        episode.company, episode.whispered, episode.queue = set(), set(), set()

    def _pass(self, time: dt.timedelta) -> None:
        for conversation in Conversation.objects.exclude(closed_at=None):
            assert conversation.closed_at
            conversation.closed_at -= time
            conversation.save(update_fields=["closed_at"])
        erase_due(timezone.now())

    def _queue(self, slug: str) -> set[str]:
        at_home = {name for name in self.members if STAFF[name][1] == slug}
        helping = {name for name in self.members if STAFF[name][1] == THERE} if slug == HERE else set()
        return {name for name in at_home | helping if STAFF[name][0] in {Role.COUNSELLOR, Role.SUPERVISOR}}

    def _supervise(self, slug: str) -> set[str]:
        return {name for name in self.members if STAFF[name] == (Role.SUPERVISOR, slug)}
