"""Checked reads: how what was said to somebody by text or mail is getting on, and what is known of the way to them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from helpline.accounts.models import Role, User
from helpline.channels.models import Address, Delivery, MonthlyCount, Template
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.vault.codes import block_key


class TemplateUnknown(Exception):
    """There is no such ready answer for the one who asks."""


class DeliveryUnknown(Exception):
    """There is no such delivery for the one who asks."""


@dataclass(frozen=True)
class OnItsWay:
    """How one message is getting on, for the counsellor."""

    seq: int
    state: str
    reason: str
    parts: int


def is_carried(conversation: Conversation) -> bool:
    """Whether what is said goes out by text or mail: the desk then posts to /send, not to the live process."""
    return Address.objects.filter(conversation=conversation).exists()


def deliveries_of(conversation: Conversation) -> list[OnItsWay]:
    found = conversation.deliveries.order_by("seq")
    return [OnItsWay(each.seq, each.state, each.reason, each.parts) for each in found]


def unsent(conversation: Conversation) -> int:
    """How many messages would never be sent if it ended now."""
    return conversation.deliveries.filter(state__in=["pending", "sending"]).count()


def block_key_of(conversation: Conversation) -> bytes | None:
    """By which whoever wrote it is known again when they are blocked; None on a page of the web. Before it ends."""
    address = Address.objects.filter(conversation=conversation).first()
    return block_key(bytes(address.pseudonym)) if address else None


def window_of(conversation: Conversation) -> str:
    """When it is safe to write to them, one of Address.Window; empty where nothing is carried."""
    address = Address.objects.filter(conversation=conversation).first()
    return address.window if address else ""


def dead_letters_for(user: User) -> QuerySet[Delivery]:
    """What could not be sent on the lines that they supervise, while its conversation is open, the newest first."""
    if user.role != Role.SUPERVISOR:
        return Delivery.objects.none()
    failed = Delivery.objects.filter(state=Delivery.State.FAILED, sealed__isnull=False)
    found = failed.filter(conversation__line__memberships__user=user, conversation__address__isnull=False)
    return found.select_related("conversation", "line", "carrier").order_by("-at", "-pk")


def get_dead_letter_for(user: User, client_id: str) -> Delivery:
    """Raises DeliveryUnknown."""
    found = dead_letters_for(user).filter(client_id=client_id).first()
    if found is None:
        raise DeliveryUnknown
    return found


def months_for(user: User) -> QuerySet[MonthlyCount]:
    """Counts of the carriers of the lines that they supervise; of all for an operator, who pays them."""
    counted = MonthlyCount.objects.select_related("carrier__line")
    if user.role == Role.OPERATOR:
        return counted
    if user.role != Role.SUPERVISOR:
        return counted.none()
    return counted.filter(carrier__line__memberships__user=user)


def lines_written_for(user: User) -> QuerySet[Line]:
    """Whose ready answers they write: editors for every line, supervisors for theirs."""
    if user.role == Role.EDITOR:
        return Line.objects.all()
    if user.role == Role.SUPERVISOR:
        return Line.objects.filter(memberships__user=user).distinct()
    return Line.objects.none()


def templates_for(user: User) -> QuerySet[Template]:
    """Those that they may change."""
    found = Template.objects.filter(line__in=lines_written_for(user)).select_related("line", "edited_by")
    return found.order_by("line__position", "line__slug", "language", "title", "channel")


def get_template_for(user: User, code: str) -> Template:
    """Raises TemplateUnknown."""
    try:
        return templates_for(user).get(code=code)
    except Template.DoesNotExist:
        raise TemplateUnknown from None


def ready_answers(conversation: Conversation, channel: str) -> list[Template]:
    """What may be said in it by this channel: the person's language first, then by title."""
    found = Template.objects.filter(line=conversation.line, channel__in=["", channel])
    return sorted(found, key=lambda each: (each.language != conversation.language, each.title, each.pk))
