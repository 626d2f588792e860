"""Every few minutes: tell an organization's representatives by mail that something new waits in their inbox."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from helpline.portal import mail
from helpline.portal.models import Notice, Representation
from helpline.referrals.models import CapacityAsk, Referral
from helpline.referrals.queries import capacity_inbox_of, inbox_of


def tell_what_waits() -> int:
    """Once for whatever is new since they were told last; returns how many were mailed. What it is, no mail says."""
    kept = Representation.objects.filter(representative__is_demonstration=False)
    kept_by: dict[UUID, list[str]] = {}
    for organization, email in kept.values_list("organization_id", "representative__email"):
        kept_by.setdefault(organization, []).append(email)
    told = dict(Notice.objects.values_list("organization_id", "told_at"))
    mailed = 0
    for organization, newest in _newest(kept_by).items():
        if organization in told and newest <= told[organization]:
            continue
        now = timezone.now()
        taken = [mail.send_notice(each, f"{mail.door()}inbox/") for each in kept_by[organization]]
        if any(taken):  # else the next run tries again
            Notice.objects.update_or_create(organization_id=organization, defaults={"told_at": now})
        mailed += sum(taken)
    return mailed


def _newest(organizations: Iterable[UUID]) -> dict[UUID, dt.datetime]:
    """By organization, since when the newest of what nobody there has read waits."""
    own = list(organizations)
    unread = inbox_of(own).filter(state=Referral.State.REQUESTED)
    asked = capacity_inbox_of(own).filter(state=CapacityAsk.State.ASKED)
    found: dict[UUID, dt.datetime] = {}
    for organization, at in (
        *unread.values_list("service__organization_id", "changed_at"),
        *asked.values_list("service__organization_id", "request__asked_at"),
    ):
        found[organization] = max(at, found.get(organization, at))
    return found
