"""Writing down what a contact was about, in codes."""

import secrets
import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.records.codes import NOT_STATED, Outcome
from helpline.records.models import ContactRecord, SurveyAnswer

SEEN = (Outcome.SIGNPOSTED, Outcome.REFERRAL_OFFERED, Outcome.REFERRAL_ACCEPTED)


def record_abandoned(conversation: Conversation) -> ContactRecord:
    """People who leave the queue do not vanish from the figures."""
    record, _ = ContactRecord.objects.update_or_create(
        conversation=conversation, defaults={**_facts(conversation), "is_answered": False, "is_complete": True}
    )
    return record


def record_answered(conversation: Conversation) -> ContactRecord:
    """An answered contact counts from its end, coded or not: the person may erase it before anybody has coded it."""
    record, _ = ContactRecord.objects.update_or_create(
        conversation=conversation, defaults={**_facts(conversation), "is_answered": True}
    )
    return record


@transaction.atomic
def note_outcome(conversation: Conversation, outcome: Outcome) -> None:
    """What the system has seen come of it, until a counsellor says otherwise; never less than was noted before.

    The record may begin with it, before the end: its facts are written at the end, as always.
    """
    record, _ = ContactRecord.objects.get_or_create(
        conversation=conversation, defaults={**_facts(conversation), "is_answered": True}
    )
    if outcome in SEEN and (record.outcome == NOT_STATED or record.outcome in SEEN[: SEEN.index(outcome)]):
        record.outcome = outcome
        record.save(update_fields=["outcome"])


@transaction.atomic
def record_contact(conversation: Conversation, coded: dict[str, Any]) -> ContactRecord:
    """Keep a counsellor's coded account; coding again corrects it.

    `coded` is the cleaned data of `records.forms.ContactRecordForm`.
    """
    record, _ = ContactRecord.objects.update_or_create(
        conversation=conversation,
        defaults={**_facts(conversation), **coded, "is_answered": True, "is_complete": True},
    )
    return record


def answer_survey(line: Line, channel: str, helped: int | None, knows_next_step: bool | None) -> None:
    """Keep two answers with the month and nothing else."""
    if helped is None and knows_next_step is None:
        return
    today = timezone.localdate()
    SurveyAnswer.objects.create(
        line=line, channel=channel, month=today.replace(day=1), helped=helped, knows_next_step=knows_next_step
    )


def _facts(conversation: Conversation) -> dict[str, Any]:
    """What the system knows itself: line, channel, hour, waits."""
    waited_until = conversation.answered_at or conversation.closed_at or timezone.now()
    handled = None
    if conversation.answered_at and conversation.closed_at:
        handled = int((conversation.closed_at - conversation.answered_at).total_seconds())
    return {
        "line": conversation.line,
        "channel": conversation.channel,
        "started_hour": conversation.started_at.replace(minute=0, second=0, microsecond=0),
        "wait_seconds": max(0, int((waited_until - conversation.started_at).total_seconds())),
        "handled_seconds": handled,
        "language": conversation.language,
    }


@transaction.atomic
def settle_records() -> int:
    """Write anew, under new ids, in random order and in one transaction, what no conversation is behind any more.

    A row says by its id, its place in the table and its transaction when it was written, and with that, beside other
    tables, whose it was. Afterwards it says only in which run. Returns how many rows.
    """
    records = ContactRecord.objects.filter(conversation=None, is_settled=False)
    return _settle(ContactRecord, records) + _settle(SurveyAnswer, SurveyAnswer.objects.filter(is_settled=False))


def _settle(model: type[ContactRecord | SurveyAnswer], rows: "QuerySet[Any]") -> int:
    found = list(rows.select_for_update())
    secrets.SystemRandom().shuffle(found)
    model.objects.filter(pk__in=[row.pk for row in found]).delete()
    for row in found:
        row.pk, row.is_settled = uuid.uuid4(), True
    return len(model.objects.bulk_create(found, batch_size=500))
