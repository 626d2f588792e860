"""Which providers there are, by the kind of a carrier."""

from typing import Final

from helpline.channels.models import Carrier
from helpline.channels.sms.webhooks.basic import Basic
from helpline.channels.sms.webhooks.messagebird import MessageBird
from helpline.channels.sms.webhooks.provider import Provider
from helpline.channels.sms.webhooks.twilio import Twilio
from helpline.channels.sms.webhooks.vonage import Vonage

PROVIDERS: Final[dict[str, Provider]] = {
    Carrier.Kind.TWILIO: Twilio(),
    Carrier.Kind.VONAGE: Vonage(),
    Carrier.Kind.MESSAGEBIRD: MessageBird(),
    Carrier.Kind.BASIC: Basic(),
}
