"""Aggregators that show a name and a password, both ways, as those of Aotearoa do; by default in Modica's words.

Another aggregator's words for the same are the option `names`; `format` is json or form.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from helpline.channels.sms.webhooks.asking import Answer, Asking
from helpline.channels.sms.webhooks.hook import (
    FORM,
    JSON,
    Hook,
    Report,
    State,
    Text,
    Unreadable,
    named,
    read_json,
    words,
)
from helpline.channels.sms.webhooks.provider import NOTHING, Sending
from helpline.vault.webhooks import basic_header, check_basic

NAMES: Final = {
    # of a text to us
    "text_id": "id",
    "text_from": "source",
    "text": "content",
    # of what became of one of ours
    "report_id": "message_id",
    "report_status": "status",
    # of a text that we ask it to carry
    "to": "destination",
    "from": "source",
    "body": "content",
    "reference": "reference",
}
STATES: Final[dict[str, State]] = {
    **dict.fromkeys(("delivered", "received", "delivrd"), "delivered"),
    **dict.fromkeys(
        ("failed", "rejected", "expired", "dead", "undelivered", "undeliverable", "undeliv", "rejectd"), "failed"
    ),
}
IDS: Final = ("id", "message_id", "messageId")


class Basic:
    needs: tuple[str, ...] = ("url",)
    thanks = NOTHING

    def check(self, hook: Hook, secret: str, now: float) -> None:
        check_basic(secret, hook.header("Authorization"))

    def text_in(self, hook: Hook, options: Mapping[str, Any]) -> Text:
        values, names = hook.values(), _names(options)
        return Text(
            address=named(values, names["text_from"]),
            text=words(values, names["text"]),
            message_id=named(values, names["text_id"]),
        )

    def report_in(self, hook: Hook, options: Mapping[str, Any]) -> Report:
        values, names = hook.values(), _names(options)
        status = named(values, names["report_status"])
        return Report(named(values, names["report_id"]), STATES.get(status.lower()))

    def asking(self, sending: Sending, options: Mapping[str, Any], secret: str) -> Asking:
        names = _names(options)
        asked = {names["to"]: sending.to, names["body"]: sending.text, names["reference"]: sending.reference}
        if options.get("from"):
            asked[names["from"]] = str(options["from"])
        is_form = options.get("format") == "form"
        return Asking(
            url=str(options["url"]),
            content_type=FORM if is_form else JSON,
            body=(urlencode(asked) if is_form else json.dumps(asked)).encode(),
            authorization=basic_header(secret),
        )

    def ids_in(self, answer: Answer) -> list[str]:
        """`[17]`, or an object that names it. Whoever names none took it all the same, but nothing more is heard."""
        try:
            found = read_json(answer.body)
        except Unreadable:
            return []
        if isinstance(found, dict):
            found = [found[name] for name in IDS if name in found][:1]
        if not isinstance(found, list):
            return []
        return [str(each) for each in found if isinstance(each, str | int)]

    def is_unknown(self, answer: Answer) -> bool:
        """Each says it in its own way."""
        return False


def _names(options: Mapping[str, Any]) -> dict[str, str]:
    given = options.get("names")
    return NAMES | {str(name): str(value) for name, value in (given if isinstance(given, dict) else {}).items()}
