"""Twilio, and those who speak as Twilio does (SignalWire's and Telnyx' compatible interfaces among them)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from helpline.channels.sms.webhooks.asking import Answer, Asking
from helpline.channels.sms.webhooks.hook import (
    FORM,
    Hook,
    Report,
    State,
    Text,
    Unreadable,
    count,
    named,
    read_json,
    words,
)
from helpline.channels.sms.webhooks.provider import Sending, base_of
from helpline.vault.webhooks import basic_header, check_twilio

BASE: Final = "https://api.twilio.com"
SERVICE: Final = "MG"  # so begins a messaging service, which chooses the number that it sends from
STATES: Final[dict[str, State]] = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
}
# No such number, not a mobile, no texts wanted (their STOP came to the provider).
UNKNOWN: Final = frozenset({21211, 21610, 21614})


class Twilio:
    needs: tuple[str, ...] = ("account", "from")
    thanks = ("text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>')  # it would send any other words on

    def check(self, hook: Hook, secret: str, now: float) -> None:
        said = hook.header("X-Twilio-Webhooks-Signature-Settings").split(",")
        pairs = {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in said)}
        fields = hook.form() if hook.is_form else None
        algorithm = pairs.get("algorithm") or "HMAC_SHA1"
        check_twilio(secret, hook.url, fields, hook.body, hook.header("X-Twilio-Signature"), algorithm)

    def text_in(self, hook: Hook, options: Mapping[str, Any]) -> Text:
        values = hook.values()
        return Text(
            address=named(values, "From"),
            text=words(values, "Body"),
            message_id=named(values, "MessageSid", "SmsSid", "SmsMessageSid"),
            parts=count(values, "NumSegments"),
        )

    def report_in(self, hook: Hook, options: Mapping[str, Any]) -> Report:
        values = hook.values()
        state = named(values, "MessageStatus", "SmsStatus")
        return Report(named(values, "MessageSid", "SmsSid"), STATES.get(state))

    def asking(self, sending: Sending, options: Mapping[str, Any], secret: str) -> Asking:
        account, sender = str(options["account"]), str(options["from"])
        fields = {"To": sending.to, "Body": sending.text}
        fields["MessagingServiceSid" if sender.startswith(SERVICE) else "From"] = sender
        if sending.report_to:
            fields["StatusCallback"] = sending.report_to
        return Asking(
            url=f"{base_of(options, BASE)}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json",
            content_type=FORM,
            body=urlencode(fields).encode(),
            authorization=basic_header(f"{options.get('key') or account}:{secret}"),
        )

    def ids_in(self, answer: Answer) -> list[str]:
        found = read_json(answer.body)
        if not isinstance(found, dict) or not isinstance(found.get("sid"), str):
            raise Unreadable("sid")
        return [found["sid"]]

    def is_unknown(self, answer: Answer) -> bool:
        try:
            found = read_json(answer.body)
        except Unreadable:
            return False
        return isinstance(found, dict) and found.get("code") in UNKNOWN
