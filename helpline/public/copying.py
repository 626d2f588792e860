"""The essential pages as files, for the proxy to show when nothing of ours answers (`helpline write_static_copy`).

They are the site's own pages, asked for as anybody would, by whichever name and in both languages; but for the first
one, which would promise a chat. In a copy a link leads nowhere but to another page of it, and none to a chat.
"""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from helpline.lines.bilingual import Language
from helpline.lines.queries import LineUnknown, line_for_host
from helpline.web.context import IS_COPY, is_neutral
from helpline.web.headers import DOCUMENT_HEADERS, HEADERS

PAGES: Final = ("about", "confidentiality", "digital-safety", "other-lines")
OK: Final = 200
FIRST: Final = "home"
LINK = re.compile(r'<a\b[^>]*?href="(/[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
ASSET = re.compile(r'(?:href|src)="/static/([^"]+)"')
# What an asset asks for in turn: a module or a style beside it.
FURTHER = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']|url\(["']?([^"')]+)["']?\)""")
Files = Mapping[str, bytes]


class NotWhole(Exception):
    """A page cannot be copied; the sentence says which."""


def hosts() -> list[str]:
    return [*settings.PUBLIC_HOSTS, *settings.NEUTRAL_HOSTS]


def headers() -> Mapping[str, str]:
    """What each of our pages carries, and so each copy."""
    return {**HEADERS, **DOCUMENT_HEADERS, "Cache-Control": "no-store"}


def files_of(host: str) -> Files:
    """By their paths below the host's folder. Raises NotWhole."""
    pages = dict(_pages(host))
    found = {f"{path.removeprefix('/')}index.html": _cut(html, pages.keys()) for path, html in pages.items()}
    written = {path: html.encode() for path, html in found.items()}
    return written | {f"static/{name}": content for name, content in _assets("".join(found.values())).items()}


def _pages(host: str) -> Iterator[tuple[str, str]]:
    handler = WSGIHandler()
    for language in Language:
        with translation.override(language.value):
            paths = [reverse(name) for name in PAGES]
            yield reverse(FIRST), _first(host, reverse(FIRST))
        for path in paths:
            answer = handler.get_response(_request(host, path))
            if answer.status_code != OK:
                raise NotWhole(f"{host}{path} answers {answer.status_code}")
            yield path, answer.content.decode()  # type: ignore[attr-defined]  # a page; only files stream


def _first(host: str, path: str) -> str:
    request = _request(host, path)
    request.is_neutral = is_neutral(host)  # type: ignore[attr-defined]  # as the front door would say
    try:
        return render_to_string("public/copy.html", {"line": line_for_host(host)}, request)
    except LineUnknown:
        raise NotWhole("There is no line yet: helpline add_line makes one") from None


def _request(host: str, path: str) -> WSGIRequest:
    scheme = "https" if settings.BEHIND_TLS else "http"
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SERVER_NAME": host,
            "SERVER_PORT": "443",
            "HTTP_HOST": host,
            "HTTP_X_FORWARDED_PROTO": scheme,
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(),
            IS_COPY: True,
        }
    )


def _cut(html: str, kept: Collection[str]) -> str:
    """Links that would lead out of the copy become plain words, and those to a chat nothing."""

    def leads(link: re.Match[str]) -> str:
        path = link[1].partition("#")[0]
        if path in kept:
            return link[0]
        return "" if "/chat/" in path else link[2]

    return LINK.sub(leads, html)


def _assets(html: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    wanted = sorted(set(ASSET.findall(html)))
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        place = finders.find(name)
        if not isinstance(place, str):
            raise NotWhole(f"/static/{name} is not there")
        found[name] = Path(place).read_bytes()
        if name.endswith((".css", ".js")):
            wanted += [_beside(name, one or other) for one, other in FURTHER.findall(found[name].decode())]
    return found


def _beside(name: str, other: str) -> str:
    """What `other` means to the asset of this name."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), other))
