"""The carriers' door: two addresses for each carrier. Nobody has a role here; a signature says who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.test import Client

from tests.peers import vendors
from tests.peers.vendors import Request

HOST = "carriers.localhost"
NUMBER, GIVEN = "+6421000009", "name-of-the-first-reply"


class Who(StrEnum):
    """The columns: what somebody shows to prove that they are the carrier."""

    OWN = "the carrier's own signature"
    ANOTHER = "the signature of another carrier, for this address"
    NONE = "nothing"
    SESSION = "nothing but a counsellor's session, from the other door"


@dataclass(frozen=True)
class Entry:
    method: str
    answers: Mapping[Who, int]


def signed() -> dict[Who, int]:
    return {Who.OWN: 200, **dict.fromkeys((Who.ANOTHER, Who.NONE, Who.SESSION), 401)}


ENTRIES: dict[str, Entry] = {
    "hooks/sms/<slug:name>/text": Entry("POST", signed()),
    "hooks/sms/<slug:name>/receipt": Entry("POST", signed()),
}


def ask(client: Client, route: str, kind: str, who: Who) -> Any:
    """As a carrier of this kind would ask; the carrier's name is its kind."""
    asked = _request(route, kind)
    if who == Who.ANOTHER:
        other = next(each for each in vendors.KINDS if each != kind)
        asked = replace(asked, headers=_request(route, other, at=kind).headers)
    headers = {name: value for name, value in asked.headers.items() if name != "Content-Type"}
    return client.generic(
        asked.method,
        asked.path,
        asked.body,
        content_type=asked.headers.get("Content-Type", ""),
        headers={"host": HOST, **(headers if who in {Who.OWN, Who.ANOTHER} else {})},
    )


def _request(route: str, kind: str, at: str = "") -> Request:
    url = f"http://{HOST}/{route.replace('<slug:name>', at or kind)}"
    if route.endswith("receipt"):
        return vendors.report(kind, url, GIVEN, "delivered")
    return vendors.text(kind, url, NUMBER, "Kia ora", "its-name")
