"""All of it together: the people, their carrier, their post office. One in a process, and only in `helpline demo`."""

from dataclasses import dataclass

from helpline.operations.phone import post_office
from helpline.operations.phone.carrier import DELIVERED, Account, Carrier, Joiner, Submitted
from helpline.operations.phone.courier import Courier
from helpline.operations.phone.people import Conversations, Entry, Key, OfAMail, Person, State, Way, person_of
from helpline.operations.phone.post_office import Handed, Letter, PostOffice


@dataclass(frozen=True)
class LineHere:
    """What a phone and a mailbox know of a line: its name, its number, its address. Nothing where there is none."""

    slug: str
    name: str
    text_number: str = ""
    email: str = ""
    # How the line proves itself at the carrier.
    system_id: str = ""
    password: str = ""


class Simulator:
    """Listens as soon as it is made, so that its ports are known; `start` answers."""

    def __init__(self, lines: list[LineHere], lmtp_port: int) -> None:
        self.lines = {line.slug: line for line in lines}
        self.conversations = Conversations()
        self.carrier = Carrier(lambda number: person_of(number) is not None, self._text_arrived)
        self.post_office = PostOffice(self._mail_arrived)
        self._lmtp_port = lmtp_port
        self._mail = Courier("mail to lines")
        self._accounts = {
            line.slug: self.carrier.open_account(line.system_id, line.password, line.text_number)
            for line in lines
            if line.text_number
        }
        self._off: set[str] = set()
        self._held: list[tuple[Person, Entry | None, Submitted]] = []
        self._joiner = Joiner()

    def start(self) -> None:
        self.carrier.start()
        self.post_office.start()

    def stop(self) -> None:
        self.carrier.stop()
        self._mail.stop()
        self.post_office.stop()

    # Texts

    def is_bound(self, line: LineHere) -> bool:
        """Whether the line is connected to the carrier."""
        account = self._accounts.get(line.slug)
        return bool(account and account.is_bound)

    def text(self, person: Person, line: LineHere, words: str) -> None:
        entry = self.conversations.add((person.slug, Way.TEXT, line.slug), words, State.ON_THE_WAY, is_mine=True)

        def taken() -> None:
            self.conversations.change(entry, State.TAKEN)

        self.carrier.text(self._accounts[line.slug], person.phone, words, taken)

    def is_on(self, person: Person) -> bool:
        return person.slug not in self._off

    def switch(self, person: Person, *, on: bool) -> None:
        """A phone that is off gets its texts, and its carrier gives the receipts, once it is on again."""
        if not on:
            self._off.add(person.slug)
            return
        self._off.discard(person.slug)
        held = [each for each in self._held if each[0] == person]
        self._held = [each for each in self._held if each[0] != person]
        for _, entry, submitted in held:
            self._show(entry, submitted)

    def _text_arrived(self, submitted: Submitted) -> None:
        person = person_of(submitted.message.destination)
        if person is None:
            return
        words = self._joiner.add(submitted.message)
        entry = None  # of a part that is not the last to come; each part has a receipt of its own
        if words is not None:
            entry = self.conversations.add(self._key(person, submitted.account), words, State.HELD, is_mine=False)
        if self.is_on(person):
            self._show(entry, submitted)
        else:
            self._held.append((person, entry, submitted))

    def _show(self, entry: Entry | None, submitted: Submitted) -> None:
        if entry:
            self.conversations.change(entry, State.HERE)
        self.carrier.tell(submitted, DELIVERED)

    def _key(self, person: Person, account: Account) -> Key:
        slug = next(slug for slug, each in self._accounts.items() if each is account)
        return person.slug, Way.TEXT, slug

    # Mail

    def next_subject(self, person: Person, line: LineHere) -> str:
        last = self.conversations.last_received((person.slug, Way.MAIL, line.slug))
        if last is None:
            return ""
        subject = last.mail.subject
        return subject if subject.lower().startswith("re:") else f"Re: {subject}"

    def mail(self, person: Person, line: LineHere, subject: str, words: str) -> None:
        """To the line, in answer to what came last, if something did."""
        key = (person.slug, Way.MAIL, line.slug)
        last = self.conversations.last_received(key)
        mail = post_office.write(
            person, last.mail.answer_to if last else line.email, subject, words, last.mail.message_id if last else ""
        )
        entry = self.conversations.add(key, words, State.ON_THE_WAY, is_mine=True, of_a_mail=OfAMail(subject))

        def errand() -> bool:
            handed = post_office.hand_over(mail, person, self._lmtp_port)
            if handed == Handed.AGAIN:
                return False
            self.conversations.change(entry, State.TAKEN if handed == Handed.TAKEN else State.REFUSED)
            return True

        self._mail.send(errand)

    def _mail_arrived(self, person: Person, letter: Letter) -> None:
        with_mail = [line for line in self.lines.values() if line.email]
        if not with_mail:
            return
        line = next((each for each in with_mail if each.email.lower() in letter.addresses), with_mail[0])
        self.conversations.add(
            (person.slug, Way.MAIL, line.slug),
            letter.words,
            State.HERE,
            is_mine=False,
            of_a_mail=OfAMail(letter.subject, letter.message_id, letter.answer_to, letter.sender),
        )


class _Socket:
    """Where the one of this process is plugged in."""

    simulator: Simulator | None = None


def plug(simulator: Simulator | None) -> None:
    _Socket.simulator = simulator


def plugged() -> Simulator | None:
    return _Socket.simulator
