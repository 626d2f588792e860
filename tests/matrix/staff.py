"""The staff door: one entry for each address. A new address without one fails `test_staff_door.py`.

Answers are statuses. What is not said is the refusal of `scene.refusals`: 401 without signing in, 403 for a role that
holds no words, 404 for whoever is not meant, who learns no more than that there is no such thing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from helpline.accounts.models import Role
from helpline.vault import sealing
from helpline.vault.codes import b64url_encode, new_code
from tests.matrix.scene import (
    ANONYMOUS,
    COLLEAGUE,
    ELSEWHERE,
    EVERYONE,
    OWNER,
    STAFF,
    SUPERVISOR,
    WORDS,
    Answers,
    Body,
    Entry,
    Scene,
    State,
    nothing,
    refusals,
    the_colleague,
    the_conversation,
    the_line,
)

GRANT = b64url_encode(bytes(sealing.SEALED_KEY_BYTES))
LETTER = b64url_encode(bytes(sealing.SEALED_KEY_BYTES - sealing.KEY_BYTES + sealing.PAD_BYTES))
ZEROS = b64url_encode(bytes(32))
SUPERVISORS = {SUPERVISOR: 200, ELSEWHERE: 200}
RELEASERS = (SUPERVISOR, ELSEWHERE, Role.OPERATOR, Role.ANALYST)
WRITERS = (SUPERVISOR, ELSEWHERE, Role.EDITOR)
SENDERS = (Role.EDITOR, Role.OPERATOR)
MODERATORS = (Role.EDITOR, Role.OPERATOR)
ANSWERERS = (Role.EDITOR, Role.OPERATOR)
CODE_ROUTE = "c/<code:code>/"


def to_colleague(scene: Scene) -> Body:
    return {"to": scene.staff[COLLEAGUE].code, "grant": GRANT}


def a_whisper(scene: Scene) -> Body:
    letter = {"to": scene.staff[SUPERVISOR].code, "client_id": new_code(), "sealed_to": LETTER, "sealed_own": LETTER}
    return {"letters": [letter]}


def a_disclosure(scene: Scene) -> Body:
    return {"code": new_code(), "sealed_to_supervisors": LETTER, "sealed_own": LETTER, "is_person_told": True}


def a_carried_reply(scene: Scene) -> Body:
    text = b64url_encode(bytes(28 + sealing.PAD_BYTES))
    ids = {"client_id": new_code(), "key_id": new_code()}
    return {**ids, "key": GRANT, "sealed": text, "for_gateway": LETTER, "parts": 1}


def six_words(scene: Scene) -> Body:
    return {"finder_hash": ZEROS, "capability_hash": ZEROS, "grant": b64url_encode(bytes(sealing.WRAPPED_KEY_BYTES))}


def about_a_service(scene: Scene) -> Body:
    return {"code": new_code(), "need": "counselling", "key_id": new_code(), "key": GRANT}


def an_approval(scene: Scene) -> Body:
    return {"code": scene.disclosure or new_code(), "is_approved": True}


def to_found(scene: Scene) -> Body:
    signature = {"signature": b64url_encode(bytes(64))}
    return {"partner": scene.staff[ELSEWHERE].code, "issued_at": 1, "signatures": [signature, signature]}


def new_line_keys(scene: Scene) -> Body:
    return {"line": "safe-to-talk", "draft": new_code(), "purpose": "queue", "wraps": [], "keys": []}


def an_organization(scene: Scene) -> dict[str, str]:
    """None that is there."""
    return {"organization": "ac148810-d857-441c-9679-408f346de14b"}


def a_consultation(scene: Scene) -> dict[str, str]:
    """None that is there."""
    key = an_organization(scene)["organization"]
    return {"key": key, "section": key, "code": new_code()}


def sends(**body: object) -> Callable[[Scene], Body]:
    return lambda scene: dict(body)


def always(
    method: str,
    answers: Answers,
    body: Callable[[Scene], Body] = nothing,
    about: Callable[[Scene], Mapping[str, str]] = the_conversation,
) -> Entry:
    """An address that is not about a conversation: the same in every state."""
    full = refusals() | dict(answers)
    return Entry(method, dict.fromkeys(State, full), body, lambda scene: dict(about(scene)))


def everybody(method: str, status: int, body: Callable[[Scene], Body] = nothing) -> Entry:
    return always(method, dict.fromkeys(EVERYONE, status), body)


def signed_in(method: str, status: int = 200, body: Callable[[Scene], Body] = nothing) -> Entry:
    return always(method, dict.fromkeys(STAFF, status), body)


def desk(method: str, body: Callable[[Scene], Body] = nothing) -> Entry:
    """For whoever may hold words at all."""
    return always(method, dict.fromkeys(WORDS, 200), body)


def page(method: str, answers: Answers | None = None, body: Callable[[Scene], Body] = nothing) -> Entry:
    """One that is drawn for a person who reads: it leads whoever is not signed in to the door. 200 for every role."""
    given = dict.fromkeys(STAFF, 200) if answers is None else dict.fromkeys(STAFF, 403) | dict(answers)
    return always(method, {ANONYMOUS: 302, **given}, body)


def about(
    method: str,
    *,
    waiting: Answers | None = None,
    opened: Answers | None = None,
    closed: Answers | None = None,
    body: Callable[[Scene], Body] = nothing,
) -> Entry:
    """An address about a conversation: who gets through in which state; nobody where nothing is said."""
    given = {State.WAITING: waiting, State.OPEN: opened, State.CLOSED: closed}
    return Entry(method, {state: refusals() | dict(answers or {}) for state, answers in given.items()}, body)


def of_no_page(method: str) -> Entry:
    """About a consultation or an event that is not there."""
    answers: Answers = {ANONYMOUS: 302, **dict.fromkeys(STAFF, 403), **dict.fromkeys(MODERATORS, 404)}
    return always(method, answers, nothing, a_consultation)


def for_editors(method: str) -> Entry:
    return always(method, {ANONYMOUS: 302, **dict.fromkeys(STAFF, 403), Role.EDITOR: 404}, nothing, an_organization)


def for_writers(method: str, status: int) -> Entry:
    return page(method, dict.fromkeys((SUPERVISOR, ELSEWHERE, Role.EDITOR), status))


def no_course(scene: Scene) -> dict[str, str]:
    return {"slug": "no-such-course"}


def managed(
    method: str,
    status: int = 200,
    about: Callable[[Scene], Mapping[str, str]] = the_conversation,
    **others: int,
) -> Entry:
    """A page about colleagues: for operators, and for supervisors who look after whom it is about."""
    answers = {SUPERVISOR: status, ELSEWHERE: status, Role.OPERATOR: status}
    answers |= {{"supervisor": SUPERVISOR, "elsewhere": ELSEWHERE}[who]: answer for who, answer in others.items()}
    return always(method, {ANONYMOUS: 302, **dict.fromkeys(STAFF, 403), **answers}, nothing, about)


def of_colleague(method: str, status: int = 200, supervisor: int | None = None) -> Entry:
    """About a counsellor of the line; a supervisor of another does not know them."""
    return managed(method, status, the_colleague, supervisor=supervisor or status, elsewhere=404)


# What is sent to these is empty: 400 is the page again, with what is missing said in it.
OF_STAFF: dict[str, Entry] = {
    "": managed("GET"),
    "invite/": managed("GET"),
    "invitations": managed("POST", 400),
    "invitations/<code:code>/withdraw": managed("POST", 404),  # there is none
    "courses/": managed("GET", supervisor=403, elsewhere=403),
    "courses/add": managed("POST", 400, supervisor=403, elsewhere=403),
    "courses/<slug:slug>/change": managed("POST", 404, no_course, supervisor=403, elsewhere=403),
    "<code:code>/": of_colleague("GET"),
    "<code:code>/abilities": of_colleague("POST", 400),
    "<code:code>/role": of_colleague("POST", 400, supervisor=403),
    "<code:code>/lines": of_colleague("POST", 302),
    "<code:code>/training": of_colleague("POST", 400),
    "<code:code>/training/withdraw": of_colleague("POST", 302),
    "<code:code>/second-step": of_colleague("POST", 302),
    "<code:code>/leave/": of_colleague("GET"),
    "<code:code>/end-access": of_colleague("POST"),
    "<code:code>/capacity": always("POST", {SUPERVISOR: 200}, sends(most=2), the_colleague),
}

OF_A_CONVERSATION: dict[str, Entry] = {
    "accept": about("POST", waiting={SUPERVISOR: 200}, opened={OWNER: 200}, closed={OWNER: 200}),
    "decline": about("POST", waiting={SUPERVISOR: 409}, opened={OWNER: 409}, body=sends(reason="other")),
    "retriage": about("POST", waiting={SUPERVISOR: 200}, opened={OWNER: 200, SUPERVISOR: 200}, body=sends(urgency=2)),
    "requeue": about("POST", opened={OWNER: 200}, body=sends(queue_grant=GRANT)),
    "grant": about("POST", opened={OWNER: 200}, body=sends(grant=GRANT)),
    "words.json": about("GET", opened={OWNER: 200}, closed={OWNER: 200}),
    "colleagues.json": about("GET", opened={OWNER: 200}),
    "transfer": about("POST", opened={OWNER: 409}, body=to_colleague),  # the colleague is away
    "close": about("POST", opened={OWNER: 200}, closed={OWNER: 200}),
    "end-hard": about("POST", opened={OWNER: 200}, closed={OWNER: 200}, body=sends(kind="sexual", hours=24)),
    "key": about("POST", waiting={SUPERVISOR: 200}, opened={SUPERVISOR: 200}),
    "reassign": about("POST", waiting={SUPERVISOR: 409}, opened={SUPERVISOR: 409}, body=to_colleague),
    "regrant": about("POST", waiting={SUPERVISOR: 200}, opened={SUPERVISOR: 200}, body=sends(grant=GRANT)),
    "close-for": about("POST", waiting={SUPERVISOR: 200}, opened={SUPERVISOR: 200}),
    "reseal": about("POST", body=sends(grant=GRANT)),  # its owner holds a key, so there is nothing to give
    "record.json": about("GET", opened={OWNER: 200}, closed={OWNER: 200}),
    "record": about("POST", opened={OWNER: 409}, closed={OWNER: 400}),  # an empty record tells nothing
    "record/draft": about("POST", closed={OWNER: 400}),
    "read-along": about("POST", opened={SUPERVISOR: 200}, closed={SUPERVISOR: 409}),
    "join": about("POST", opened={SUPERVISOR: 200}, closed={SUPERVISOR: 409}),
    "leave": about("POST", opened={OWNER: 200}, closed={OWNER: 200}),
    "three-way": about("POST", opened={OWNER: 409}, body=to_colleague),
    "whisper": about("POST", opened={OWNER: 409}, closed={OWNER: 409}, body=a_whisper),  # nobody is there to hear it
    "company.json": about("GET", opened={OWNER: 200}, closed={OWNER: 200}),
    "whispers.json": about("GET", opened={OWNER: 200}, closed={OWNER: 200}),
    "handover": about("POST", opened={OWNER: 200}, body=sends(kind="supervisor")),
    "handover/answer": about("POST", opened={OWNER: 409}, body=sends(answer="no")),  # they answer on their page
    "handover/withdraw": about("POST", opened={OWNER: 200}),
    "disclosure": about("POST", opened={OWNER: 409}, closed={OWNER: 409}, body=a_disclosure),  # asked already
    "disclosure/answer": about("POST", opened={SUPERVISOR: 200}, closed={SUPERVISOR: 200}, body=an_approval),
    "disclosures.json": about(
        "GET", waiting={SUPERVISOR: 200}, opened={OWNER: 200, SUPERVISOR: 200}, closed={OWNER: 200, SUPERVISOR: 200}
    ),
    "find": about("POST", opened={OWNER: 200}),
    "tell": about("POST", opened={OWNER: 400}),  # without a service
    "texting.json": about("GET", opened={OWNER: 200}),
    "text-once": about("POST", opened={OWNER: 400}),  # without a number
    # Of no service, referral or request that there is: those who are meant hear that, and nobody else.
    "referrals/ask": about("POST", opened={OWNER: 400}, body=about_a_service),
    "referrals/answer": about("POST", opened={OWNER: 409}, body=sends(referral=new_code(), agreed=[])),
    "referrals/withdraw": about("POST", body=sends(referral=new_code())),
    "guest/pass-on": about(
        "POST", opened={OWNER: 409}, body=sends(guest=new_code(), words=[{"seq": 1, "sealed": LETTER}])
    ),
    "room/ask": about("POST", opened={OWNER: 400}, body=about_a_service),
    # This one reads on a page: nothing goes out by text or mail.
    "carried.json": about("GET", opened={OWNER: 200}, closed={OWNER: 200}),
    "answers.json": about("GET", opened={OWNER: 200}, closed={OWNER: 200}),
    "send": about("POST", opened={OWNER: 409}, closed={OWNER: 409}, body=a_carried_reply),
    "window": about("POST", opened={OWNER: 409}, body=sends(window="evening")),
    "language": about("POST", opened={OWNER: 200}, body=sends(language="mi", needs_interpreter=True)),
    "return-code": about("POST", opened={OWNER: 409}, body=six_words),
    "pathway": about("POST", opened={OWNER: 200}, closed={OWNER: 200}, body=sends(state="searching")),
    "room/end": about("POST", body=sends(request=new_code())),
    "help": about("POST", opened={OWNER: 200}),
    "help/answer": about("POST", opened={SUPERVISOR: 200}, closed={SUPERVISOR: 409}),
}


def of_own_contact(method: str, status: int) -> Entry:
    """A page about a contact that one had, once it is over."""
    others = {ANONYMOUS: 302, **dict.fromkeys(STAFF, 403), **dict.fromkeys(WORDS, 404)}
    answers: dict[State, Answers] = dict.fromkeys(State, others)
    return Entry(method, {**answers, State.CLOSED: {**others, OWNER: status}})


ENTRIES: dict[str, Entry] = {
    "": everybody("GET", 200),  # the page; it asks who one is
    "sign-in/salt": everybody("POST", 200, sends(username="nobody-of-this-name")),
    "sign-in": everybody("POST", 400),  # without a name and a secret: who may sign in is not a matter of roles
    # Between the two steps of coming in: for nobody else, signed in or not (tests/workspace/test_second_step.py).
    "sign-in/code": everybody("POST", 401),
    "sign-in/app": everybody("POST", 401),
    "sign-in/app/confirm": everybody("POST", 401),
    "sign-in/passkey": everybody(
        "POST", 403
    ),  # what was asked is answered by a device (tests/workspace/test_passkeys.py)
    "sign-in/passkey/ask": everybody("POST", 200),
    "sign-in/passkey/new": everybody("POST", 401),
    "sign-in/passkey/enrol": everybody("POST", 401),
    # With a provider named that does not answer (conftest.py); without one, 404 (tests/workspace/test_provider.py).
    "sign-in/provider/ask": everybody("POST", 409),
    "sign-in/provider/back": everybody("GET", 200),
    "sign-in/provider/take": everybody("POST", 400),
    "sign-out": signed_in("POST"),
    "account/": page("GET"),
    "account/passphrase": page("GET"),
    "account/passphrase/renew": signed_in("POST", 400),  # without the old words
    "account/reads": page("GET", dict.fromkeys(WORDS, 200)),
    "account/sessions/name": page("POST", dict.fromkeys(STAFF, 302)),
    "account/sessions/<code:code>/end": page("POST", dict.fromkeys(STAFF, 302)),
    # Without the passphrase given again nobody changes what they come in with.
    "account/confirm": signed_in("POST", 403),
    **{
        f"account/{what}": signed_in("POST", 403)
        for what in ("app/new", "app/confirm", "app/remove", "recovery-codes", "passkeys/new", "passkeys/add")
    },
    **{f"account/passkeys/<code:code>/{what}": signed_in("POST", 403) for what in ("wrap", "remove")},
    **{f"account/provider/{what}": signed_in("POST", 403) for what in ("ask", "remove")},
    "account/sign-out-everywhere": page("POST", dict.fromkeys(STAFF, 302)),
    "audit/": page("GET", {SUPERVISOR: 200, ELSEWHERE: 200, Role.AUDITOR: 200, Role.OPERATOR: 200}),
    "holds/": page("GET", {SUPERVISOR: 200, ELSEWHERE: 200}),
    "holds/ask": page("POST", {SUPERVISOR: 400, ELSEWHERE: 400}),  # an empty form keeps nothing
    "holds/<code:code>/": page("POST", {SUPERVISOR: 400, ELSEWHERE: 400}),
    "blocks/": page("GET", {SUPERVISOR: 200, ELSEWHERE: 200}),
    "blocks/<code:code>/": page("POST", {SUPERVISOR: 400, ELSEWHERE: 400}),  # an empty form changes nothing
    "texts/": page("GET", {SUPERVISOR: 200, ELSEWHERE: 200, Role.OPERATOR: 200}),
    "texts/<code:code>/": page("POST", {SUPERVISOR: 400, ELSEWHERE: 400}),  # an empty form changes nothing
    "records/": page("GET", dict.fromkeys(WORDS, 200)),
    "records/<code:code>/": of_own_contact("GET", 200),
    "records/<code:code>/save": of_own_contact("POST", 400),  # an empty form says nothing
    "records/<code:code>/again/": page("GET", dict.fromkeys(WORDS, 404)),  # nobody is asked
    "records/<code:code>/again/save": page("POST", dict.fromkeys(WORDS, 404)),
    "records/quality/": page("GET", {SUPERVISOR: 200, ELSEWHERE: 200}),
    "contract/": page("GET", dict.fromkeys(RELEASERS, 200)),
    "contract/complaints": page("POST", {SUPERVISOR: 400, ELSEWHERE: 400}),  # an empty form counts nothing
    "contract/<code:code>/": page("GET", dict.fromkeys(RELEASERS, 404)),  # there is none
    "contract/<code:code>/figures.csv": page("GET", dict.fromkeys(RELEASERS, 404)),
    "contract/open/": page("GET", {Role.OPERATOR: 200}),
    "contract/open/<slug:slug>/": replace(page("GET", {Role.OPERATOR: 404}), about=the_line),  # not the operator's
    "contract/open/<slug:slug>/change": replace(page("POST", {Role.OPERATOR: 404}), about=the_line),
    "figures/": page("GET", dict.fromkeys(RELEASERS, 200)),
    "figures/<code:code>/": page("GET", dict.fromkeys(RELEASERS, 404)),  # there is none
    "figures/<code:code>/sealed.json": page("GET", dict.fromkeys(RELEASERS, 404)),
    **{f"figures/{what}/sign": signed_in("POST", 400) for what in ("<code:code>", "notes/<code:code>")},
    **{
        f"figures/{what}": page("POST", dict.fromkeys(RELEASERS, 404))
        for what in ("<code:code>/unsign", "<code:code>/note", "notes/<code:code>/drop")
    },
    "posters/": page("GET", dict.fromkeys(SENDERS, 200)),
    "posters/<code:code>/": page("GET", dict.fromkeys(SENDERS, 404)),  # nothing was ordered
    "posters/<code:code>/sent": page("POST", dict.fromkeys(SENDERS, 404)),
    **{f"updates/{what}": page("GET", dict.fromkeys(WRITERS, 200)) for what in ("", "new/")},
    "updates/add": page("POST", dict.fromkeys(WRITERS, 400)),  # an empty form writes nothing
    **{f"updates/<code:code>/{what}": page("GET", dict.fromkeys(WRITERS, 404)) for what in ("", "edit/")},  # none is
    **{
        f"updates/<code:code>/{what}": page("POST", dict.fromkeys(WRITERS, 404))
        for what in ("save", "ask", "back", "send", "discard")
    },
    "consultations/": page("GET", dict.fromkeys(MODERATORS, 200)),
    **{
        f"consultations/<uuid:key>/{what}": of_no_page("GET")
        for what in ("", "all/", "said.csv", "said.json", "hui/to/<uuid:section>/", "hui/<code:code>/")
    },
    **{
        f"consultations/<uuid:key>/{what}": of_no_page("POST")
        for what in ("read", "aside", "hui/to/<uuid:section>/add", "hui/<code:code>/save", "hui/<code:code>/drop")
    },
    "events/": page("GET", dict.fromkeys(MODERATORS, 200)),
    "events/<uuid:key>/": of_no_page("GET"),
    "events/<uuid:key>/<code:code>/remove": of_no_page("POST"),
    "edit-site/": page("GET", dict.fromkeys(MODERATORS, 200)),
    "edit-site/go": page("POST", dict.fromkeys(MODERATORS, 302)),  # to the editors' door, with a pass
    "questions/": page("GET", dict.fromkeys(ANSWERERS, 200)),
    "questions/<code:code>/": page("GET", dict.fromkeys(ANSWERERS, 404)),  # nothing was asked
    **{
        f"questions/<code:code>/{what}": page("POST", dict.fromkeys(ANSWERERS, 404))
        for what in ("begin", "lead", "answered", "aside")
    },
    "ready-answers/": for_writers("GET", 200),
    "ready-answers/add": for_writers("POST", 400),  # an empty form
    "ready-answers/<code:code>/change": for_writers("POST", 404),  # there is none
    "ready-answers/<code:code>/drop": for_writers("POST", 404),
    "services/": page("GET", {Role.EDITOR: 200}),
    **{
        f"services/{what}": page("POST", {Role.EDITOR: 404})  # there is none
        for what in (
            "wishes/<code:code>",
            "invitations/<code:code>/withdraw",
            "representatives/<code:code>/second-step",
            "representatives/<code:code>/end",
        )
    },
    "services/<uuid:organization>/": for_editors("GET"),
    "services/<uuid:organization>/invite": for_editors("POST"),
    "keys.json": signed_in("GET"),
    "keys/": page("GET", dict.fromkeys(WORDS, 200)),
    "keys/roster.json": desk("GET"),
    "keys/pin": desk("POST", sends(pin=b64url_encode(bytes(96)))),
    "keys/signing-key": always("POST", dict.fromkeys(WORDS, 409), sends(signing_key=ZEROS)),  # said once already
    "keys/waiting.json": always("GET", SUPERVISORS),
    "keys/founding": always("POST", SUPERVISORS, to_found),
    "keys/found": always("POST", dict.fromkeys(SUPERVISORS, 409), to_found),  # not their signatures
    "keys/sign": always("POST", dict.fromkeys(SUPERVISORS, 409), sends(signatures=[])),  # no roster vouches for them
    "keys/line.json": always("GET", {}),  # no line is named
    "keys/stage": always("POST", {SUPERVISOR: 200}, new_line_keys),
    "keys/rotate": always("POST", {SUPERVISOR: 409}, new_line_keys),  # no roster vouches for them
    "desk.json": desk("GET"),
    "presence": desk("POST", sends(state="away", capacity=2)),
    "break": desk("POST", sends(is_taken=True)),
    "board.json": always("GET", {SUPERVISOR: 200, ELSEWHERE: 200}),  # of one's own lines
    "wall/": page("GET", {SUPERVISOR: 200, ELSEWHERE: 200}),
    "wall.json": always("GET", {SUPERVISOR: 200, ELSEWHERE: 200}),  # of one's own lines
    "training.json": desk("GET"),
    "join/": everybody("GET", 200),
    "join/look": everybody("POST", 400),  # whoever has the six words, whatever their role
    "join/take": everybody("POST", 400),
    **{"staff/" + name: entry for name, entry in OF_STAFF.items()},
    **{CODE_ROUTE + name: entry for name, entry in OF_A_CONVERSATION.items()},
}
