"""A signed-in counsellor with a conversation of their own, a carrier, and a draft that is consulted on, in a house.

Run in a process of its own.
"""

import json
import sys

from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from helpline.accounts.models import User
from helpline.channels.carriers import set_carrier
from helpline.channels.models import Carrier
from helpline.lines.models import Channel, Line
from helpline.vault.codes import b64url_encode
from tests.engagement.consulting import a_consultation
from tests.people import HelpSeeker, take

AGGREGATOR, SHOWN = "aggregator", "invented:to-show"


def main() -> None:
    carrier = Carrier(name=AGGREGATOR, line=Line.objects.get(), channel=Channel.SMS, kind=Carrier.Kind.BASIC)
    set_carrier(carrier, SHOWN)
    a_consultation(Line.objects.get())
    person, counsellor = HelpSeeker(), User.objects.get(username="asha")
    take(counsellor, person.start(Line.objects.get()))
    client = Client()
    client.force_login(counsellor)
    found = {
        "session": client.cookies["workspace"].value,
        "token": _get_new_csrf_string(),
        "code": person.code,
        "colleague": User.objects.get(username="sunita").code,
        "capability": b64url_encode(person.capability),
    }
    sys.stdout.write(json.dumps(found))
