"""Each address of the live process (docs/live.md): fetch, form, action, answer."""

from typing import TYPE_CHECKING

from helpline.live import forms, permissions, wakeups
from helpline.live.database import DatabaseAway
from helpline.live.permissions import Permission
from helpline.live.requests import Answer, Connection, Receive, Refusal, Scope, Send, connection_of, header, read_json
from helpline.live.writer import NewMessage, Receipt

if TYPE_CHECKING:
    from helpline.live.application import Live

_STANDING = """
SELECT standing
FROM conversations_read(ARRAY[$1]::text[], ARRAY[2147483647], ARRAY[$2]::bytea[], ARRAY[$3]::bigint[], 1)
"""
_REFUSALS = {"unknown": 404, "closed": 409, "key": 422}


async def messages(live: "Live", scope: Scope, receive: Receive, code: str) -> Answer:
    permission = await _permission(live, scope)
    sealed = forms.message(await read_json(scope, receive))
    row = NewMessage(code, permission.author, permission.capability_hash, permission.user_id, *sealed)
    outcome, seq = await live.writer.messages.add(row)
    if outcome in _REFUSALS:
        raise Refusal(_REFUSALS[outcome], outcome)
    return Answer(202, {"seq": seq})


async def receipts(live: "Live", scope: Scope, receive: Receive, code: str) -> Answer:
    permission = await _permission(live, scope)
    seq = forms.receipt(await read_json(scope, receive))
    is_known = await live.writer.receipts.add(Receipt(code, seq, permission.capability_hash, permission.user_id))
    if not is_known:
        raise Refusal(404, "unknown")
    return Answer(204)


async def typing(live: "Live", scope: Scope, receive: Receive, code: str) -> Answer:
    """Never stored: it goes through memory and the bus only."""
    permission = await _permission(live, scope)
    is_on = forms.typing(await read_json(scope, receive))
    standing = live.hub.standing_of(code, permission) or await _standing(live, code, permission)
    if standing.startswith("closed"):
        raise Refusal(409, "closed")
    if standing.endswith(":reading"):  # who only reads cannot be writing
        raise Refusal(404, "unknown")
    live.tell([wakeups.typing(code, permission.author, is_on=is_on)])
    return Answer(204)


async def stream(live: "Live", scope: Scope, receive: Receive, send: Send, code: str) -> None:
    """The help-seeker's events, until the permission ends or the reader goes."""
    permission = permissions.help_seeker(scope)
    if permission is None:
        raise Refusal(404, "unknown")
    after = forms.last_event(header(scope, b"last-event-id"))
    connection = await _take_request(scope, receive)
    found = live.hub.follow(code, permission, after)
    try:
        if not await found.is_known():
            raise Refusal(404, "unknown")
        await found.run(connection, send)
    finally:
        live.hub.forget(found)


async def desk(live: "Live", scope: Scope, receive: Receive, send: Send) -> None:
    staff = await permissions.staff(scope, live.sessions)
    afters = forms.last_events(header(scope, b"last-event-id"))
    connection = await _take_request(scope, receive)
    opened = live.hub.open_desk(staff, afters)
    try:
        await opened.run(connection, send)
    finally:
        live.hub.forget(opened)


async def wall(live: "Live", scope: Scope, receive: Receive, send: Send) -> None:
    staff = await permissions.staff(scope, live.sessions)
    connection = await _take_request(scope, receive)
    opened = live.hub.open_wall(staff)
    try:
        await opened.run(connection, send)
    finally:
        live.hub.forget(opened)


async def _take_request(scope: Scope, receive: Receive) -> Connection:
    """Take the empty body, and forget the 2 KB of headers that a browser sends: a stream lasts for hours."""
    await receive()
    connection = connection_of(scope)
    scope["headers"].clear()
    scope["state"].clear()
    return connection


async def health(live: "Live") -> Answer:
    """For the proxy: whether this process can write. Nothing that tells how busy the line is."""
    try:
        await live.link.fetch("SELECT 1")
    except DatabaseAway:
        return Answer(503, {"error": "database"})
    return Answer(200, {"status": "well"})


async def _permission(live: "Live", scope: Scope) -> Permission:
    help_seeker = permissions.help_seeker(scope)
    if help_seeker is not None:
        return help_seeker
    return Permission(user_id=(await permissions.staff(scope, live.sessions)).user_id)


async def _standing(live: "Live", code: str, permission: Permission) -> str:
    rows = await live.link.fetch(_STANDING, code, permission.capability_hash, permission.user_id)
    if not rows:
        raise Refusal(404, "unknown")
    standing: str = rows[0]["standing"]
    return standing
