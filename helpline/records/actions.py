"""Writing down what a contact was about, in codes, until its month is closed."""

import datetime as dt
import secrets
import uuid
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from helpline.accounts.models import User
from helpline.conversations.models import Author, Conversation, State
from helpline.lines.models import Line
from helpline.records.agreement import ask_second_coder, compare, forget_second_codings
from helpline.records.codes import NOT_STATED, Fate, Outcome
from helpline.records.editions import edition_of
from helpline.records.models import ClosedMonth, ContactRecord, SecondCoding, SurveyAnswer
from helpline.records.months import closes_from, month_of, span_of

SEEN = (Outcome.SIGNPOSTED, Outcome.REFERRAL_OFFERED, Outcome.REFERRAL_ACCEPTED, Outcome.REFERRAL_REACHED)
AT_ONCE = 10  # seconds: who leaves sooner has not waited
MONTHS = 0x6D6F6E74  # the advisory lock, with a line's id, of closing its months: shared by whoever codes


class MonthClosed(Exception):
    """Nothing is coded any more in the month of this contact."""


class TooEarly(Exception):
    """The month is not over for so long yet; `since` is the first day on which it may be closed."""

    def __init__(self, since: dt.date) -> None:
        super().__init__()
        self.since = since


@transaction.atomic
def record_ended(conversation: Conversation) -> ContactRecord:
    """A contact counts from its end: coded or not, since the person may erase it before anybody has coded it; and
    answered or not, so that people who leave the queue do not vanish from the figures."""
    facts = {**_facts(conversation), "fate": _fate(conversation), "is_late": is_closed(conversation)}
    if not conversation.answered_at:
        facts["is_complete"] = True
    elif not facts["is_late"]:
        ask_second_coder(conversation)
    record, _ = ContactRecord.objects.update_or_create(conversation=conversation, defaults=facts)
    return record


@transaction.atomic
def note_outcome(conversation: Conversation, outcome: Outcome) -> None:
    """What the system has seen come of it, until a counsellor says otherwise; never less than was noted before.

    The record may begin with it, before the end: its facts are written at the end, as always. In a closed month
    nothing is noted.
    """
    if is_closed(conversation):
        return
    record, _ = ContactRecord.objects.get_or_create(conversation=conversation, defaults=_facts(conversation))
    if outcome in SEEN and (record.outcome == NOT_STATED or record.outcome in SEEN[: SEEN.index(outcome)]):
        record.outcome = outcome
        record.save(update_fields=["outcome"])


@transaction.atomic
def record_contact(conversation: Conversation, coded: dict[str, Any]) -> ContactRecord:
    """Keep a counsellor's coded account; coding again corrects it.

    `coded` is the cleaned data of `records.forms.ContactRecordForm`. Raises MonthClosed.
    """
    if is_closed(conversation):
        raise MonthClosed
    record, _ = ContactRecord.objects.update_or_create(
        conversation=conversation,
        defaults={**_facts(conversation), "fate": _fate(conversation), **coded, "is_complete": True},
    )
    compare(conversation)
    return record


@transaction.atomic
def code_again(user: User, conversation: Conversation, coded: dict[str, Any]) -> None:
    """Keep how a second person codes it, who was asked to; once is enough. `coded` as for `record_contact`.

    Raises MonthClosed.
    """
    if is_closed(conversation):
        raise MonthClosed
    SecondCoding.objects.filter(conversation=conversation, user=user, coded__isnull=True).update(coded=coded)
    compare(conversation)


@transaction.atomic
def keep_draft(conversation: Conversation, coded: dict[str, Any]) -> None:
    """Keep what is coded so far of a contact that nobody has finished coding; afterwards it is too late for a draft.

    `coded` as for `record_contact`. Raises MonthClosed.
    """
    if is_closed(conversation):
        raise MonthClosed
    record, _ = ContactRecord.objects.get_or_create(conversation=conversation, defaults=_facts(conversation))
    ContactRecord.objects.filter(pk=record.pk, is_complete=False).update(**coded)


