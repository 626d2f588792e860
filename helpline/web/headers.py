"""The headers that every page carries, from the site and from the live process."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpResponseBase

_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STAFF_CONTENT_SECURITY_POLICY = _POLICY
# What Wagtail's editor runs with (docs/editing.md): its own scripts write styles, and show a picture before it is sent.
EDITING_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# The chat without JavaScript posts into a frame beside the button.
CONTENT_SECURITY_POLICY = f"{_POLICY}; frame-src 'self'"
# For what stands in that frame.
FRAMED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
EMBED_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d+|\*))?")
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
if settings.BEHIND_TLS:
    HEADERS["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"  # two years: never in the clear again
# Of these a browser asks no policy but the page's (or a worker's own, which only staff pages have), and on the chat's
# thirty it would weigh 7 KB on a slow phone.
LOADED_BY_PAGES = ("text/css", "text/javascript")
# These mean something for a document only; on the same files they would weigh 4 KB.
DOCUMENT_HEADERS = {
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}
# At sign-out and at quick exit. Not cookies: browsers would clear those of the operator's other sites too, and ours
# are taken back by name.
CLEAR = {"Clear-Site-Data": '"cache", "storage"'}


def framed_by_partners() -> dict[str, str]:
    """For the few pages that other sites may show in a frame: those that the operator named, and nobody else.

    `X-Frame-Options` knows no list, and stays: browsers that read `frame-ancestors` do not look at it, and others show
    nothing.
    """
    scheme = "https" if settings.BEHIND_TLS else "http"
    named = [f"{scheme}://{host}" for host in settings.EMBED_HOSTS if EMBED_HOST.fullmatch(host)]
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(named)}")
    return {"Content-Security-Policy": policy if named else CONTENT_SECURITY_POLICY}


def carry(response: HttpResponseBase, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        response.headers[name] = value
