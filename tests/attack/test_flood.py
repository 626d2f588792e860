"""One network begins chat upon chat; somebody in danger writes from another."""

import http.client
import json
import subprocess
import sys
import threading
import time

import psycopg
import pytest

from tests.attack.test_no_trace import begun
from tests.attack.tools import IS_LONG
from tests.canary.house import House
from tests.servers import ROOT

pytestmark = pytest.mark.timeout(600)

PER_SECOND, SECONDS = (50, 30) if IS_LONG else (50, 3)
SOON_SECONDS = 30
FLOOD, FRESH = "198.51.100.1", "203.0.113.1"
COME_ON_DUTY = """
import django
django.setup()
from helpline.accounts.models import User
from helpline.routing.actions import set_presence
set_presence(User.objects.get(username="sunita"), "available", 4)
"""
OFFERED = """
SELECT count(*) FROM routing_offer o JOIN routing_queueentry e ON e.id = o.entry_id
JOIN conversations_conversation c ON c.id = e.conversation_id WHERE c.code = %s
"""


def start_from(house: House, network: str, body: dict[str, object]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", house.ports["site"], timeout=240)
    headers = {"Host": "localhost", "Content-Type": "application/json", "X-Network": network}
    connection.request("POST", "/chat/start", json.dumps(body), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def flood(house: House, bodies: list[dict[str, object]], answers: list[int]) -> None:
    for number, body in enumerate(bodies):
        threading.Thread(target=lambda body=body: answers.append(start_from(house, FLOOD, body))).start()
        time.sleep(1 / PER_SECOND if number % PER_SECOND else 0)


def test_a_fresh_network_is_answered_while_another_floods(house: House) -> None:
    *bodies, fresh = begun(house, PER_SECOND * SECONDS + 1)
    fresh["in_danger"] = True
    subprocess.run([sys.executable, "-c", COME_ON_DUTY], cwd=ROOT, env=house.environment, check=True)
    answers: list[int] = []
    flooding = threading.Thread(target=flood, args=(house, bodies, answers))
    flooding.start()
    while len(answers) < PER_SECOND:  # it is well under way
        time.sleep(0.05)
    began = time.monotonic()
    assert start_from(house, FRESH, fresh) == 200
    while not is_offered(house, str(fresh["code"])):
        time.sleep(0.1)
    waited = time.monotonic() - began
    flooding.join()
    assert set(answers) <= {200, 503}  # slowed down, and neither refused nor an error
    if IS_LONG:  # the only time that a test of ours asserts: it is the promise, on a machine that does nothing else
        assert waited < SOON_SECONDS


def is_offered(house: House, code: str) -> bool:
    with psycopg.connect(house.database.url()) as connection:
        return connection.execute(OFFERED, [code]).fetchone() != (0,)
