"""Invents one counsellor with a contact of 200 messages from the last day, for `benchmarks.desk`.

In a process of its own, so that Django reads the benchmark's own DATABASE_URL.
"""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after setup

from helpline.accounts import factors  # noqa: E402  # after setup
from helpline.accounts.actions import create_staff  # noqa: E402  # after setup
from helpline.accounts.models import User  # noqa: E402  # after setup
from helpline.channels.webchat.plain import actions as plain  # noqa: E402  # after setup
from helpline.channels.webchat.plain.page_secret import PageSecret, new_page_secret  # noqa: E402  # after setup
from helpline.conversations import actions  # noqa: E402  # after setup
from helpline.conversations.models import Author, Conversation  # noqa: E402  # after setup
from helpline.lines.actions import staff_line  # noqa: E402  # after setup
from helpline.lines.models import Line  # noqa: E402  # after setup
from helpline.records.actions import record_contact  # noqa: E402  # after setup
from helpline.vault import contexts, sealing, totp  # noqa: E402  # after setup
from helpline.vault.codes import hash_capability, new_code  # noqa: E402  # after setup
from helpline.vault.sealing import SealedMessage  # noqa: E402  # after setup

WORDS = "Thank you. I am not sure where to begin, so I will write it down as it comes, a little at a time. " * 2


def main(passphrase: str, messages: int, *, has_script: bool) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    user, _ = create_staff("measured", "Measured", "Kererū", passphrase=passphrase)
    factors.set_authenticator(user, bytes(totp.SECRET_BYTES))
    line = Line.objects.create(slug="measured", name="Measured")
    staff_line(line, [user])
    own = new_page_secret()
    conversation = _answered(line, user, own)
    proof = hash_capability(own.capability)
    pages = {author: _Page(conversation, author) for author in (Author.HELP_SEEKER, Author.COUNSELLOR)}
    for number in range(messages):
        author = Author.COUNSELLOR if number % 2 else Author.HELP_SEEKER
        if author == Author.COUNSELLOR:
            actions.add_message(conversation, author, pages[author].seal(WORDS), user=user)
        elif has_script:
            actions.add_message(conversation, author, pages[author].seal(WORDS), capability_hash=proof)
        else:
            plain.say(own, new_code(), WORDS)
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


def _answered(line: Line, user: User, own: PageSecret) -> Conversation:
    code, seed = own.code, sealing.generate_seed()
    new = actions.NewConversation(
        code=code,
        line=line,
        public_key=sealing.public_key_of(seed),
        capability_hash=hash_capability(own.capability),
        queue_grant=b"",
        supervisor_grant=b"",
        help_seeker_grant=sealing.wrap_grant(own.wrap_key, seed, code=code, reader=contexts.HELP_SEEKER),
    )
    conversation, _ = actions.start_conversation(new)
    actions.assign(conversation, user)
    grant = sealing.seal_grant(bytes(user.public_key), seed, code=code, reader=contexts.staff_reader(user.code))
    actions.keep_own_grant(conversation, user, grant)
    return conversation


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), has_script=sys.argv[3] == "script")
