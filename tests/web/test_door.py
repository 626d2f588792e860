"""For whom the staff door opens at all, in the site and in the live process."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.web.door import Shut, shut_for
from tests.live.conftest import live, sign_in, start_live
from tests.live.running import Running

__all__ = ["live", "sign_in", "start_live"]

OFFICE, PROXY, ELSEWHERE = "192.0.2.9", "127.0.0.1", "198.51.100.9"


@pytest.fixture
def office_only(settings: Settings) -> None:
    settings.WORKSPACE_NETWORKS, settings.ADDRESS_HEADER = ["192.0.2.0/24", "2001:db8::/32"], "X-Network"


@pytest.fixture
def certificates_only(settings: Settings) -> None:
    settings.CERTIFICATE_HEADER = "X-Certificate"


def door(peer: str, **headers: str) -> Shut | None:
    return shut_for(peer, {name.replace("_", "-"): value for name, value in headers.items()}.get)


def test_by_default_it_opens_from_everywhere() -> None:
    assert door(ELSEWHERE) is None


@pytest.mark.usefixtures("office_only")
def test_with_networks_it_opens_from_these() -> None:
    assert door(PROXY, X_Network=OFFICE) is None
    assert door(PROXY, X_Network="2001:db8:1::1") is None
    assert door(PROXY, X_Network=f"{ELSEWHERE}, {OFFICE}") is None  # the last is the proxy's own word
    assert door(OFFICE) is None
    for peer, said in ((PROXY, ELSEWHERE), (PROXY, f"{OFFICE}, {ELSEWHERE}"), (PROXY, ""), (PROXY, "office")):
        assert door(peer, X_Network=said) == Shut.NETWORK


@pytest.mark.usefixtures("office_only")
def test_what_is_not_the_proxy_cannot_speak_for_the_office() -> None:
    assert door(ELSEWHERE, X_Network=OFFICE) == Shut.NETWORK


@pytest.mark.usefixtures("certificates_only")
def test_with_certificates_only_the_proxys_word_counts() -> None:
    assert door(PROXY, X_Certificate="SUCCESS") is None
    for said in ("NONE", "FAILED:expired", "", "success"):
        assert door(PROXY, X_Certificate=said) == Shut.CERTIFICATE
    assert door(ELSEWHERE, X_Certificate="SUCCESS") == Shut.CERTIFICATE


@pytest.mark.django_db
@pytest.mark.usefixtures("office_only")
def test_the_shut_door_says_so_and_nothing_else(line: Line, asha: User) -> None:
    client = Client(headers={"host": "127.0.0.1", "X-Network": ELSEWHERE})
    client.force_login(asha)
    for path in ("/", "/keys.json", "/static/workspace/desk.bundle.js", "/no-such-page"):
        answer = client.get(path)
        page = answer.content.decode()
        assert (answer.status_code, "only from the helpline’s own network" in page) == (403, True)
        assert "script" not in page
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/keys.json", headers={"X-Network": OFFICE}).status_code == 200
    public = client.get("/", headers={"host": "localhost"})
    assert public.status_code == 200  # whoever seeks help comes from anywhere


@pytest.mark.usefixtures("office_only")
def test_the_live_process_has_the_same_door(
    live: Running, asha: User, sign_in: Callable[[User], dict[str, str]]
) -> None:
    path, staff = f"/live/c/{'A' * 22}/typing", sign_in(asha)
    assert live.post(path, {**staff, "X-Network": ELSEWHERE}, {"on": True}).status == 403
    assert live.post(path, {**staff, "X-Network": OFFICE}, {"on": True}).status == 404  # no such conversation
