"""The public door: one entry for each address. Nobody has a role here; a capability says whose conversation it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.test import Client

from helpline.lines.models import Line
from helpline.referrals.models import ConsentItem
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_encode, hash_capability, new_code
from helpline.vault.return_codes import ReturnKeys
from tests.matrix.scene import Body, State
from tests.people import HelpSeeker


class Claim(StrEnum):
    """The columns: what somebody shows to prove that a conversation is theirs."""

    OWN = "the conversation's own secret"
    ANOTHER = "the secret of another conversation"
    NONE = "nothing"
    SESSION = "nothing but a counsellor's session, from the other door"


@dataclass
class Scene:
    line: Line
    person: HelpSeeker
    another: HelpSeeker
    codes: Mapping[Claim, tuple[str, ReturnKeys]]
    """Return codes: the one that was kept, and one that was not."""

    def claimant(self, claim: Claim) -> HelpSeeker:
        return self.person if claim == Claim.OWN else self.another


Make = Callable[[Scene, Claim], Body]


def no_body(scene: Scene, claim: Claim) -> Body:
    return {}


def proof(**more: Any) -> Make:
    """Of the page with JavaScript."""

    def make(scene: Scene, claim: Claim) -> Body:
        return {"code": scene.person.code, "capability": b64url_encode(scene.claimant(claim).capability), **more}

    return make


def page(**more: str) -> Make:
    """Of the page without JavaScript."""

    def make(scene: Scene, claim: Claim) -> Body:
        secret = f"{scene.person.code}.{b64url_encode(scene.claimant(claim).secret)}"
        return {"secret": secret, "page": new_code(), **more}

    return make


def a_start(scene: Scene, claim: Claim) -> Body:
    """Begin a conversation that is there already; who began it may ask again, since the first answer may be lost."""
    return {**scene.claimant(claim).start_json(scene.line), "code": scene.person.code}


def a_plain_start(scene: Scene, claim: Claim) -> Body:
    return page(line=scene.line.slug, language="en")(scene, claim)


def a_return_code(scene: Scene, claim: Claim) -> Body:
    keys = scene.codes[Claim.OWN][1]
    grant = sealing.wrap_grant(keys.wrap_key, scene.person.seed, code=scene.person.code, reader=contexts.RETURN)
    kept = {
        "finder_hash": b64url_encode(hash_capability(keys.finder)),
        "return_capability_hash": b64url_encode(hash_capability(keys.capability)),
        "grant": b64url_encode(grant),
    }
    return proof(**kept)(scene, claim)


def a_consent(scene: Scene, claim: Claim) -> Body:
    """To what is asked in the scene; at the other door nothing is."""
    need = ConsentItem.objects.filter(what="need").select_related("referral").first()
    asked = need.referral.code if need else new_code()
    return proof(referral=asked, agreed=[need.code] if need else [])(scene, claim)


def taking_back(scene: Scene, claim: Claim) -> Body:
    return proof(referral=a_consent(scene, claim)["referral"], item=None)(scene, claim)


def a_plain_consent(scene: Scene, claim: Claim) -> Body:
    given = a_consent(scene, claim)
    return page(referral=given["referral"], agreed=given["agreed"], answer="yes")(scene, claim)


def taking_back_plainly(scene: Scene, claim: Claim) -> Body:
    return page(referral=a_consent(scene, claim)["referral"])(scene, claim)


def words_of_return(scene: Scene, claim: Claim) -> Body:
    return page(words=scene.codes[claim][0])(scene, claim)


def half_a_return(scene: Scene, claim: Claim) -> Body:
    """Who knows the half that finds, but not the half that opens."""
    found, opened = scene.codes[Claim.OWN][1], scene.codes[claim][1]
    return {"finder": b64url_encode(found.finder), "capability": b64url_encode(opened.capability)}


def a_take_over(scene: Scene, claim: Claim) -> Body:
    grant = b64url_encode(bytes(sealing.WRAPPED_KEY_BYTES))
    return {**half_a_return(scene, claim), "capability_hash": b64url_encode(bytes(32)), "grant": grant}


@dataclass(frozen=True)
class Entry:
    method: str
    answers: Mapping[Claim, int]
    body: Make = no_body
    is_form: bool = False
    changes: bool = False
    """Whether the conversation's own secret changes anything; no other claim ever may."""
    state: State = State.WAITING
    first: str = ""
    """What the person did before."""


