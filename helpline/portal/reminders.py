"""Every night: ask the services that nobody has made sure of for 90 days whether they are still right."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from helpline.directory.models import Organization, Service
from helpline.portal import mail
from helpline.portal.models import Reminder, Representation
from helpline.portal.queries import ASKED_AFTER_DAYS, checked_on

AGAIN_AFTER = dt.timedelta(days=30)


def ask_about_stale(today: dt.date | None = None) -> int:
    """Mail the representatives of each organization with stale entries, once a month; returns how many were mailed."""
    today = today or timezone.localdate()
    asked_lately = Reminder.objects.filter(asked_on__gt=today - AGAIN_AFTER).values("organization_id")
    kept = Representation.objects.exclude(organization__in=asked_lately)
    due = _due(set(kept.values_list("organization_id", flat=True)), today)
    mailed = 0
    for organization in Organization.objects.filter(pk__in=due).order_by("name"):
        addresses = Representation.objects.filter(organization=organization, representative__is_demonstration=False)
        taken = [
            mail.send_question(each, organization.name, due[organization.pk], mail.door())
            for each in addresses.values_list("representative__email", flat=True)
        ]
        if any(taken):  # else the next night tries again
            Reminder.objects.update_or_create(organization=organization, defaults={"asked_on": today})
        mailed += sum(taken)
    return mailed


def _due(organizations: set[UUID], today: dt.date) -> dict[UUID, list[str]]:
    """By organization, the names of what nobody has made sure of."""
    found: dict[UUID, list[str]] = {}
    for service in Service.objects.filter(organization__in=organizations).order_by("name"):
        if (today - checked_on(service)).days >= ASKED_AFTER_DAYS:
            found.setdefault(service.organization_id, []).append(service.name)
    return found
