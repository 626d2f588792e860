"""The door of services: one entry for each address, and what each column is answered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.test import Client

from helpline.vault import sealing
from helpline.vault.codes import b64url_encode, new_code
from tests.portal.conftest import Kept

Body = dict[str, Any]
A_KEY = b64url_encode(sealing.public_key_of(bytes(32)))
PAGES = {"host": "services.localhost"}


class Who(StrEnum):
    """The columns: what somebody's browser has behind it."""

    NOBODY = "nothing"
    STAFF = "nothing but a counsellor's session, from the staff door"
    ON_THE_WAY = "a mailed link, and no second step"
    OWN = "both steps, of the organization"
    ANOTHER = "both steps, of another organization"


@dataclass
class Scene:
    kept: Kept
    hours: str
    """A row of the entry's opening hours."""
    referral: str
    ask: str
    """What was asked of the entry's service: for somebody, and for room."""

    @property
    def parts(self) -> dict[str, dict[str, object]]:
        """What the parts of an address stand for, by how the address begins."""
        service = {"service": self.kept.service.pk}
        return {
            "entries/<uuid:service>/phones": {**service, "row": self.kept.phone.pk},
            "entries/<uuid:service>/hours": {**service, "row": self.hours},
            "entries/<uuid:service>/places": {**service, "row": self.kept.location.pk},
            "entries/<uuid:service>/addresses": {**service, "row": self.kept.address.pk},
            "entries/<uuid:service>/": service,
            "inbox/referrals/": {"code": self.referral},
            "inbox/rooms/": {"code": self.ask},
            "account/sessions/<session:code>/end": {"code": new_code()},
            "come-in/<str:token>/": {"token": "A" * 43},
        }


@dataclass(frozen=True)
class Entry:
    method: str
    answers: Mapping[Who, int]
    body: Callable[[Scene], Body] = lambda scene: {}
    changes: bool = False
    """Whether it changes anything for those who are let through; for nobody else it ever may."""


def shown(**others: int) -> Entry:
    """For everybody."""
    return Entry("GET", dict.fromkeys(Who, 200) | _columns(others))


def posted(status: int) -> Entry:
    """By anybody, and empty: what is given is what counts (tests/portal/test_sign_in.py)."""
    return Entry("POST", dict.fromkeys(Who, status))


def within(method: str, answer: int, *, changes: bool = False, **body: Any) -> Entry:
    """For whoever is in; others are led to the door."""
    answers = {**dict.fromkeys(Who, 302), Who.OWN: answer, Who.ANOTHER: answer}
    return Entry(method, answers, lambda scene: body, changes)


def own(method: str, answer: int, *, changes: bool = False, **body: Any) -> Entry:
    """For the entry's own organization; for another there is no such entry."""
    answers = {**dict.fromkeys(Who, 302), Who.OWN: answer, Who.ANOTHER: 404}
    return Entry(method, answers, lambda scene: body, changes)


def answering(**body: Any) -> Entry:
    """A question to the entry's own organization."""
    answers = {**dict.fromkeys(Who, 302), Who.OWN: 302, Who.ANOTHER: 404}
    return Entry("POST", answers, lambda scene: body, changes=True)


def _columns(others: Mapping[str, int]) -> dict[Who, int]:
    return {Who[name.upper()]: status for name, status in others.items()}


ADDRESS = {"address_1": "2 Nowhere Street", "city": "Napier", "state_province": "Hawke's Bay", "postal_code": "0000"}
OF_AN_ENTRY: dict[str, Entry] = {
    "": own("GET", 200),
    "capacity": own("POST", 302, changes=True, capacity="full"),
    "sure": own("POST", 302, changes=True),
    "details": own("POST", 302, changes=True, alert="Closed today."),
    "offers": own("POST", 302, changes=True, languages="mi"),
    "what": own("POST", 302, changes=True, name="Another name", status="active"),
    "needs": own("POST", 302, changes=True, needs="counselling"),
    "phones/add": own("POST", 302, changes=True, number="+999 1"),
    "phones/<uuid:row>/change": own("POST", 302, changes=True, number="+999 2"),
    "phones/<uuid:row>/remove": own("POST", 302, changes=True),
    "phones/<uuid:row>/hidden": own("POST", 302, changes=True, hide="1"),
    "hours/add": own("POST", 302, changes=True, byday="MO", opens_at="09:00", closes_at="10:00"),
    "hours/<uuid:row>/remove": own("POST", 302, changes=True),
    "places/<uuid:row>/hidden": own("POST", 302, changes=True, hide="1"),
    "addresses/<uuid:row>/change": own("POST", 302, changes=True, **ADDRESS),
}

ENTRIES: dict[str, Entry] = {
    "": shown(own=302, another=302),
    "questions/": shown(),
    "come-in/<str:token>/": shown(),
    "join/": shown(),
    "link": posted(400),
    "come-in": posted(403),
    "join/take": posted(403),
    "second-step/": Entry("GET", {**dict.fromkeys(Who, 302), Who.ON_THE_WAY: 200}),
    "second-step/code": Entry("POST", {**dict.fromkeys(Who, 302), Who.ON_THE_WAY: 400}),
    "entries/": within("GET", 200),
    "inbox/": within("GET", 200),
    "inbox/referrals/<session:code>/answer": answering(state="accepted"),
    "inbox/referrals/<session:code>/reached": answering(),
    # Agreed to, and nobody has joined (tests/portal/test_talking.py).
    "inbox/referrals/<session:code>/talk/": own("GET", 200),
    "inbox/referrals/<session:code>/talk/join": own("POST", 200, changes=True, public_key=A_KEY),
    "inbox/referrals/<session:code>/talk/news": own("GET", 400),
    "inbox/referrals/<session:code>/talk/say": own("POST", 400),
    "inbox/referrals/<session:code>/talk/leave": own("POST", 409),
    "inbox/rooms/<session:code>/answer": answering(room="yes"),
    # Whoever has the link, whatever else is behind their browser (tests/portal/test_answering.py).
    "referral/": shown(),
    "room/": shown(),
    **{f"{what}": posted(404) for what in ("referral/read", "referral/reached", "room/read")},
    **{f"{what}/answer": posted(404) for what in ("referral", "room")},
    "account/": within("GET", 200),
    "account/sessions/<session:code>/end": within("POST", 302),
    "account/sign-out-everywhere": within("POST", 302),
    "sign-out": within("POST", 302),
    **{f"entries/<uuid:service>/{name}": entry for name, entry in OF_AN_ENTRY.items()},
}


def ask(client: Client, entry: Entry, route: str, scene: Scene, *, token: str | None = None) -> Any:
    """`token`: what the page's forms carry, unless it is another."""
    parts = next((found for begin, found in scene.parts.items() if route.startswith(begin)), {})
    path = "/" + re.sub(r"<\w+:(\w+)>", lambda part: str(parts.get(str(part[1]), new_code())), route)
    if entry.method == "GET":
        return client.get(path)
    carried = token_of(client) if token is None else token
    return client.post(path, {"token": carried, **entry.body(scene)})


def token_of(client: Client) -> str:
    """Of whichever page this browser is shown."""
    for page in ("/questions/", "/second-step/"):
        if context := client.get(page).context:
            return str(context["token"])
    return ""
