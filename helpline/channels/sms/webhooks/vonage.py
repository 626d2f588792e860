"""Vonage, by its Messages API, whose requests to us carry a token."""

import json
from collections.abc import Mapping
from typing import Any, Final

from helpline.channels.sms.webhooks.asking import Answer, Asking
from helpline.channels.sms.webhooks.hook import JSON, Hook, Report, State, Text, Unreadable, named, read_json, words
from helpline.channels.sms.webhooks.provider import NOTHING, Sending, base_of
from helpline.vault.webhooks import basic_header, check_vonage

BASE: Final = "https://api.nexmo.com"
BEARER: Final = "Bearer "
STATES: Final[dict[str, State]] = {
    "delivered": "delivered",
    "read": "delivered",
    "rejected": "failed",
    "undeliverable": "failed",
}


class Vonage:
    needs: tuple[str, ...] = ("account", "from")
    thanks = NOTHING

    def check(self, hook: Hook, secret: str, now: float) -> None:
        token = hook.header("Authorization")
        check_vonage(secret, token[len(BEARER) :] if token.startswith(BEARER) else "", hook.body, now)

    def text_in(self, hook: Hook, options: Mapping[str, Any]) -> Text:
        values = hook.values()
        return Text(named(values, "from"), words(values, "text"), named(values, "message_uuid"))

    def report_in(self, hook: Hook, options: Mapping[str, Any]) -> Report:
        values = hook.values()
        return Report(named(values, "message_uuid"), STATES.get(named(values, "status")))

    def asking(self, sending: Sending, options: Mapping[str, Any], secret: str) -> Asking:
        asked: dict[str, Any] = {
            "channel": "sms",
            "message_type": "text",
            "to": sending.to.removeprefix("+"),
            "from": str(options["from"]).removeprefix("+"),
            "text": sending.text,
            "client_ref": sending.reference,
            "sms": {"encoding_type": "auto"},  # macrons stay macrons
        }
        if sending.report_to:
            asked |= {"webhook_url": sending.report_to, "webhook_version": "v1"}
        return Asking(
            url=f"{base_of(options, BASE)}/v1/messages",
            content_type=JSON,
            body=json.dumps(asked).encode(),
            authorization=basic_header(f"{options['account']}:{secret}"),
        )

    def ids_in(self, answer: Answer) -> list[str]:
        found = read_json(answer.body)
        if not isinstance(found, dict) or not isinstance(found.get("message_uuid"), str):
            raise Unreadable("message_uuid")
        return [found["message_uuid"]]

    def is_unknown(self, answer: Answer) -> bool:
        """It says the like for anything that is wrong with a request."""
        return False
