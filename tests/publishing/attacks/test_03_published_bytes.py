"""Attack 3: compare what was published yesterday with what is published today. A late contact and a rebuild change
nothing; the control is a service that publishes again, and shows the difference."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing import published
from helpline.publishing.actions import Changed, keep_proposal
from helpline.publishing.models import Release
from helpline.publishing.programme import MONTHLY, Cell
from tests.publishing.releases import a_release, sealed, some_values

pytestmark = pytest.mark.django_db
CELL = Cell("contacts.age", ("13-19",))


def one_contact_more() -> list[int]:
    """As the same month would be rounded after a late contact: another draw, one cell higher."""
    values = some_values()
    values[MONTHLY.position[CELL]] += 3
    return values


def test_a_rebuild_after_a_late_contact_changes_nothing(line: Line, sunita: User, mira: User) -> None:
    before = bytes(a_release(line, sunita, mira).sealed)
    with pytest.raises(Changed):
        keep_proposal(line, sealed(line, values=one_contact_more()), {}, is_sound=True)
    assert bytes(Release.objects.get().sealed) == before


def test_control_figures_that_are_revised_tell_of_the_late_contact(
    line: Line, sunita: User, mira: User, hire: Callable[..., User]
) -> None:
    """What nobody has released is prepared anew: two versions side by side differ where the contact was."""
    first = keep_proposal(line, sealed(line), {}, is_sound=True)
    second = keep_proposal(line, sealed(line, values=one_contact_more()), {}, is_sound=True)
    yesterday, today = published.of_proposal(first), published.of_proposal(second)
    assert [cell for cell in today if today[cell] != yesterday[cell]] == [CELL]
