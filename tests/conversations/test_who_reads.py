"""After any sequence of what may happen to a conversation, who reads, writes and holds a key is as the policy says."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.accounts.models import User
from helpline.conversations import actions
from helpline.conversations.actions import ConversationClosed
from helpline.conversations.companions import NotHere, begin_companion, end_companion
from helpline.conversations.models import Author, Companion, Conversation, Grant, State
from helpline.conversations.queries import ConversationUnknown, companions_of, get_conversation_for
from tests.people import HelpSeeker, words_of

GRANT = bytes(1168)
STAFF = ["asha", "ben", "sunita"]
PERSON = st.sampled_from(STAFF)
STEP = st.one_of(
    st.tuples(st.just("assign"), PERSON),
    st.tuples(st.just("begin"), PERSON, st.sampled_from(Companion.Kind.values)),
    st.tuples(st.just("end"), PERSON),
    st.tuples(st.just("transfer"), PERSON),
    st.tuples(st.just("requeue")),
    st.tuples(st.just("close")),
)


class Policy:
    """What should be so, told again in Python: the state, the owner and the companions."""

    def __init__(self) -> None:
        self.state, self.owner, self.company = State.WAITING, "", dict[str, str]()

    def step(self, kind: str, *given: str) -> None:
        getattr(self, f"_{kind}")(*given)

    def _assign(self, name: str) -> None:
        if self.state == State.WAITING:
            self.state, self.owner = State.OPEN, name

    def _begin(self, name: str, kind: str) -> None:
        may = kind == "three_way" or name == "sunita"
        if self.state == State.OPEN and may and name != self.owner and self.company.get(name) != "joined":
            self.company[name] = kind

    def _end(self, name: str) -> None:
        self.company.pop(name, None)

    def _transfer(self, name: str) -> None:
        if self.state == State.OPEN and name != self.owner:
            self.owner = name
            self.company.pop(name, None)

    def _requeue(self) -> None:
        if self.state == State.OPEN:
            self.state, self.owner = State.WAITING, ""
            self.company.clear()

    def _close(self) -> None:
        self.state = State.CLOSED
        self.company.clear()


def happen(conversation: Conversation, staff: dict[str, User], kind: str, *given: str) -> None:
    """The real thing; what it refuses changes nothing."""
    conversation.refresh_from_db()
    owner = conversation.counsellor
    if kind == "assign":
        actions.assign(conversation, staff[given[0]])
        actions.keep_own_grant(conversation, staff[given[0]], GRANT)
    elif kind == "begin":
        is_three_way = given[1] == Companion.Kind.THREE_WAY
        begin_companion(conversation, staff[given[0]], given[1], GRANT, by=owner if is_three_way else None)
    elif kind == "end":
        end_companion(conversation, staff[given[0]])
    elif kind == "transfer" and owner and owner != staff[given[0]]:
        actions.transfer(conversation, owner, staff[given[0]], GRANT)
    elif kind == "requeue":
        actions.requeue(conversation, giver=owner)
    elif kind == "close":
        actions.close(conversation, Author.COUNSELLOR)


def can_read(conversation: Conversation, user: User) -> tuple[bool, bool]:
    """By the site's checked read, and by the stream's."""
    try:
        get_conversation_for(user, conversation.code)
        on_site = True
    except ConversationUnknown:
        on_site = False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM conversations_read(ARRAY[%s], ARRAY[0], ARRAY[NULL]::bytea[], ARRAY[%s]::bigint[], 1)",
            [conversation.code, user.pk],
        )
        return on_site, bool(cursor.fetchone())


def can_write(conversation: Conversation, user: User) -> bool:
    """Repeating nothing: a message that would be added, or is refused because it has ended."""
    message = actions.seal_text(conversation, Author.COUNSELLOR, "Kia ora")
    try:
        actions.add_message(conversation, Author.COUNSELLOR, message, user=user)
    except (ConversationUnknown, ConversationClosed):
        return False
    return True


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(steps=st.lists(STEP, max_size=12))
def test_who_reads_is_what_the_policy_says(line: Any, steps: list[Any]) -> None:
    staff = {user.username: user for user in User.objects.filter(username__in=STAFF)}
    person, policy = HelpSeeker(), Policy()
    conversation = person.start(line)
    for step in steps:
        with suppress(ConversationUnknown, ConversationClosed, NotHere, actions.NotWaiting):
            happen(conversation, staff, *step)
        policy.step(*step)
        conversation.refresh_from_db()
        company = {each.user.username: str(each.kind) for each in companions_of(conversation)}
        assert (conversation.state, company) == (policy.state, policy.company)
        for name, user in staff.items():
            reads = name == policy.owner or name in policy.company
            assert can_read(conversation, user) == (reads, reads), (name, step)
            writes = name == policy.owner or policy.company.get(name, "reading") != "reading"
            assert can_write(conversation, user) == (writes and policy.state == State.OPEN), (name, step)
        held = set(conversation.grants.filter(reader=Grant.Reader.STAFF).values_list("user__username", flat=True))
        assert held <= {policy.owner, *policy.company}
    told = words_of(conversation, person.seed)
    for companion in Companion.objects.filter(conversation=conversation).select_related("user"):
        assert any(companion.user.pseudonym in text for text in told)
