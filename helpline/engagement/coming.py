"""For those who prepare an event: who comes, who waits, and what people need. Opening it is accounted for."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, Role, User
from helpline.content.events import all_events
from helpline.content.models import EventPage
from helpline.engagement.events import Person, RegistrationUnknown, leave, person_of
from helpline.engagement.models import Registration

HOSTS = frozenset({Role.EDITOR, Role.OPERATOR})
State = Registration.State


@dataclass(frozen=True)
class Guest:
    code: str
    state: str
    person: Person | None  # None where the server's key is another one now

    @property
    def is_coming(self) -> bool:
        return self.state == State.COMING


def counted() -> list[EventPage]:
    """Every event of every line, with `coming` and `waiting`. Nobody is named."""
    found = all_events().select_related("locale")
    return list(
        found.annotate(
            coming=Count("registrations", filter=Q(registrations__state=State.COMING)),
            waiting=Count("registrations", filter=Q(registrations__state=State.WAITING)),
        )
    )


@transaction.atomic
def open_guests(user: User, event: EventPage) -> list[Guest]:
    """Those who come, then those who wait, each in the order in which they came. Raises KeyStoreUnavailable."""
    placed = Registration.objects.filter(event=event).exclude(state=State.ASKED).order_by("state", "placed_at", "pk")
    guests = [Guest(each.code, each.state, person_of(each)) for each in placed]
    if guests:
        audit(AuditEvent.Kind.GUESTS_READ, user)
    return guests


@transaction.atomic
def take_off(event: EventPage, code: str) -> None:
    """For whoever asks by another way. Raises RegistrationUnknown."""
    found = Registration.objects.filter(event=event, code=code).exclude(state=State.ASKED).first()
    if found is None:
        raise RegistrationUnknown
    leave(found)
