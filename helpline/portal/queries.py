"""What a representative may see: the entries of their own organizations, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from helpline.directory.capacity import Said, capacities_of
from helpline.directory.cards import FRESH
from helpline.directory.hsds import TABLES
from helpline.directory.models import Address, Location, Organization, Phone, Schedule, Service
from helpline.portal.models import PortalInvitation, PortalSession, Proposal, Representative
from helpline.vault.codes import Malformed, b64url_decode, hash_capability
from helpline.vault.words import normalise

ASKED_AFTER_DAYS = 90


class EntryUnknown(Exception):
    """There is no such entry, or it is another organization's."""


class InvitationUnknown(Exception):
    """No invitation has these words: they were mistyped, or it was taken up, taken back, or is over."""


@dataclass(frozen=True)
class Entry:
    """A service as its representative sees it in the list."""

    service: Service
    said: Said | None
    checked_on: date
    """When somebody last made sure; before that ever happened, when it came or changed last."""
    waiting: int
    """Changes that wait for an editor."""

    @property
    def days(self) -> int:
        return (timezone.localdate() - self.checked_on).days

    @property
    def is_due(self) -> bool:
        return self.days >= ASKED_AFTER_DAYS

    @property
    def is_flagged(self) -> bool:
        return self.days > FRESH.days


def session_of(cookie: str) -> PortalSession | None:
    """Whose browser this is; also of somebody on the way."""
    try:
        found = PortalSession.objects.filter(token_hash=hash_capability(b64url_decode(cookie)))
    except Malformed:
        return None
    session = found.filter(expires_at__gt=timezone.now()).select_related("representative").first()
    is_invented = session is not None and session.representative.is_demonstration
    return None if is_invented and not settings.DEMONSTRATION else session


def get_invitation(words: str) -> PortalInvitation:
    """Raises InvitationUnknown."""
    found = PortalInvitation.objects.filter(words_hash=hash_words(words), expires_at__gt=timezone.now()).first()
    if found is None:
        raise InvitationUnknown
    return found


def hash_words(words: str) -> bytes:
    return hash_capability(normalise(words).encode())


# Entries


def organizations_of(representative: Representative) -> QuerySet[Organization]:
    kept = representative.represents.values("organization_id")
    found: QuerySet[Organization] = Organization.objects.filter(pk__in=kept).order_by("name")
    return found


def services_for(representative: Representative) -> QuerySet[Service]:
    found: QuerySet[Service] = Service.objects.filter(organization__in=organizations_of(representative))
    return found.select_related("organization").order_by("organization__name", "name", "pk")


def get_service_for(representative: Representative, identity: UUID) -> Service:
    """Raises EntryUnknown."""
    found = services_for(representative).filter(pk=identity).first()
    if found is None:
        raise EntryUnknown
    return found


def get_row_of(service: Service, table: str, identity: UUID) -> Any:
    """A phone, an address or the like of this service. Raises EntryUnknown."""
    rows = {
        "phone": phones_of(service),
        "schedule": Schedule.objects.filter(service=service),
        "location": locations_of(service),
        "address": Address.objects.filter(location__in=locations_of(service)),
        "service": Service.objects.filter(pk=service.pk),
    }
    found = rows[table].filter(pk=identity).first()
    if found is None:
        raise EntryUnknown
    return found


def phones_of(service: Service) -> QuerySet[Phone]:
    """The service's own; those of its places and of the organization may ring for others too."""
    found: QuerySet[Phone] = Phone.objects.filter(service=service).order_by("number", "pk")
    return found


def locations_of(service: Service) -> QuerySet[Location]:
    """Places of this service alone, and of its own organization: another's would be changed for them too."""
    shared = Q(pk__in=_held(service.pk, others=True))
    found: QuerySet[Location] = Location.objects.filter(pk__in=_held(service.pk)).exclude(shared).order_by("name", "pk")
    return found


def has_shared_places(service: Service) -> bool:
    """Places that only an editor changes."""
    return bool(_held(service.pk).exclude(location_id__in=locations_of(service)).exists())


def _held(service: UUID, *, others: bool = False) -> QuerySet[Any]:
    held = TABLES["service_at_location"].objects.all()
    held = held.exclude(service=service) if others else held.filter(service=service)
    return held.filter(location__isnull=False).values("location_id")


def entries_of(services: Iterable[Service]) -> list[Entry]:
    services = list(services)
    names = [each.pk for each in services]
    said = capacities_of(names)
    waiting: dict[UUID, int] = {}
    asked = Proposal.objects.filter(service__in=names, state=Proposal.State.WAITING)
    for name in asked.exclude(kind=Proposal.Kind.FEED).values_list("service_id", flat=True):
        waiting[name] = waiting.get(name, 0) + 1
    return [Entry(each, said.get(each.pk), checked_on(each), waiting.get(each.pk, 0)) for each in services]


def stale_services() -> QuerySet[Service]:
    """Those that nobody has made sure of for long, the longest first."""
    since = timezone.localdate() - timedelta(days=ASKED_AFTER_DAYS)
    checked = Coalesce("last_verified_on", TruncDate("changed_at"))
    found: QuerySet[Service] = Service.objects.annotate(checked=checked).filter(checked__lte=since)
    return found.order_by("checked", "name")


def checked_on(service: Service) -> date:
    return service.last_verified_on or timezone.localdate(service.changed_at)


# Proposals


def proposals_of(service: Service) -> list[Proposal]:
    """What it asked for and waits, and what was decided lately; the newest first."""
    asked = Proposal.objects.filter(service=service).exclude(kind=Proposal.Kind.FEED)
    return list(asked.order_by("-asked_at", "-pk"))


def waiting_proposals() -> QuerySet[Proposal]:
    return Proposal.objects.filter(state=Proposal.State.WAITING).select_related("by", "source")
