"""Which network asks: the only place where an address is read. It is compared or counted, never kept or logged."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Header = Callable[[str], str | None]
"""What a request says under a name, whichever process reads it."""


def network_of(request: HttpRequest) -> bytes | None:
    """For counting: one IPv4 address, or the /64 that one household has of IPv6; None for what is no address."""
    found = address_of(peer_of(request), request.headers.get)
    if isinstance(found, ipaddress.IPv6Address):
        return found.packed[:8]
    return found.packed if found else None


def peer_of(request: HttpRequest) -> str:
    """The other end of the connection: the proxy, where there is one."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    return peer


def peer_of_scope(scope: Mapping[str, Any]) -> str:
    """The same in the live process."""
    peer: str = (scope.get("client") or ("",))[0]
    return peer


def address_of(peer: str, header: Header) -> Address | None:
    """Who asks. A proxy of ours names them in its header, of which the last entry is its own word; nobody else may."""
    if settings.ADDRESS_HEADER and is_proxy(peer):
        return _address((header(settings.ADDRESS_HEADER) or "").rpartition(",")[2].strip())
    return _address(peer)


def is_proxy(peer: str) -> bool:
    """Without an address it is a socket file, which only this machine can open."""
    address = _address(peer)
    return address is None or is_among(address, settings.PROXY_NETWORKS)


def is_among(address: Address, networks: list[str]) -> bool:
    return any(address in network for network in map(ipaddress.ip_network, networks))


def is_network(text: str) -> bool:
    """Whether a setting names one, such as 192.0.2.0/24."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None) or found
