"""What belongs to a service, a location or an organization: how to reach it, when, in which language, at what cost."""

from helpline.directory.fields import Choice, Clock, Day, Email, Link, Moment, Name, Number, Text, Uri
from helpline.directory.models.base import OF_A_SERVICE, Hideable, Row
from helpline.directory.models.organizations import PLACES, Location, Organization, Service, ServiceAtLocation
from helpline.vault.erasure import NOTHING_PERSONAL

WEEKDAYS = [(each, each) for each in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")]
FREQUENCIES = [(each, each) for each in ("WEEKLY", "MONTHLY")]


class Address(Hideable):
    erasure = OF_A_SERVICE
    file = "addresses.csv"

    location = Link(Location, related_name="addresses")
    attention = Text()
    address_1 = Text(null=False)
    address_2 = Text()
    city = Text(null=False)
    region = Text()
    state_province = Text(null=False)
    postal_code = Text(null=False)
    country = Text(null=False)
    address_type = Choice(null=False, choices=PLACES)


class Contact(Hideable):
    erasure = OF_A_SERVICE
    file = "contacts.csv"

    organization = Link(Organization, related_name="contacts")
    service = Link(Service, related_name="contacts")
    service_at_location = Link(ServiceAtLocation, related_name="contacts")
    location = Link(Location, related_name="contacts")
    name = Text()
    title = Text()
    department = Text()
    email = Email()


class Phone(Hideable):
    erasure = OF_A_SERVICE
    file = "phones.csv"

    location = Link(Location, related_name="phones")
    service = Link(Service, related_name="phones")
    organization = Link(Organization, related_name="phones")
    contact = Link(Contact, related_name="phones")
    service_at_location = Link(ServiceAtLocation, related_name="phones")
    number = Name(null=False)
    extension = Number()
    type = Text()
    description = Text()


class Schedule(Row):
    erasure = NOTHING_PERSONAL
    file = "schedules.csv"

    service = Link(Service, related_name="schedules")
    location = Link(Location, related_name="schedules")
    service_at_location = Link(ServiceAtLocation, related_name="schedules")
    valid_from = Day()
    valid_to = Day()
    dtstart = Day()
    timezone = Number()
    until = Day()
    count = Number()
    wkst = Choice(choices=WEEKDAYS)
    freq = Choice(choices=FREQUENCIES)
    interval = Number()
    byday = Text()
    byweekno = Text()
    bymonthday = Text()
    byyearday = Text()
    description = Text()
    opens_at = Clock()
    closes_at = Clock()
    schedule_link = Uri()
    attending_type = Text()
    notes = Text()


class ServiceArea(Row):
    erasure = NOTHING_PERSONAL
    file = "service_areas.csv"

    service = Link(Service, related_name="service_areas")
    service_at_location = Link(ServiceAtLocation, related_name="service_areas")
    name = Text()
    description = Text()
    extent = Text()
    extent_type = Text()
    uri = Text()


class Language(Row):
    erasure = NOTHING_PERSONAL
    file = "languages.csv"

    service = Link(Service, related_name="languages")
    location = Link(Location, related_name="languages")
    phone = Link(Phone, related_name="languages")
    name = Text()
    code = Text()
    note = Text()


class Accessibility(Row):
    erasure = NOTHING_PERSONAL
    file = "accessibility.csv"

    location = Link(Location, related_name="accessibility")
    description = Text()
    details = Text()
    url = Uri()


class CostOption(Row):
    erasure = NOTHING_PERSONAL
    file = "cost_options.csv"

    service = Link(Service, related_name="cost_options")
    valid_from = Day()
    valid_to = Day()
    option = Text()
    currency = Text()
    amount = Number()
    amount_description = Text()


class Funding(Row):
    erasure = NOTHING_PERSONAL
    file = "funding.csv"

    organization = Link(Organization, related_name="funding")
    service = Link(Service, related_name="funding")
    source = Text()


class RequiredDocument(Row):
    erasure = NOTHING_PERSONAL
    file = "required_documents.csv"

    service = Link(Service, related_name="required_documents")
    document = Text()
    uri = Uri()


class OrganizationIdentifier(Row):
    erasure = NOTHING_PERSONAL
    file = "organization_identifiers.csv"

    organization = Link(Organization, related_name="organization_identifiers")
    identifier_scheme = Text()
    identifier_type = Text(null=False)
    identifier = Text(null=False)


class Url(Row):
    erasure = NOTHING_PERSONAL
    file = "url.csv"

    label = Text()
    url = Uri(null=False)
    organization = Link(Organization, related_name="additional_websites")
    service = Link(Service, related_name="additional_urls")


class Unit(Row):
    erasure = NOTHING_PERSONAL
    file = "units.csv"

    name = Name(null=False)
    scheme = Text()
    identifier = Text()
    uri = Uri()


class ServiceCapacity(Row):
    erasure = NOTHING_PERSONAL
    file = "service_capacity.csv"

    service = Link(Service, related_name="capacities")
    unit = Link(Unit, related_name="+", null=False)
    available = Number(null=False)
    maximum = Number()
    description = Text()
    updated = Moment(null=False)
