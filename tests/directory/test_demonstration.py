"""Services that do not exist, over the whole country, and nobody's number among them."""

import re

import pytest

from helpline.directory import demonstration
from helpline.directory.models import Attribute, Location, Organization, Phone, Service, ServiceArea, TaxonomyTerm
from helpline.directory.needs import needs
from helpline.directory.queries import visible
from helpline.lines.regions import PLACES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    assert demonstration.load()


def test_about_150_over_all_sixteen_regions() -> None:
    assert 140 <= Service.objects.count() <= 160
    areas = set(ServiceArea.objects.values_list("name", flat=True))
    assert {str(name) for _, name in PLACES} < areas


def test_each_says_that_it_does_not_exist_and_rings_nobody() -> None:
    for model in (Service, Organization, Location):
        assert not model.objects.exclude(name__endswith="(demonstration)").exists()
    numbers = list(Phone.objects.values_list("number", flat=True))
    assert len(set(numbers)) == Service.objects.count()
    assert all(re.fullmatch(r"\+999 000 \d{4}", number) for number in numbers)
    for model in (Service, Organization):
        for row in model.objects.all():
            assert "example.org" in (getattr(row, "url", None) or row.website)


def test_each_is_found_by_what_it_is_for() -> None:
    assert Attribute.objects.count() == Service.objects.count()
    terms = {str(code) for code in TaxonomyTerm.objects.values_list("code", flat=True)}
    assert terms == set(needs())
    offered = set(Attribute.objects.values_list("taxonomy_term__code", flat=True))
    assert offered >= set(needs()) - {"forensic-examination"}


def test_nobody_but_staff_sees_where_people_find_shelter() -> None:
    shelters = Location.objects.filter(is_private=True)
    assert shelters.count() == len(PLACES)
    assert not visible(Location).filter(name__startswith="Safe housing").exists()
    assert visible(Service).filter(name__startswith="Safe housing").count() == len(PLACES)


def test_it_is_loaded_once() -> None:
    before = set(Service.objects.values_list("pk", flat=True))
    assert not demonstration.load()
    assert set(Service.objects.values_list("pk", flat=True)) == before
