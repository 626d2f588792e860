"""What staff decide about what goes out: when it is safe, and what becomes of what could not be sent."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels.models import Address, Delivery, Template
from helpline.channels.queries import (
    DeliveryUnknown,
    TemplateUnknown,
    get_dead_letter_for,
    get_template_for,
    lines_written_for,
)
from helpline.conversations.actions import lock_conversation
from helpline.conversations.models import Conversation
from helpline.lines.models import Line


class TitleTaken(Exception):
    """The line has a ready answer of this title already, in that language and for that channel."""


@transaction.atomic
def set_window(conversation: Conversation, window: str) -> bool:
    """When it is safe to write to them, as they have said; what waits, waits for it. False where nothing is carried."""
    locked = lock_conversation(conversation)
    changed = Address.objects.filter(conversation=locked).update(window=Address.Window(window))
    # What was put off until the old window begins is looked at anew.
    locked.deliveries.filter(state=Delivery.State.PENDING).update(next_at=timezone.now())
    return bool(changed)


@transaction.atomic
def send_again(supervisor: User, client_id: str) -> None:
    """From the beginning, with whichever carrier is the first now. Raises DeliveryUnknown."""
    delivery = get_dead_letter_for(supervisor, client_id)
    again = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.FAILED, sealed__isnull=False)
    if not again.update(state=Delivery.State.PENDING, attempts=0, carrier=None, next_at=timezone.now(), reason=""):
        raise DeliveryUnknown


@transaction.atomic
def let_go(supervisor: User, client_id: str) -> None:
    """Its words go; the counsellor still sees that it was not sent. Raises DeliveryUnknown."""
    delivery = get_dead_letter_for(supervisor, client_id)
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.FAILED).update(sealed=None)


def write_template(
    editor: User, template: Template | None, *, line: Line, channel: str, language: str, title: str, text: str
) -> None:
    """A new ready answer, or how one reads from now on. Raises TitleTaken, TemplateUnknown (also another's line)."""
    if not lines_written_for(editor).filter(pk=line.pk).exists():
        raise TemplateUnknown
    kept = template or Template()
    kept.line, kept.channel, kept.language, kept.title, kept.text = line, channel, language, title, text
    kept.edited_by = editor
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise TitleTaken from None


def drop_template(editor: User, code: str) -> None:
    """Raises TemplateUnknown."""
    get_template_for(editor, code).delete()
