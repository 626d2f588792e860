"""Every address of the running system, asked by nobody and by a counsellor: what each answer carries, and does not."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from helpline.channels.sms.webhooks.urls import urlpatterns as carrier_urls
from helpline.portal.urls import urlpatterns as portal_urls
from helpline.public.urls import urlpatterns as public_urls
from helpline.vault.codes import new_code
from helpline.workspace.urls import urlpatterns as staff_urls
from tests.attack.conftest import Inside
from tests.canary.house import House
from tests.matrix.scene import routes

WANTED = {
    "Referrer-Policy": r"^no-referrer$",
    "X-Content-Type-Options": r"^nosniff$",
    "Cross-Origin-Resource-Policy": r"^same-origin$",
    "Cache-Control": r"^no-store$",
}
# Of everything but what the public pages load: no browser asks a style or a script for its policy.
WANTED_OF_THE_REST = {
    "Content-Security-Policy": r"^(?!.*('unsafe|\*|http))(?=.*default-src 'none')(?=.*frame-ancestors 'none')",
}
WANTED_OF_PAGES = {
    "X-Frame-Options": r"^DENY$",
    "Cross-Origin-Opener-Policy": r"^same-origin$",
    "Permissions-Policy": r"camera=\(\)",
}
# Others may read the directory's data from their own pages; it is the same for everybody, and carries no cookie.
WANTED_OF_OPEN_DATA = {"Cross-Origin-Resource-Policy": r"^cross-origin$", "Access-Control-Allow-Origin": r"^\*$"}
NEVER = ("Access-Control-Allow-Origin", "ETag", "Last-Modified", "X-Powered-By")
OPEN_DATA = "/directory/api/"
OTHERS = ["/no-such-page", "/static/web/base.css", "/static/no-such-file.css", "/static/../settings.py", "/.git/config"]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")


def faults(answer: httpx.Response, *, is_open_data: bool = False) -> list[str]:
    """What is missing or too much in one answer."""
    kind = answer.headers.get("Content-Type", "")
    is_page = kind.startswith("text/html")
    wanted = WANTED | (WANTED_OF_PAGES if is_page else {}) | (WANTED_OF_OPEN_DATA if is_open_data else {})
    if not kind.startswith(("text/css", "text/javascript")):
        wanted |= WANTED_OF_THE_REST
    found = [f"{name}: {answer.headers.get(name)}" for name, rule in wanted.items() if not fits(answer, name, rule)]
    found += [f"{name}: {answer.headers[name]}" for name in NEVER if name in answer.headers and name not in wanted]
    if answer.content and "charset=utf-8" not in kind.lower() and is_page:
        found.append(f"Content-Type: {kind}")
    found += [f"Set-Cookie: {cookie}" for cookie in answer.headers.get_list("Set-Cookie") if not is_strict(cookie)]
    return found


def fits(answer: httpx.Response, name: str, rule: str) -> bool:
    return bool(re.search(rule, answer.headers.get(name, "")))


def is_strict(cookie: str) -> bool:
    if "Max-Age=0" in cookie:  # one that is taken back
        return "SameSite=Strict" in cookie
    return "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Domain" not in cookie


def addresses(patterns: list[object]) -> Iterator[str]:
    for route in routes(patterns):
        yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", new_code(), route)
    yield from OTHERS


DOORS: dict[str, tuple[str, list[Any]]] = {
    "public": ("localhost", public_urls),
    "staff": ("127.0.0.1", staff_urls),
    "staff, signed in": ("127.0.0.1", staff_urls),
    "services": ("services.localhost", portal_urls),
    "carriers": ("carriers.localhost", carrier_urls),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_answer_carries_what_guards_its_reader(house: House, inside: Inside, door: str) -> None:
    host, patterns = DOORS[door]
    own = inside.headers if door == "staff, signed in" else {}
    client = httpx.Client(base_url=f"http://127.0.0.1:{house.ports['site']}", headers={"Host": host, **own}, timeout=30)
    methods = (
        METHODS if door in {"public", "services", "carriers"} else ("GET", "OPTIONS", "TRACE")
    )  # signing out would end this
    found = {}
    with client:
        for address in addresses(list(patterns)):
            for method in methods:
                answer = client.request(method, address)
                assert answer.status_code < 500, (method, address)
                assert method != "TRACE" or answer.status_code in {400, 403, 404, 405}, address
                is_open_data = "Access-Control-Allow-Origin" in answer.headers and address.startswith(OPEN_DATA)
                found[method, address] = faults(answer, is_open_data=is_open_data)
    assert {asked: what for asked, what in found.items() if what} == {}


@pytest.mark.parametrize("address", ["/live/health", f"/live/c/{'A' * 22}/stream", "/live/desk", "/live/nothing"])
def test_so_does_the_live_process(house: House, address: str) -> None:
    answer = httpx.get(f"http://127.0.0.1:{house.ports['live']}{address}")
    assert faults(answer) == []


def test_the_control_is_found_wanting(careless: str) -> None:
    found = faults(httpx.get(careless))
    assert len(found) == len(WANTED) + len(WANTED_OF_THE_REST) + len(WANTED_OF_PAGES)
