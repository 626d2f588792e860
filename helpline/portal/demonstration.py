"""Somebody invented who keeps the entries of one invented town, with a little of everything on their screen."""

import datetime as dt
import hashlib

from django.db import transaction
from django.utils import timezone

from helpline.directory.capacity import Capacity, set_capacity
from helpline.directory.models import Organization, Service
from helpline.portal.actions import AppUnreadable, unused_code_of
from helpline.portal.models import Representation, Representative
from helpline.portal.proposals import by_line, propose_fields
from helpline.vault import totp

NAME, EMAIL = "Aroha Ngata", "aroha@example.org"
TOWN = "Hastings (demonstration)"
SAID = ((Capacity.TAKING, 0), (Capacity.WAITING, 6), (Capacity.FULL, 0))
OLD = (dt.timedelta(days=20), dt.timedelta(days=100), dt.timedelta(days=200))  # right; asked about; flagged


@transaction.atomic
def load() -> bool:
    """Once; whether it was now. Her app is made anew where the keys' folder is newer than she is."""
    her, is_new = Representative.objects.get_or_create(email=EMAIL, defaults={"name": NAME, "is_demonstration": True})
    if is_new:
        organizations = Organization.objects.filter(name__endswith=TOWN)
        kept = [Representation(representative=her, organization=each) for each in organizations]
        Representation.objects.bulk_create(kept)
        _say(her, list(Service.objects.filter(organization__in=organizations).order_by("name")))
    _renew_app(her)
    return is_new


def _say(her: Representative, services: list[Service]) -> None:
    for service, (capacity, weeks), old in zip(services, SAID, OLD, strict=False):
        set_capacity(service, capacity, weeks, by_line(service))
        Service.objects.filter(pk=service.pk).update(last_verified_on=timezone.localdate() - old)
    if services:
        words = f"{services[0].description} Also by video call."
        propose_fields(services[0], services[0], {"description": words}, her)


def _renew_app(her: Representative) -> None:
    """As public as the passphrases of the invented staff: the door shows the code of the moment."""
    try:
        if her.app is not None:
            unused_code_of(her)
            return
    except AppUnreadable:
        pass
    secret = hashlib.sha256(f"demonstration {EMAIL}".encode()).digest()[: totp.SECRET_BYTES]
    Representative.objects.filter(pk=her.pk).update(app=totp.seal_secret(secret, her.code), last_step=0)
