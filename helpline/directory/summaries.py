"""Keeping a list of services for somebody who looks it up later, with four words and nothing else."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from helpline.directory.cards import Card, card
from helpline.directory.entries import entries_of
from helpline.directory.models import Avoided, Summary
from helpline.vault.codes import hash_capability
from helpline.vault.words import draw_words, normalise

WORDS = 4  # 51 bits, for a month at most, and guessing is paced: what they open is a list that anybody may read
DAYS = (1, 7, 30)  # how long somebody may want it kept


class SummaryUnknown(Exception):
    """No list has these words: they were mistyped, or it was deleted, or is over. Nobody is told which."""


@transaction.atomic
def keep_summary(services: Sequence[UUID], days: int) -> str:
    """Returns the words, which are kept nowhere."""
    words = draw_words(WORDS)
    Summary.objects.create(words_hash=_hash(words), services=list(services), expires_on=last_day(days))
    return words


def last_day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def services_of_summary(words: str) -> list[UUID]:
    """In the order in which they were chosen. Raises SummaryUnknown."""
    found = Summary.objects.filter(words_hash=_hash(words), expires_on__gte=timezone.localdate()).first()
    if found is None:
        raise SummaryUnknown
    return found.services


def cards_of(services: Sequence[UUID], now: dt.datetime) -> list[Card]:
    """As anybody may see them, in this order; those that are gone, hidden or avoided since are left out."""
    avoided = set(Avoided.objects.filter(service_id__in=services).values_list("service_id", flat=True))
    found = {each.service: card(each.service, each.shown, each.for_whom, None, now) for each in entries_of(services)}
    return [found[each] for each in services if each in found and each not in avoided]


def erase_summary(words: str) -> None:
    """At once. Asking again is not an error: the first answer may have got lost."""
    Summary.objects.filter(words_hash=_hash(words)).delete()


def end_summaries() -> int:
    """Those whose last day is over; returns how many."""
    return Summary.objects.filter(expires_on__lt=timezone.localdate()).delete()[0]


def _hash(words: str) -> bytes:
    return hash_capability(normalise(words).encode())
