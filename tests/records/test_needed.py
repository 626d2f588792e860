"""From what is coded to what the directory is asked."""

import pytest

from helpline.directory.needs import Side, needs
from helpline.lines.regions import Region
from helpline.records import codes
from helpline.records.forms import ContactRecordForm
from helpline.records.models import ContactRecord
from helpline.records.needed import FOLLOWS, needed


def test_it_speaks_of_fields_codes_and_needs_that_there_are() -> None:
    known = needs()
    for field, follows in FOLLOWS.items():
        choices = ContactRecordForm().fields[field].choices  # type: ignore[attr-defined]  # all of them are choices
        assert follows.keys() <= {str(code) for code, _ in choices}
        assert {each for found in follows.values() for each in found} <= known.keys()


def test_nothing_follows_from_what_is_not_coded() -> None:
    empty = ContactRecord()
    coded = {name: getattr(empty, name) for name in ContactRecordForm.Meta.fields}
    for nothing in ({}, coded, {"role": "no-such-code", "needs": 5, "region": None}):
        found = needed(nothing)
        assert (found.needs, found.side, found.region) == (frozenset(), "", "")


def test_a_survivor_of_last_night() -> None:
    found = needed({"role": codes.Role.SURVIVOR, "harm_when": "72h", "gender": "male", "region": Region.OTAGO})
    assert {"crisis-support", "medical-care", "forensic-examination", "male-survivors"} == found.needs
    assert (found.side, found.region) == (Side.HARMED, Region.OTAGO)


def test_several_codes_of_one_field() -> None:
    assert {"kaupapa-maori", "pasifika"} == needed({"ethnicities": ["maori", "pacific", "european"]}).needs


@pytest.mark.parametrize("region", [Region.OVERSEAS, Region.NOT_STATED])
def test_only_a_region_with_services_is_one(region: str) -> None:
    assert needed({"region": region}).region == ""


def test_the_two_sides_are_not_mixed() -> None:
    everything = {field: list(follows) for field, follows in FOLLOWS.items() if field != "role"}
    for role in codes.Role:
        found = needed({**everything, "role": role, "gender": "male"})
        sides = {needs()[each].side for each in found.needs}
        if role == codes.Role.OWN_BEHAVIOUR:
            assert (sides, found.side) == ({Side.HARMING}, Side.HARMING)
        elif role in {codes.Role.SURVIVOR, codes.Role.FAMILY, codes.Role.FRIEND}:
            assert (sides, found.side) == ({Side.HARMED}, Side.HARMED)
        else:
            assert found.side == ""
