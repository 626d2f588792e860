"""Who helps, with what, and where: organization, program, service, location, and a service at a location."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.directory.fields import Choice, Day, Email, Link, Moment, Name, Number, Text, Uri
from helpline.directory.models.base import OF_A_SERVICE, Hideable, Row
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

PLACES = [(each, each) for each in ("physical", "postal", "virtual")]
STATUSES = [(each, each) for each in ("active", "inactive", "defunct", "temporarily closed")]


class Organization(Row):
    erasure = OF_A_SERVICE
    file = "organizations.csv"

    name = Name(null=False)
    alternate_name = Text()
    description = Text(null=False)
    email = Email()
    website = Uri()
    tax_status = Text()
    tax_id = Text()
    year_incorporated = Number()
    legal_status = Text()
    logo = Text()
    uri = Uri()
    parent_organization = Link("self", related_name="+")


class Program(Row):
    erasure = NOTHING_PERSONAL
    file = "programs.csv"

    organization = Link(Organization, related_name="programs")
    name = Name(null=False)
    alternate_name = Text()
    description = Text(null=False)


class Service(Row):
    erasure = OF_A_SERVICE
    file = "services.csv"

    organization = Link(Organization, related_name="services")
    program = Link(Program, related_name="+")
    name = Name(null=False)
    alternate_name = Text()
    description = Text()
    url = Uri()
    email = Email()
    status = Choice(null=False, choices=STATUSES)
    interpretation_services = Text()
    application_process = Text()
    fees_description = Text()
    wait_time = Text()
    fees = Text()
    accreditations = Text()
    eligibility_description = Text()
    minimum_age = Number()
    maximum_age = Number()
    assured_date = Day()
    assurer_email = Email()
    licenses = Text()
    alert = Text()
    last_modified = Moment()

    last_verified_on = models.DateField(null=True, blank=True, help_text=_("When somebody last made sure."))


class Location(Hideable):
    erasure = OF_A_SERVICE
    file = "locations.csv"

    location_type = Choice(null=False, choices=PLACES)
    url = Uri()
    organization = Link(Organization, related_name="locations")
    name = Text()
    alternate_name = Text()
    description = Text()
    transportation = Text()
    latitude = Number()
    longitude = Number()
    external_identifier = Text()
    external_identifier_type = Text()


class ServiceAtLocation(Row):
    erasure = NOTHING_PERSONAL
    file = "service_at_location.csv"

    service = Link(Service, related_name="service_at_locations")
    location = Link(Location, related_name="+")
    description = Text()


class Avoided(models.Model):
    """That staff do not send people to a service, and why: what they have learnt, for themselves alone."""

    erasure = Erasure(
        holds="why staff do not send people to a service",
        ends="when they do again",
        by="helpline.directory.actions.stop_avoiding",
    )

    # A source may drop a service and bring it back: what staff have learnt of it outlives that.
    service = models.OneToOneField(Service, on_delete=models.DO_NOTHING, db_constraint=False, related_name="avoided")
    why = models.TextField()
    since = models.DateTimeField(auto_now_add=True)
