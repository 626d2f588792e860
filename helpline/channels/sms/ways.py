"""What this channel is to the ground: how its texts are counted, what it says by itself, and its kinds of carriers."""

from helpline.channels import carriers
from helpline.channels.carriers import Manner
from helpline.channels.models import Carrier
from helpline.channels.sms import arrivals, gsm, words
from helpline.channels.sms.smpp import SmppWay
from helpline.channels.sms.webhooks import way
from helpline.lines.models import Channel


def register() -> None:
    carriers.register(Carrier.Kind.SMPP, SmppWay)
    way.register()
    carriers.register_channel(
        Channel.SMS,
        Manner(
            count_parts=lambda text: gsm.count(text).parts,
            first_reply=words.first_reply,
            goodbye=words.goodbye,
            chore=arrivals.show_overdue,
        ),
    )
