"""What an open stream costs while nobody says anything."""

import resource
import secrets
from collections.abc import Iterator
from typing import Any

import psycopg

from benchmarks import stage
from benchmarks.ground import Ground, resident_bytes, run_load
from benchmarks.results import Result, beside
from helpline.vault.codes import b64url_encode, hash_capability
from helpline.vault.sealing import KEY_BYTES

STREAMS = 10_000
SPARE_FILES = 500  # that a process needs besides its streams
SETTLE_SECONDS = 27  # every stream has had a heartbeat
TARGET_KIB = 12
TARGET_MICROSECONDS = 10  # 100,000 idle streams would keep one core busy
_WAITING = """
INSERT INTO conversations_conversation (code, line_id, channel, language, state, capability_hash, has_script,
                                        started_at, closed_by, last_seq, help_seeker_seq, counsellor_seq)
SELECT lpad(n::text, 21, '0') || 'A', (SELECT min(id) FROM lines_line), 'webchat', 'en', 'waiting', %s, true, now(),
       '', 0, 0, 0
FROM generate_series(1, %s) n
RETURNING code
"""


def idle_streams(ground: Ground) -> Iterator[Result]:
    """Resident memory with all of them open and once beaten, above what it was before the first."""
    count = min(STREAMS, _allow_files() - SPARE_FILES)
    asked = {"shape": "idle", "seconds": SETTLE_SECONDS, "streams": _waiting_people(ground.url, count), "senders": []}
    with stage.live(ground.url) as live:
        before = resident_bytes(live)
        seen = run_load(asked, live, ground.server)
    each = (seen.live_bytes - before) / count / 1024
    yield beside(f"memory of each of {count:,} idle streams", each, "KiB", TARGET_KIB)
    used = 1e6 * seen.live_seconds / SETTLE_SECONDS / count
    yield beside("processor time of an idle stream a second", used, "µs", TARGET_MICROSECONDS)


def _allow_files() -> int:
    """As many open files as this user may have, also for the processes that are started from here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def _waiting_people(url: str, count: int) -> list[dict[str, Any]]:
    """As many conversations, all with one capability: the server cannot know that."""
    capability = secrets.token_bytes(KEY_BYTES)
    with psycopg.connect(url, autocommit=True) as connection:
        codes = connection.execute(_WAITING, [hash_capability(capability), count]).fetchall()
    headers = {"Host": "localhost", "Authorization": f"Bearer {b64url_encode(capability)}"}
    return [{"path": f"/live/c/{code}/stream", "headers": headers, "conversations": 1} for (code,) in codes]
