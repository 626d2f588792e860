"""Whose link it is, what was published, and to whom an update goes; which posters are to be sent where."""

import datetime as dt

from django.db.models import Q, QuerySet

from helpline.accounts.models import Role, User
from helpline.engagement.models import PosterOrder, PosterVisits, Subscriber, Topic, Update
from helpline.lines.models import Line
from helpline.vault import subscribers

# Whoever writes updates and looks at those of others.
WRITERS = frozenset({Role.EDITOR, Role.SUPERVISOR})
# Whoever packs posters.
SENDERS = frozenset({Role.EDITOR, Role.OPERATOR})


class SubscriberUnknown(Exception):
    """The link is none of ours, or whoever had it has ended everything."""


class UpdateUnknown(Exception):
    """There is no such update, or not for everybody yet."""


class OrderUnknown(Exception):
    """There is no such order, or not for them."""


def get_subscriber(line: Line, link: str) -> Subscriber:
    """Whoever has the link of their mails. Raises SubscriberUnknown and KeyStoreUnavailable."""
    try:
        return Subscriber.objects.get(line=line, code=subscribers.code_of(link))
    except (subscribers.NotALink, Subscriber.DoesNotExist):
        raise SubscriberUnknown from None


def find_subscriber(line: Line, address: str) -> Subscriber | None:
    """Raises KeyStoreUnavailable."""
    return Subscriber.objects.filter(line=line, find_hash=hash_in(line, address)).first()


def hash_in(line: Line, address: str) -> bytes:
    return subscribers.find_hash(line.slug, address)


def readers_of(update: Update) -> QuerySet[Subscriber]:
    """Who asked for it. Whoever is of no region gets what is for one; whoever is of one, what is for all or for it."""
    found = Subscriber.objects.filter(line_id=update.line_id, topics__contains=[update.topic])
    return found.filter(Q(region="") | Q(region=update.region)) if update.region else found


def published(line: Line) -> QuerySet[Update]:
    """The newest first."""
    return Update.objects.filter(line=line, published_at__isnull=False)


def get_published(line: Line, code: str) -> Update:
    """Raises UpdateUnknown."""
    found = published(line).filter(code=code).first()
    if found is None:
        raise UpdateUnknown
    return found


def get_update(code: str) -> Update:
    """For staff. Raises UpdateUnknown."""
    found = Update.objects.select_related("line", "written_by", "sent_by").filter(code=code).first()
    if found is None:
        raise UpdateUnknown
    return found


def is_topic(name: str) -> bool:
    return name in Topic.values


# Posters


def orders_for(user: User) -> QuerySet[PosterOrder]:
    """Without the addresses, the oldest first: those that wait, and those that were sent in the last weeks."""
    found = PosterOrder.objects.select_related("line").defer("sealed")
    return found if user.role in SENDERS else found.none()


def get_order_for(user: User, code: str) -> PosterOrder:
    """Raises OrderUnknown."""
    found = orders_for(user).filter(code=code).first()
    if found is None:
        raise OrderUnknown
    return found


def visits_since(first: dt.date) -> QuerySet[PosterVisits]:
    """The newest month first."""
    found = PosterVisits.objects.select_related("line").filter(month__gte=first)
    return found.order_by("-month", "line__position", "poster", "region")
