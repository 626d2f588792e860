"""Invented readers, and what they were sent, so that a newcomer sees an archive and an update that waits for a look."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import User
from helpline.engagement import writing
from helpline.engagement.actions import Wish, confirm, sign_up
from helpline.engagement.models import Subscriber, Topic, Update
from helpline.lines.models import Line

READERS = (
    ("aroha@example.org", (Topic.FIGURES, Topic.PROVIDERS), "hawkes_bay", "mi"),
    ("ben@example.org", (Topic.NEWS, Topic.EVENTS), "otago", "en"),
    ("chandra@example.org", tuple(Topic), "", "en"),
    ("dorothy@example.org", (Topic.CONSULTATIONS,), "", "en"),
    ("eru@example.org", (Topic.PROVIDERS, Topic.EVENTS), "auckland", "mi"),
)
WRITTEN = (
    {
        "topic": Topic.PROVIDERS,
        "title": "Please look at your entries before the holidays",
        "text": "Kia ora koutou,\n\nmany services close over the holidays. People are sent to you with what your "
        "entries say, so please tell us:\n\n- the days when you are closed\n- a phone number that is answered\n"
        "- whether you are taking people in January\n\nIt takes a few minutes at the services’ door.",
        "title_mi": "Tirohia ō tuhinga i mua i ngā hararei",
        "text_mi": "Kia ora koutou,\n\nmāu e whakahou ngā tuhinga mō tō ratonga i mua i ngā hararei. Ngā mihi.",
    },
    {
        "topic": Topic.EVENTS,
        "title": "A hui in Hastings in February",
        "text": "Kia ora koutou,\n\nwe would like to meet the services of the region, and to hear what is missing."
        "\n\n## When and where\n\nThe day and the place follow. There will be food, and somebody who signs.",
        "title_mi": "",
        "text_mi": "",
    },
    {
        "topic": Topic.NEWS,
        "title": "How a chat is handed on to you",
        "text": "Kia ora koutou,\n\nthis is an update that waits for a second look: whoever did not write it reads it "
        "here and sends it.\n\nHow we hand somebody on, and what we keep, stands here:\n\n/confidentiality/",
        "title_mi": "",
        "text_mi": "",
    },
)


@transaction.atomic
def load(line: Line, editor: User, supervisor: User) -> bool:
    """Once; whether it was now. What was announced while figures were invented is of months past."""
    if Subscriber.objects.exists():
        return False
    now = timezone.now()
    for place, update in enumerate(Update.objects.filter(line=line).order_by("-pk")):
        _as_sent(update, now - dt.timedelta(days=3 + 30 * place))
    for address, topics, region, language in READERS:
        confirm(line, sign_up(line, address, Wish(topics, region, language)) or "")
    *sent, waits = WRITTEN
    for place, words in enumerate(sent):
        update = writing.write(editor, {"line": line, "region": "", **words})
        writing.ask_for_a_look(editor, update)
        writing.send(supervisor, update, update.revision)
        _as_sent(update, now - dt.timedelta(days=8 + 20 * place))
    writing.ask_for_a_look(editor, writing.write(editor, {"line": line, "region": "", **waits}))
    return True


def _as_sent(update: Update, at: dt.datetime) -> None:
    Update.objects.filter(pk=update.pk).update(state=Update.State.SENT, published_at=at, finished_at=at)
