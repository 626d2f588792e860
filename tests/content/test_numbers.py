"""Contact numbers: whoever edits sees which were not checked for long, and notes that they were."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpline.accounts.models import User
from helpline.content.models import ContactNumber
from helpline.content.models.numbers import STALE_AFTER

pytestmark = pytest.mark.django_db

DOOR = "helpline.workspace.editing_urls"
WARNING = "Nobody checked it for three months. Please try it."


@pytest.fixture
def numbers(db: None) -> list[ContactNumber]:
    """One whose day has come, and one that has a day left."""
    old = timezone.localdate() - STALE_AFTER
    facts = [("old", old - dt.timedelta(days=1)), ("fresh", old)]
    return [
        ContactNumber.objects.create(slug=name, name=name.title(), value="0800 000 000", checked_on=on)
        for name, on in facts
    ]


def test_what_nobody_checked_for_long_is_marked_until_somebody_does(
    come_in: Callable[[User], Client], mira: User, numbers: list[ContactNumber]
) -> None:
    browser = come_in(mira)
    listed = reverse("wagtailsnippets_content_contactnumber:list", DOOR)
    page = browser.get(listed).content.decode()
    assert page.count(WARNING) == 1
    assert page.index("Old") < page.index(WARNING) < page.index("Fresh")
    old, fresh = numbers
    address = reverse("wagtail_bulk_action", DOOR, ["content", "contactnumber", "checked_today"])
    asked = f"{address}?id={old.pk}&next={listed}"
    assert "Old: 0800 000 000" in browser.get(asked).content.decode()
    assert browser.post(asked).status_code == 302
    page = browser.get(listed).content.decode()
    assert WARNING not in page
    assert "One number was checked today." in page
    old.refresh_from_db()
    assert old.checked_on == timezone.localdate()
    assert ContactNumber.objects.get(pk=fresh.pk).checked_on < timezone.localdate()