@transaction.atomic
def note_same_person(conversation: Conversation, before: Conversation) -> None:
    """Somebody is back: what is counted of both says so, until their month is counted. Nothing else ever does.

    Not across months, and not across lines: each month of a line is counted by itself.
    """
    known = ContactRecord.objects.select_for_update().filter(conversation=before, line=conversation.line).first()
    if known is None or month_of(known.started_hour) != month_of(conversation.started_at) or is_closed(before):
        return
    if known.person is None:
        known.person = uuid.uuid4()
        known.save(update_fields=["person"])
    ContactRecord.objects.update_or_create(
        conversation=conversation,
        defaults={"person": known.person},
        create_defaults={**_facts(conversation), "person": known.person},
    )


@transaction.atomic
def forget_people(line: Line, month: dt.date) -> int:
    """When a month is counted, nothing says any more which contacts were the same person's. Returns how many said."""
    return _of_month(line, month).exclude(person=None).update(person=None)


def forget_person(conversation: Conversation) -> None:
    """Whoever erases their words is in no company of contacts any more either."""
    ContactRecord.objects.filter(conversation=conversation).update(person=None)


@transaction.atomic
def close_month(line: Line, month: dt.date) -> ClosedMonth:
    """Let nothing be coded any more; `month` is its first day. Closing twice is closing once. Raises TooEarly."""
    if timezone.localdate() < closes_from(month):
        raise TooEarly(closes_from(month))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MONTHS, line.pk])
    closed, _ = ClosedMonth.objects.get_or_create(line=line, month=month, defaults={"closed_at": timezone.now()})
    forget_second_codings(line, month)
    return closed


def is_closed(conversation: Conversation) -> bool:
    """Whether the conversation's month is; otherwise it stays open until this transaction ends."""
    line, month = conversation.line_id, month_of(conversation.started_at)
    # No lock in the ordinary case. A day early, so that no transaction is older than the day it believes in.
    if timezone.localdate() < closes_from(month) - dt.timedelta(days=1):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [MONTHS, line])
    return ClosedMonth.objects.filter(line=line, month=month).exists()


def answer_survey(line: Line, channel: str, helped: int | None, knows_next_step: bool | None) -> None:
    """Keep two answers with the month and nothing else."""
    if helped is None and knows_next_step is None:
        return
    today = timezone.localdate()
    SurveyAnswer.objects.create(
        line=line, channel=channel, month=today.replace(day=1), helped=helped, knows_next_step=knows_next_step
    )


def _of_month(line: Line, month: dt.date) -> QuerySet[ContactRecord]:
    since, until = span_of(month)
    return ContactRecord.objects.filter(line=line, started_hour__gte=since, started_hour__lt=until)


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
        "wait_seconds": _seconds(conversation, waited_until),
        "first_reply_seconds": _first_reply(conversation),
        "handled_seconds": handled,
        "language": conversation.language,
        "code_edition": edition_of(month_of(conversation.started_at)).name,
    }


def _seconds(conversation: Conversation, until: dt.datetime) -> int:
    return max(0, int((until - conversation.started_at).total_seconds()))


def _first_reply(conversation: Conversation) -> int | None:
    if not conversation.answered_at:
        return None
    words = conversation.messages.filter(author=Author.COUNSELLOR).order_by("seq").values_list("at", flat=True)
    first = words.first()
    return None if first is None else _seconds(conversation, first)


def _fate(conversation: Conversation) -> str:
    """Empty as long as it goes on."""
    if conversation.state != State.CLOSED or conversation.closed_at is None:
        return ""
    if conversation.answered_at:
        return Fate.ANSWERED
    return Fate.LEFT_WITHIN_10S if _seconds(conversation, conversation.closed_at) < AT_ONCE else Fate.LEFT_IN_QUEUE


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
