"""What is known of how a contact came out; what is still to be coded, and by whom."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, DateField, Exists, Min, OuterRef, QuerySet
from django.db.models.functions import TruncMonth

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation, State
from helpline.conversations.queries import ConversationUnknown
from helpline.lines.models import Line
from helpline.records.codes import NOT_STATED, Fate, YesNo
from helpline.records.models import ClosedMonth, ContactRecord, SecondCoding
from helpline.records.months import closes_from

_MONTH = TruncMonth("started_hour", output_field=DateField())


def begun_record(conversation: Conversation) -> ContactRecord:
    """What is coded so far; until it is finished with what was noted in the conversation, to be confirmed."""
    record = ContactRecord.objects.filter(conversation=conversation).first() or ContactRecord()
    if conversation.needs_interpreter and not record.is_complete and record.interpreter == YesNo.NOT_STATED:
        record.interpreter = YesNo.YES
    return record


def outcome_so_far(conversation: Conversation) -> str | None:
    """A code of `codes.Outcome` that the system has noted, to be offered where it is coded; None where it has not."""
    noted = ContactRecord.objects.filter(conversation=conversation).exclude(outcome=NOT_STATED)
    return noted.values_list("outcome", flat=True).first()


def get_codable_for(user: User, code: str) -> Conversation:
    """One that `user` had and that has ended, however long ago, to be coded. It gives no words.

    Raises ConversationUnknown.
    """
    try:
        own = Conversation.objects.filter(counsellor=user, state=State.CLOSED, answered_at__isnull=False)
        return own.select_related("line").get(code=code)
    except Conversation.DoesNotExist:
        raise ConversationUnknown from None


def uncoded_of(user: User) -> QuerySet[ContactRecord]:
    """Contacts that `user` had and has not coded, the oldest first, while their month is open."""
    return _uncoded().filter(conversation__counsellor=user)


def to_code_again(user: User) -> QuerySet[SecondCoding]:
    """Conversations that `user` was in beside the counsellor and is asked to code, the oldest first."""
    asked = SecondCoding.objects.filter(user=user, coded__isnull=True).select_related("conversation__line")
    return asked.order_by("conversation__started_at")


def get_to_code_again_for(user: User, code: str) -> Conversation:
    """Raises ConversationUnknown."""
    asked = to_code_again(user).filter(conversation__code=code).first()
    if asked is None:
        raise ConversationUnknown
    return asked.conversation


def months_to_close(line: Line, today: dt.date) -> list[dt.date]:
    """Those with contacts that may be closed by then and are not, the oldest first."""
    found = ContactRecord.objects.filter(line=line).order_by().values_list(_MONTH, flat=True).distinct()
    closed = set(ClosedMonth.objects.filter(line=line).values_list("month", flat=True))
    return sorted(month for month in found if month not in closed and closes_from(month) <= today)


@dataclass(frozen=True)
class Uncoded:
    """What a colleague has not coded yet on one line."""

    line: str
    name: str
    count: int
    oldest: dt.datetime


def uncoded_by_colleague(supervisor: User) -> list[Uncoded]:
    """On the lines that they supervise, of everybody else; whoever has most first."""
    if supervisor.role != Role.SUPERVISOR:
        return []
    supervised = Line.objects.filter(memberships__user=supervisor)
    found = _uncoded().filter(line__in=supervised).exclude(conversation__counsellor=supervisor).order_by()
    counted = found.values_list("line__name", "conversation__counsellor__name").annotate(
        count=Count("pk"), oldest=Min("conversation__started_at")
    )
    return [Uncoded(*each) for each in counted.order_by("-count", "line__name", "conversation__counsellor__name")]


def _uncoded() -> QuerySet[ContactRecord]:
    """Of erased conversations none: nobody knows any more which it was."""
    found = ContactRecord.objects.filter(fate=Fate.ANSWERED, is_complete=False, conversation__isnull=False)
    found = found.alias(month=_MONTH)
    closed = ClosedMonth.objects.filter(line=OuterRef("line"), month=OuterRef("month"))
    return found.filter(~Exists(closed)).select_related("line", "conversation").order_by("conversation__started_at")