def shown() -> Entry:
    return Entry("GET", dict.fromkeys(Claim, 200))


def claimed(body: Make, *, changes: bool = True, state: State = State.WAITING, first: str = "") -> Entry:
    """Of the page with JavaScript: a wrong secret and an unknown conversation sound alike."""
    answers = {Claim.OWN: 200, Claim.ANOTHER: 404, Claim.NONE: 400, Claim.SESSION: 400}
    return Entry("POST", answers, body, changes=changes, state=state, first=first)


def plain(body: Make, *, own: int = 204, changes: bool = True, state: State = State.WAITING, first: str = "") -> Entry:
    """Of the page without: what there is to say comes down the page's stream, so that the statuses tell nothing."""
    answers = {Claim.OWN: own, Claim.ANOTHER: own, Claim.NONE: 400, Claim.SESSION: 400}
    return Entry("POST", answers, body, is_form=True, changes=changes, state=state, first=first)


GRANT = b64url_encode(bytes(sealing.SEALED_KEY_BYTES))

DIRECTORY = "directory/api/"
LISTED = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
OPEN_DATA = ("", "openapi.json", "changes", "export.jsonl", "export.zip", *LISTED)

FIGURES = "figures/"
PERIOD = "<period:period>"
OF_A_PERIOD = (
    f"{PERIOD}/",
    f"{PERIOD}/<slug:dimension>/<str:code>/",
    *(f"{PERIOD}.{file}" for file in ("csv", "json", "pdf")),
)

UPDATES = "updates/"
OF_A_LINK = {
    "GET": ("read/<str:code>/", "confirm/<str:token>/", "mine/<str:link>/", "mine/<str:link>/<slug:topic>/"),
    "POST": ("mine/<str:link>/all/",),
}

OF_AN_EVENT = ("", "event.ics", "register/", "confirm/<str:token>/", "mine/<str:link>/")

