"""Two people on duty in a house while it is flooded, in a process of their own until its input is closed.

They take whatever they are offered. Who does not crowd is answered, and goes; who crowds stays, and keeps the hand
that they were given for as long as the shift lasts.
"""

import sys
import threading
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.actions import NotWaiting
from helpline.conversations.models import Author, Conversation, State
from helpline.records.actions import record_contact
from helpline.routing.actions import NotOffered, accept, end, set_presence
from helpline.routing.locks import NoHandFree
from helpline.routing.models import Offer, Presence
from tests.canary.furnish import STAFF

HANDS_EACH = 4
HANDS = HANDS_EACH * len(STAFF)
LOOK_SECONDS = 0.2
LOOKS = 50  # until they say again that they are there


def main() -> None:
    is_over = threading.Event()
    threading.Thread(target=wait_for_the_end, args=[is_over], daemon=True).start()
    staff = list(User.objects.filter(username__in=[name for name, _ in STAFF]))
    met = Conversation.objects.filter(queue_entry__entered_at__gte=timezone.now())
    looks = 0
    while not is_over.wait(LOOK_SECONDS):
        if looks % LOOKS == 0:
            say_all(staff, Presence.State.AVAILABLE)
            sys.stdout.write("here\n")
            sys.stdout.flush()
        looks += 1
        take_what_is_offered()
        finish(met.filter(queue_entry__is_crowding=False))
    say_all(staff, Presence.State.AWAY)
    finish(met)


def wait_for_the_end(is_over: threading.Event) -> None:
    sys.stdin.read()
    is_over.set()


def say_all(staff: Sequence[User], state: Presence.State) -> None:
    for user in staff:
        set_presence(user, state, HANDS_EACH)


def take_what_is_offered() -> None:
    for offer in Offer.objects.filter(state=Offer.State.OPEN).select_related("user", "entry__conversation"):
        try:
            accept(offer.user, offer.entry.conversation)
        except (NotOffered, NoHandFree, NotWaiting):
            continue  # it lapsed, or somebody in danger came before them


def finish(conversations: QuerySet[Conversation]) -> None:
    """Ended and written up, so that the hand is free."""
    for conversation in conversations.filter(state=State.OPEN, counsellor__isnull=False):
        end(conversation, Author.COUNSELLOR)
        record_contact(conversation, {})
