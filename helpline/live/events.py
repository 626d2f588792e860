"""How each event is spelled on the wire (docs/live.md).

Made by hand because it is done for every message and every reader: all values are codes, base64url, numbers or words of
ours, so nothing needs escaping; only a pseudonym does.
"""

import json

from helpline.live.database import Record
from helpline.vault.codes import b64url_encode

HEARTBEAT = ":\n\n"
DESK = "event: desk\ndata: {}\n\n"
QUEUE = "event: queue\ndata: {}\n\n"


def state(code: str | None) -> str:
    return f"event: state\ndata: {{{_of(code).rstrip(',')}}}\n\n"


def message(row: Record, code: str | None) -> str:
    """A message, after its sender's key where it is the first under that key."""
    seq, author, key_id, sealed_key = row["seq"], row["author"], row["key_id"], row["sealed_key"]
    text = (
        f"event: message\nid: {f'{code}={seq}' if code else seq}\n"
        f'data: {{{_of(code)}"seq":{seq},"author":"{author}","client_id":"{row["client_id"]}","key_id":"{key_id}",'
        f'"sealed":"{b64url_encode(row["sealed"])}","at":{row["at"]:.3f}}}\n\n'
    )
    if sealed_key is None:
        return text
    return (
        f'event: key\ndata: {{{_of(code)}"key_id":"{key_id}","author":"{author}","by":{json.dumps(row["written_by"])},'
        f'"sealed":"{b64url_encode(sealed_key)}"}}\n\n{text}'
    )


def receipt(author: str, seq: int, code: str | None) -> str:
    return f'event: receipt\ndata: {{{_of(code)}"author":"{author}","seq":{seq}}}\n\n'


def typing(author: str, is_on: str, code: str | None) -> str:
    return f'event: typing\ndata: {{{_of(code)}"author":"{author}","on":{"true" if is_on == "1" else "false"}}}\n\n'


def _of(code: str | None) -> str:
    """A desk follows several conversations, so there each event says which; a help-seeker knows only one."""
    return f'"code":"{code}",' if code else ""