ENTRIES: dict[str, Entry] = {
    **{DIRECTORY + name: shown() for name in OPEN_DATA},
    **{f"{DIRECTORY}{name}/<str:identity>": Entry("GET", dict.fromkeys(Claim, 404)) for name in LISTED},
    "": shown(),
    "about/": shown(),
    "confidentiality/": shown(),
    "digital-safety/": shown(),
    "other-lines/": shown(),
    "find-help/": shown(),
    "summary/": shown(),
    "receipt/": shown(),
    "shield/": shown(),
    "contract/": shown(),
    "contract/release.json": Entry("GET", dict.fromkeys(Claim, 404)),  # nothing was published
    "shield/frame/": shown(),
    "styleguide/": shown(),
    **{f"{FIGURES}{language}{name}": shown() for language in ("", "mi/") for name in ("", "archive/", "how/")},
    **{
        f"{FIGURES}{language}{name}": Entry("GET", dict.fromkeys(Claim, 404))  # nothing was published in the scene
        for language in ("", "mi/")
        for name in OF_A_PERIOD
    },
    "figures/feed.xml": shown(),
    "figures/<span:when>/sealed.json": Entry("GET", dict.fromkeys(Claim, 404)),  # nothing was released
    "figures/<span:when>/signatures.json": Entry("GET", dict.fromkeys(Claim, 404)),
    "figures/<span:when>/certificate.json": Entry("GET", dict.fromkeys(Claim, 404)),
    **{f"{UPDATES}{language}{name}": shown() for language in ("", "mi/") for name in ("", "archive/")},
    **{
        f"{UPDATES}{language}{name}": Entry(method, dict.fromkeys(Claim, 404))  # a link that nobody made opens nothing
        for language in ("", "mi/")
        for method, names in OF_A_LINK.items()
        for name in names
    },
    "updates/feed.xml": shown(),
    "events/": shown(),
    "events/calendar.ics": shown(),
    **{f"events/<slug:slug>/{name}": Entry("GET", dict.fromkeys(Claim, 404)) for name in OF_AN_EVENT},  # there is none
    ".well-known/security.txt": Entry("GET", dict.fromkeys(Claim, 404)),  # nobody to tell is set in the scene
    "robots.txt": shown(),
    "sitemap.xml": shown(),
    "faq/": shown(),
    "faq/ask/": shown(),
    "faq/asked/": shown(),
    "faq/<slug:slug>/useful/": Entry("POST", dict.fromkeys(Claim, 404), is_form=True),
    "faq/<slug:slug>/": Entry("GET", dict.fromkeys(Claim, 404)),  # editors have written nothing in the scene
    "posters/": shown(),
    "posters/order/": shown(),
    "posters/ordered/": shown(),
    "posters/<str:code>/": Entry("GET", dict.fromkeys(Claim, 404)),  # no poster has such a code
    "posters/files/<str:code>/<str:shape>/<str:language>/<str:place>/<str:name>": Entry(
        "GET", dict.fromkeys(Claim, 404)
    ),
    "posters/<str:code>/named/": Entry("POST", dict.fromkeys(Claim, 404), is_form=True),
    "pictures/images/<str:name>": Entry("GET", dict.fromkeys(Claim, 404)),  # nobody uploaded one
    "p/<str:code>/": Entry("GET", dict.fromkeys(Claim, 302)),  # to the first page, whatever was typed from a wall
    "<page:path>/": Entry("GET", dict.fromkeys(Claim, 404)),  # editors have written nothing in the scene
    "consultations/": shown(),
    **{
        f"consultations/<slug:slug>/{name}": Entry("GET", dict.fromkeys(Claim, 404))  # nothing is consulted on
        for name in ("", "mine/", "said.csv", "said.json", "<uuid:key>/")
    },
    "chat/": shown(),
    "chat/framed/": shown(),
    "chat/start": claimed(a_start, changes=False),
    "chat/state": claimed(proof(), changes=False),
    "chat/handover": claimed(proof(answer="yes"), state=State.OPEN),
    "chat/referrals": claimed(proof(), changes=False),
    "chat/referrals/consent": claimed(a_consent, state=State.OPEN),
    "chat/referrals/take-back": claimed(taking_back, state=State.OPEN),
    "chat/referrals/ask-me": claimed(proof(days=7), state=State.OPEN),
    "chat/referrals/say-how": claimed(proof(says="waiting"), state=State.OPEN),
    "chat/leave": claimed(proof(is_exit=False)),
    "chat/pause": claimed(proof()),
    "chat/resume": claimed(proof(), first="chat/pause"),
    "chat/regrant": claimed(proof(grant=GRANT)),
    "chat/erase": claimed(proof()),
    "chat/keep": claimed(a_return_code),
    "chat/return": claimed(half_a_return, first="chat/keep", changes=False),
    "chat/return/take": claimed(a_take_over, first="chat/keep"),
    "chat/survey": claimed(proof(helped=5)),
    "chat/plain/again": plain(page(), changes=False),  # what has not ended is not begun again
    "chat/plain/start": plain(a_plain_start, changes=False),
    "chat/plain/say": plain(page(form=new_code(), text="Kia ora")),
    "chat/plain/keep": plain(page(), changes=False),
    "chat/plain/return": plain(words_of_return, first="chat/keep"),
    "chat/plain/handover": plain(page(answer="yes"), state=State.OPEN),
    "chat/plain/referrals/consent": plain(a_plain_consent, state=State.OPEN),
    "chat/plain/referrals/take-back": plain(taking_back_plainly, state=State.OPEN),
    "chat/plain/referrals/ask-me": plain(page(days="7"), state=State.OPEN),
    "chat/plain/referrals/say-how": plain(page(says="waiting"), state=State.OPEN),
    "chat/plain/pause": plain(page()),
    "chat/plain/resume": plain(page(), first="chat/pause"),
    "chat/plain/end": plain(page()),
    "chat/plain/erase": plain(page()),
    "chat/plain/survey": plain(page(helped="5")),
    "chat/plain/leave": Entry("POST", dict.fromkeys(Claim, 200), page(), is_form=True, changes=True),
    "chat/plain/gone": shown(),
}


def claim_it(client: Client, entry: Entry, route: str, scene: Scene, claim: Claim) -> Any:
    if entry.method == "GET":
        answer = client.get("/" + route)
        if answer.streaming:
            answer.getvalue()  # to its end: a file stays open otherwise
        return answer
    body = entry.body(scene, claim) if claim in {Claim.OWN, Claim.ANOTHER} else {}
    if entry.is_form:
        return client.post("/" + route, body)
    return client.post("/" + route, body, content_type="application/json")
