"""Whether the staff door opens for whoever asks: from which networks, and with which certificate (docs/running.md)."""

from enum import StrEnum

from django.conf import settings

from helpline.web.network import Header, address_of, is_among, is_proxy

VERIFIED = "SUCCESS"  # nginx's $ssl_client_verify; any other word is no certificate that it knows


class Shut(StrEnum):
    """Why it stays shut."""

    NETWORK = "network"
    CERTIFICATE = "certificate"


def shut_for(peer: str, header: Header) -> Shut | None:
    """Only the proxy's word counts for a certificate: anybody can send a header."""
    if settings.WORKSPACE_NETWORKS:
        address = address_of(peer, header)
        if address is None or not is_among(address, settings.WORKSPACE_NETWORKS):
            return Shut.NETWORK
    if (name := settings.CERTIFICATE_HEADER) and not (is_proxy(peer) and header(name) == VERIFIED):
        return Shut.CERTIFICATE
    return None
