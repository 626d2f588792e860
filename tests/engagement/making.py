"""Somebody who gets updates, and an update that is about to be sent."""

from django.utils import timezone

from helpline.accounts.models import User
from helpline.engagement import writing
from helpline.engagement.actions import Wish, confirm, sign_up
from helpline.engagement.models import Subscriber, Topic, Update
from helpline.lines.models import Line

ALL = tuple(Topic.values)


def subscribe(
    line: Line, address: str, topics: tuple[str, ...] = ALL, region: str = "", language: str = "en"
) -> Subscriber:
    """By the mailed link, as everybody does."""
    token = sign_up(line, address, Wish(topics, region, language))
    assert token
    return confirm(line, token)


def fields(line: Line, **other: object) -> dict[str, object]:
    return {
        "line": line,
        "topic": Topic.NEWS,
        "region": "",
        "title": "What is new",
        "text": "Kia ora.\n\nThere is a new room.",
        "title_mi": "",
        "text_mi": "",
        **other,
    }


def sent_update(line: Line, author: User, reader: User, **other: object) -> Update:
    """Written by one, sent by the other; no mail has gone yet."""
    update = writing.write(author, fields(line, **other))
    writing.ask_for_a_look(author, update)
    writing.send(reader, update, update.revision)
    return update


def ready_update(line: Line, **other: object) -> Update:
    """One that announces itself: for tests that are not about people."""
    given = fields(line, **other)
    return Update.objects.create(**given, source="test:1", state=Update.State.READY, published_at=timezone.now())
