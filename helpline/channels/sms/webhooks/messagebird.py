"""MessageBird (Bird), whose requests to us carry a token; what became of a text it says in the address of a GET."""

import json
from collections.abc import Mapping
from typing import Any, Final

from helpline.channels.sms.webhooks.asking import Answer, Asking
from helpline.channels.sms.webhooks.hook import JSON, Hook, Report, State, Text, Unreadable, named, read_json, words
from helpline.channels.sms.webhooks.provider import NOTHING, Sending, base_of
from helpline.vault.webhooks import check_messagebird

BASE: Final = "https://rest.messagebird.com"
STATES: Final[dict[str, State]] = {
    "delivered": "delivered",
    "expired": "failed",
    "delivery_failed": "failed",
}


class MessageBird:
    needs: tuple[str, ...] = ("from",)
    thanks = NOTHING

    def check(self, hook: Hook, secret: str, now: float) -> None:
        check_messagebird(secret, hook.header("MessageBird-Signature-JWT"), hook.url, hook.body, now)

    def text_in(self, hook: Hook, options: Mapping[str, Any]) -> Text:
        values = hook.values()
        return Text(
            address=named(values, "originator", "sender"),
            text=words(values, "body", "payload", "message"),
            message_id=named(values, "id", "message_id"),
        )

    def report_in(self, hook: Hook, options: Mapping[str, Any]) -> Report:
        values = hook.values()
        return Report(named(values, "id"), STATES.get(named(values, "status")))

    def asking(self, sending: Sending, options: Mapping[str, Any], secret: str) -> Asking:
        asked = {
            "originator": str(options["from"]),
            "recipients": [sending.to.removeprefix("+")],
            "body": sending.text,
            "datacoding": "auto",  # else macrons become plain letters
            "reference": sending.reference,  # without one there are no reports
        }
        if sending.report_to:
            asked["reportUrl"] = sending.report_to
        return Asking(
            url=f"{base_of(options, BASE)}/messages",
            content_type=JSON,
            body=json.dumps(asked).encode(),
            authorization=f"AccessKey {secret}",
        )

    def ids_in(self, answer: Answer) -> list[str]:
        found = read_json(answer.body)
        if not isinstance(found, dict) or not isinstance(found.get("id"), str):
            raise Unreadable("id")
        return [found["id"]]

    def is_unknown(self, answer: Answer) -> bool:
        try:
            found = read_json(answer.body)
        except Unreadable:
            return False
        errors = found.get("errors") if isinstance(found, dict) else None
        return isinstance(errors, list) and any(
            isinstance(each, dict) and each.get("parameter") in {"recipient", "recipients"} for each in errors
        )
