"""Lists to be looked up again: the words open them, until their last day, and nothing says whose they are."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from helpline.directory.models import Summary
from helpline.directory.summaries import (
    WORDS,
    SummaryUnknown,
    end_summaries,
    erase_summary,
    keep_summary,
    services_of_summary,
)

pytestmark = pytest.mark.django_db


def test_the_words_find_the_services_in_their_order() -> None:
    services = [uuid4(), uuid4(), uuid4()]
    words = keep_summary(services, 7)
    assert len(words.split()) == WORDS
    assert services_of_summary(words) == services
    assert services_of_summary(f"  {words.upper().replace(' ', ',  ')}. ") == services


def test_other_words_find_nothing() -> None:
    words = keep_summary([uuid4()], 7)
    for other in ("", "acorn", words.rpartition(" ")[0], f"{words} acorn"):
        with pytest.raises(SummaryUnknown):
            services_of_summary(other)


def test_what_is_kept_is_neither_the_words_nor_a_moment() -> None:
    words = keep_summary([uuid4()], 7)
    kept = Summary.objects.values().get()
    assert kept.keys() == {"id", "words_hash", "services", "expires_on"}
    assert words.encode() not in bytes(kept["words_hash"])
    assert kept["expires_on"] == timezone.localdate() + dt.timedelta(days=7)


def test_after_its_last_day_it_is_not_found_and_then_gone() -> None:
    over, last = keep_summary([uuid4()], 1), keep_summary([uuid4()], 30)
    Summary.objects.filter(expires_on__lt=timezone.localdate() + dt.timedelta(days=5)).update(
        expires_on=timezone.localdate() - dt.timedelta(days=1)
    )
    with pytest.raises(SummaryUnknown):
        services_of_summary(over)
    assert end_summaries() == 1
    assert services_of_summary(last)


def test_whoever_has_the_words_deletes_it() -> None:
    words, other = keep_summary([uuid4()], 7), keep_summary([uuid4()], 7)
    erase_summary(words)
    erase_summary(words)
    with pytest.raises(SummaryUnknown):
        services_of_summary(words)
    assert services_of_summary(other)
