"""A service with a place, somebody who keeps its entries, and another organization that is none of theirs."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from helpline.directory.models import Address, Location, Organization, Phone, Service, ServiceAtLocation
from helpline.portal.actions import new_browser, new_link
from helpline.portal.models import Representation, Representative
from helpline.vault import totp

DOOR = {"host": "services.localhost"}
SECRET = hashlib.sha256(b"aroha").digest()[: totp.SECRET_BYTES]


@dataclass
class Kept:
    """One organization with one service."""

    organization: Organization
    service: Service
    phone: Phone
    location: Location
    address: Address


def invent(name: str, number: int) -> Kept:
    organization = Organization.objects.create(name=name, description="It does not exist.")
    service = Service.objects.create(
        organization=organization,
        name=f"Counselling by {name}",
        status="active",
        description="Talking.",
        minimum_age=16,
    )
    phone = Phone.objects.create(service=service, number=f"+999 000 {number:04}")
    location = Location.objects.create(location_type="physical", name=f"House of {name}", organization=organization)
    ServiceAtLocation.objects.create(service=service, location=location)
    address = Address.objects.create(
        location=location,
        address_1=f"{number} Nowhere Street",
        city="Hastings",
        state_province="Hawke's Bay",
        postal_code="0000",
        country="NZ",
        address_type="physical",
    )
    return Kept(organization, service, phone, location, address)


def app_code(representative: Representative) -> str:
    """What their phone shows, if it was not used yet."""
    representative.refresh_from_db()
    code = totp.unused_code(SECRET, time.time(), after=representative.last_step)
    assert code
    return code


@pytest.fixture
def kowhai(db: None) -> Kept:
    return invent("Kōwhai", 1)


@pytest.fixture
def rimu(db: None) -> Kept:
    """Another organization."""
    return invent("Rimu", 2)


@pytest.fixture
def aroha(kowhai: Kept) -> Representative:
    """Keeps the entries of kowhai; her app is set up."""
    made = Representative.objects.create(name="Aroha Ngata", email="aroha@example.org")
    made.app = totp.seal_secret(SECRET, made.code)
    made.save()
    Representation.objects.create(representative=made, organization=kowhai.organization)
    return made


@pytest.fixture
def visitor() -> Client:
    """A browser at the services' door, not signed in."""
    return Client(headers=DOOR)


@pytest.fixture
def come_in(visitor: Client) -> Callable[[Representative], Client]:
    """By the link and the code, as everybody does."""

    def make(representative: Representative) -> Client:
        client = Client(headers=DOOR)
        browser = client.cookies["portal"] = new_browser()
        link = new_link(representative, browser)
        assert client.post("/come-in", {"link": link}).status_code == 302
        answer = client.post(
            "/second-step/code", {"token": token_in(client, "/second-step/"), "code": app_code(representative)}
        )
        assert answer.headers["Location"] == "/entries/"
        return client

    return make


@dataclass
class Inside:
    """Somebody who is in, and what their pages' forms carry."""

    client: Client
    token: str

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.content.decode()

    def post(self, path: str, **form: object) -> int:
        return self.client.post(path, {"token": self.token, **form}).status_code


@pytest.fixture
def inside(aroha: Representative, come_in: Callable[[Representative], Client]) -> Inside:
    client = come_in(aroha)
    return Inside(client, token_in(client, "/entries/"))


def token_in(client: Client, path: str) -> str:
    found: str = client.get(path).context["token"]
    return found


def link_in(mail: EmailMessage) -> str:
    """The address that a mail leads to, without its host."""
    [line] = [each for each in str(mail.body).splitlines() if each.startswith("http://services.localhost")]
    return line.removeprefix("http://services.localhost")
