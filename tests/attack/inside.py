"""A signed-in counsellor with a conversation of their own, in the database of a house; run in a process of its own."""

import json
import sys

from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.vault.codes import b64url_encode
from tests.people import HelpSeeker, take


def main() -> None:
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
