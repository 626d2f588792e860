"""What is taken away is gone with all that hung on it, and whoever copied it is told."""

from helpline.directory import actions, nesting
from helpline.directory.hsds import ORDER, table_of
from helpline.directory.models import (
    Attribute,
    Avoided,
    Contact,
    Location,
    Metadata,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Tombstone,
)
from helpline.directory.queries import visible, visible_alone


def test_what_hung_on_a_service_alone_goes_with_it_and_the_rest_stays(service: Service) -> None:
    gone = actions.withdraw(Service, [service.pk])
    assert gone == Tombstone.objects.count()
    assert set(Tombstone.objects.values_list("table", flat=True)) == {
        "service",
        "service_at_location",
        "service_area",
        "cost_option",
        "required_document",
        "service_capacity",
        "attribute",
        "metadata",
    }
    assert not Attribute.objects.exists()
    assert not Metadata.objects.exists()
    phone = Phone.objects.get()
    assert (phone.service_id, phone.service_at_location_id) == (None, None)
    assert phone.organization_id == Organization.objects.get().pk


def test_an_organization_takes_its_services_and_places_with_it(service: Service) -> None:
    actions.withdraw(Organization, [Organization.objects.get().pk])
    left = {table_of(model) for model in ORDER if model.objects.exists()}
    assert left == {"taxonomy", "taxonomy_term", "unit"}  # words and measures belong to nobody
    assert actions.withdraw(Organization, [service.pk]) == 0


def test_taking_away_again_what_came_back_is_told_again(service: Service) -> None:
    actions.withdraw(Service, [service.pk])
    first = Tombstone.objects.get(table="service").at
    Service.objects.create(pk=service.pk, name="Back", status="active")
    actions.withdraw(Service, [service.pk])
    assert Tombstone.objects.get(table="service").at > first


def test_a_private_place_takes_everything_about_it_out_of_sight(service: Service) -> None:
    place = Location.objects.get()
    assert actions.set_private(Location, [place.pk], is_private=True) == 1
    assert not visible(Location).exists()
    assert not visible(ServiceAtLocation).exists()
    assert not visible(Phone).exists()  # the example's one phone is that of the place too
    shown = nesting.nested(Service, [service], visible)[0]
    assert "service_at_locations" not in shown
    assert "phones" not in shown
    assert shown["organization"]["name"] == "Example Organization Inc."
    assert actions.set_private(Location, [place.pk], is_private=False) == 1
    assert visible(Phone).exists()


def test_former_values_of_what_was_private_stay_private(service: Service) -> None:
    phone = Phone.objects.get()
    change = Metadata.objects.get()
    Metadata.objects.filter(pk=change.pk).update(resource_id=phone.pk)
    actions.set_private(Phone, [phone.pk], is_private=True)
    assert not visible_alone(Metadata).exists()
    actions.set_private(Phone, [phone.pk], is_private=False)
    assert visible(Phone).exists()
    assert not visible_alone(Metadata).exists()


def test_what_is_said_of_a_private_row_is_not_shown_alone_either(service: Service) -> None:
    contact, attribute = Contact.objects.get(), Attribute.objects.get()
    Attribute.objects.update(link_id=contact.pk)
    assert attribute in visible_alone(Attribute)
    actions.set_private(Contact, [contact.pk], is_private=True)
    assert not visible_alone(Attribute).exists()


def test_a_service_is_avoided_until_it_is_not(service: Service) -> None:
    actions.avoid(service, "They told somebody's family.")
    actions.avoid(service, "They told somebody's whānau.")
    assert Avoided.objects.get().why == "They told somebody's whānau."
    actions.stop_avoiding(service)
    assert not Avoided.objects.exists()
