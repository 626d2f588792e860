"""Lists of codes never change: another list is another edition."""

import datetime as dt
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from helpline.records import editions
from helpline.records.editions import EDITIONS, edition_of
from helpline.records.forms import ContactRecordForm
from helpline.records.models import ContactRecord

# A wrong one here is no reason to change it: what was coded by that list stands. Add an edition.
DIGESTS = {"2026-1": "7708721acb7ca618"}


def test_no_edition_has_changed() -> None:
    assert {each.name: hashlib.sha256(json.dumps(each.codes).encode()).hexdigest()[:16] for each in EDITIONS} == DIGESTS


def test_every_code_has_a_name_and_every_field_a_list() -> None:
    for edition in EDITIONS:
        assert list(edition.codes)
        assert set(edition.codes) == set(ContactRecordForm.Meta.fields)
        for field, codes in edition.codes.items():
            column: Any = ContactRecord._meta.get_field(field)
            named = dict(getattr(column, "base_field", column).choices)
            assert set(codes) <= set(named), field


def test_a_month_has_the_edition_that_had_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    later = replace(EDITIONS[0], name="2027-1", since=dt.date(2027, 1, 1))
    monkeypatch.setattr(editions, "EDITIONS", (*EDITIONS, later))
    assert edition_of(dt.date(2026, 12, 1)).name == "2026-1"
    assert edition_of(dt.date(2027, 1, 1)).name == "2027-1"
