"""How many chats a network starts: the only place where an address is read, and none is kept, stored or logged.

An address becomes an HMAC under a key that this process made up and forgets after ten minutes, together with every
count. Whoever crowds is neither refused nor dropped: they wait for hands that are left over, and are told so
(`routing`: the last quarter of the hands on duty is kept from them).
"""

import hmac
import ipaddress
import secrets
import threading
import time
from collections import Counter

from django.conf import settings
from django.http import HttpRequest

PERIOD_SECONDS = 600
STARTS = 5  # in a period: a school or a refuge behind one address seldom starts more at once
MAX_NETWORKS = 100_000  # counted in one period: 15 MB; beyond that the count begins anew


class Limiter:
    """Counts of one process. Several processes count apart, so each allows as many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget(0)

    def is_crowding(self, address: str, now: float) -> bool:
        """Count one start; whether this network has had its share."""
        network = _network_of(address)
        if network is None:
            return False
        with self._lock:
            if now - self._began_at >= PERIOD_SECONDS or len(self._starts) >= MAX_NETWORKS:
                self._forget(now)
            name = hmac.digest(self._key, network, "sha256")
            self._starts[name] += 1
            return self._starts[name] > STARTS

    def _forget(self, now: float) -> None:
        self._key = secrets.token_bytes(32)
        self._starts: Counter[bytes] = Counter()
        self._began_at = now


def _network_of(address: str) -> bytes | None:
    """One IPv4 address, or the /64 that one household has of IPv6; None for what is no address (a socket file)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:8]
    return found.packed


_limiter = Limiter()


def is_crowding(request: HttpRequest) -> bool:
    """Count one start of a chat. Behind a proxy its header says who asked; the last entry is the proxy's own word."""
    if header := settings.ADDRESS_HEADER:
        address = request.headers.get(header, "").rpartition(",")[2].strip()
    else:
        address = request.META.get("REMOTE_ADDR", "")
    return _limiter.is_crowding(address, time.monotonic())
