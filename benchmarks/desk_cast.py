"""Invents one counsellor with a contact of 200 messages from the last day, for `benchmarks.desk`.

In a process of its own, so that Django reads the benchmark's own DATABASE_URL.
"""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after setup

from helpline.accounts.actions import create_staff  # noqa: E402
from helpline.accounts.models import User  # noqa: E402
from helpline.conversations import actions  # noqa: E402
from helpline.conversations.models import Author, Conversation  # noqa: E402
from helpline.lines.actions import staff_line  # noqa: E402
from helpline.lines.models import Line  # noqa: E402
from helpline.records.actions import record_contact  # noqa: E402
from helpline.vault import contexts, sealing  # noqa: E402
from helpline.vault.codes import hash_capability, new_code  # noqa: E402
from helpline.vault.sealing import SealedMessage  # noqa: E402

WORDS = "Thank you. I am not sure where to begin, so I will write it down as it comes, a little at a time. " * 2


def main(passphrase: str, messages: int, *, has_script: bool) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    user, _ = create_staff("measured", "Measured", "Kererū", passphrase=passphrase)
    line = Line.objects.create(slug="measured", name="Measured")
    staff_line(line, [user])
    conversation, proof = _answered(line, user)
    # With JavaScript each side's page has one sender key; without, the server seals every message alone.
    pages = {author: _Page(conversation, author) for author in (Author.HELP_SEEKER, Author.COUNSELLOR)}
    for number in range(messages):
        author = Author.COUNSELLOR if number % 2 else Author.HELP_SEEKER
        is_alone = author == Author.HELP_SEEKER and not has_script
        sealed = actions.seal_text(conversation, author, WORDS) if is_alone else pages[author].seal(WORDS)
        if author == Author.COUNSELLOR:
            actions.add_message(conversation, author, sealed, user=user)
        else:
            actions.add_message(conversation, author, sealed, capability_hash=proof)
    actions.close(conversation, Author.COUNSELLOR)
    conversation.refresh_from_db()
    record_contact(conversation, {})


class _Page:
    def __init__(self, conversation: Conversation, author: str) -> None:
        self.code, self.author = conversation.code, str(author)
        self.key, self.key_id = sealing.new_key(), new_code()
        place = {"code": self.code, "author": self.author, "key_id": self.key_id}
        self.sealed_key = sealing.seal_sender_key(conversation.public_key, self.key, **place)

    def seal(self, text: str) -> SealedMessage:
        client_id = new_code()
        sealed = sealing.seal_message(self.key, text, code=self.code, author=self.author, client_id=client_id)
        return SealedMessage(client_id, self.key_id, self.sealed_key, sealed)


def _answered(line: Line, user: User) -> tuple[Conversation, bytes]:
    code, seed = new_code(), sealing.generate_seed()
    proof = hash_capability(sealing.new_key())
    new = actions.NewConversation(
        code=code,
        line=line,
        public_key=sealing.public_key_of(seed),
        capability_hash=proof,
        queue_grant=b"",
        supervisor_grant=b"",
        help_seeker_grant=b"",
    )
    conversation, _ = actions.start_conversation(new)
    actions.assign(conversation, user)
    own = sealing.seal_grant(bytes(user.public_key), seed, code=code, reader=contexts.staff_reader(user.code))
    actions.keep_own_grant(conversation, user, own)
    return conversation, proof


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), has_script=sys.argv[3] == "script")
