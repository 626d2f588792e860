"""The certificate: anybody can check it, with plain arithmetic, from the published side."""

import json

import numpy as np
import pytest

from helpline.publishing import protection
from helpline.publishing.attacker.attack import attack
from helpline.publishing.attacker.certificate import Certificate, certificate, complaints
from helpline.publishing.attacker.knowledge import Counts, within_three
from helpline.publishing.attacker.system import one
from helpline.publishing.programme import MONTHLY, Programme
from tests.publishing.attacks.small import SMALL
from tests.publishing.months import month


def certified(programme: Programme, contacts: int) -> tuple[Counts, Counts, Certificate]:
    counts = month(programme, contacts)
    published = protection.protect(programme, counts, seed=bytes(32)).values
    findings = attack(one(programme, within_three(published)), (published,))
    return counts, published, certificate(programme, published, findings)


@pytest.mark.parametrize(("programme", "contacts"), [(SMALL, 60), (SMALL, 600), (MONTHLY, 300), (MONTHLY, 3000)])
def test_every_count_has_its_alternative(programme: Programme, contacts: int) -> None:
    counts, published, given = certified(programme, contacts)
    assert complaints(programme, published, given) == []
    alternatives = np.array(given.alternatives(published))
    small, zero = (counts >= 1) & (counts <= 2), counts == 0
    assert small.any()
    assert (alternatives[:, small] == 0).any(axis=0).all()
    assert (alternatives[:, zero] > 0).any(axis=0).all()
    assert (alternatives[:, counts > 0] != counts[counts > 0]).any(axis=0).all()
    assert len(alternatives) <= 30


def test_it_is_made_without_the_truth_and_kept_as_json() -> None:
    _, published, given = certified(SMALL, 60)
    again = attack(one(SMALL, within_three(published)), (published,))
    assert certificate(SMALL, published, again) == given
    assert Certificate.from_json(json.loads(json.dumps(given.as_json()))) == given


def test_it_is_refused_where_it_does_not_show_what_it_should() -> None:
    _, published, given = certified(SMALL, 60)
    fewer = Certificate(given.programme, given.differences[:1])
    changed = Certificate(
        given.programme, ((given.differences[0][0] + 1, *given.differences[0][1:]), *given.differences[1:])
    )
    far = Certificate(given.programme, (tuple(9 for _ in published), *given.differences))
    for wrong in (fewer, changed, far, Certificate(given.programme, ()), Certificate("another", given.differences)):
        assert complaints(SMALL, published, wrong)
    moved = published.copy()
    moved[0] += 3
    assert complaints(SMALL, moved, given)
