"""One person writes, another publishes: by what Wagtail's own forms send, and by forms of one's own."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision, TaskState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from helpline.accounts.models import Role, User
from helpline.content.models import HomePage, InformationPage
from helpline.lines.bilingual import Language

pytestmark = pytest.mark.django_db

ComeIn = Callable[[User], Client]
DOOR = "helpline.workspace.editing_urls"
PUBLIC = "/support-for-families/"


def written(**more: object) -> dict[str, str]:
    """As Wagtail's form sends it, with *Submit*."""
    given: dict[str, object] = {
        "title": "Support for families",
        "slug": "support-for-families",
        "summary": "",
        "order": "100",
        "body": streamfield([("paragraph", rich_text("<p>Listen first.</p>"))]),
        "action-submit": "action-submit",
        **more,
    }
    sent: dict[str, str] = nested_form_data(given)
    return sent


def submitted(browser: Client, home: HomePage, **more: object) -> InformationPage:
    address = reverse("wagtailadmin_pages:add", DOOR, ["content", "informationpage", home.pk])
    assert browser.post(address, written(**more)).status_code == 302
    return InformationPage.objects.get()


def decide(browser: Client, page: InformationPage, what: str = "approve") -> int:
    state = TaskState.objects.get()
    address = reverse("wagtailadmin_pages:workflow_action", DOOR, [page.pk, what, state.pk])
    return browser.post(address, {"comment": "Shorter, please."}).status_code


def test_what_somebody_else_approves_is_public(
    come_in: ComeIn, home: HomePage, mira: User, rewi: User, client: Client
) -> None:
    page = submitted(come_in(mira), home)
    assert client.get(PUBLIC).status_code == 404
    assert decide(come_in(rewi), page) == 302
    assert "Listen first." in client.get(PUBLIC).content.decode()
    in_te_reo = client.get(f"/mi{PUBLIC}").content.decode()
    assert "Kāore anō kia whakamāoritia" in in_te_reo
    assert "Listen first." in in_te_reo


def test_whoever_wrote_it_does_not_publish_it(come_in: ComeIn, home: HomePage, mira: User, client: Client) -> None:
    """Neither by the review, nor by Wagtail's other ways to publish, nor by changing what waits."""
    browser = come_in(mira)
    page = submitted(browser, home)
    decide(browser, page)
    edit = reverse("wagtailadmin_pages:edit", DOOR, [page.pk])
    browser.post(edit, {**written(), "action-publish": "action-publish"})
    browser.post(edit, {**written(), "action-workflow-action": "true", "workflow-action-name": "approve"})
    browser.post(f"/bulk/wagtailcore/page/publish/?id={page.pk}", {"id": page.pk})
    page.refresh_from_db()
    assert not page.live
    assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS
    assert client.get(PUBLIC).status_code == 404


def test_nobody_publishes_without_a_look(come_in: ComeIn, home: HomePage, rewi: User, client: Client) -> None:
    """Not even at once with the first saving."""
    address = reverse("wagtailadmin_pages:add", DOOR, ["content", "informationpage", home.pk])
    come_in(rewi).post(address, {**written(), "action-publish": "action-publish"})
    assert not InformationPage.objects.filter(live=True).exists()
    assert client.get(PUBLIC).status_code == 404


def test_what_is_given_back_is_not_public(
    come_in: ComeIn, home: HomePage, mira: User, rewi: User, client: Client
) -> None:
    page = submitted(come_in(mira), home)
    decide(come_in(rewi), page, "reject")
    assert TaskState.objects.get().status == TaskState.STATUS_REJECTED
    assert client.get(PUBLIC).status_code == 404


def test_whoever_changes_what_was_given_back_needs_a_third(
    come_in: ComeIn, home: HomePage, mira: User, rewi: User, hire: Callable[..., User]
) -> None:
    """Rewi wrote the last words, and mira asked for the look at them."""
    page = submitted(come_in(mira), home)
    decide(come_in(rewi), page, "reject")
    edit = reverse("wagtailadmin_pages:edit", DOOR, [page.pk])
    assert come_in(rewi).post(edit, written(title="Families")).status_code == 302
    state = TaskState.objects.latest("pk")
    address = reverse("wagtailadmin_pages:workflow_action", DOOR, [page.pk, "approve", state.pk])
    for user, is_live in ((rewi, False), (mira, False), (hire("oscar", Role.OPERATOR), True)):
        come_in(user).post(address)
        page.refresh_from_db()
        assert page.live is is_live
    assert page.title == "Families"


def test_one_person_takes_a_page_away_and_two_bring_it_back(
    come_in: ComeIn, home: HomePage, mira: User, rewi: User, client: Client
) -> None:
    page = submitted(come_in(mira), home)
    address = reverse("wagtailadmin_pages:unpublish", DOOR, [page.pk])
    decide(come_in(rewi), page)
    assert come_in(mira).post(address).status_code == 302
    assert client.get(PUBLIC).status_code == 404
    edit = reverse("wagtailadmin_pages:edit", DOOR, [page.pk])
    come_in(mira).post(edit, {name: each for name, each in written().items() if name != "action-submit"})
    assert client.get(PUBLIC).status_code == 404
    assert come_in(mira).post(edit, written()).status_code == 302
    state = TaskState.objects.latest("pk")
    come_in(rewi).post(reverse("wagtailadmin_pages:workflow_action", DOOR, [page.pk, "approve", state.pk]))
    assert client.get(PUBLIC).status_code == 200


def test_the_first_page_of_a_line_cannot_be_taken_away(
    come_in: ComeIn, home: HomePage, mira: User, client: Client
) -> None:
    come_in(mira).post(reverse("wagtailadmin_pages:unpublish", DOOR, [home.pk]))
    home.refresh_from_db()
    assert home.live


def test_whoever_may_publish_is_shown_that_button_first(
    come_in: ComeIn, home: HomePage, mira: User, rewi: User
) -> None:
    page = submitted(come_in(mira), home)
    edit = reverse("wagtailadmin_pages:edit", DOOR, [page.pk])
    (state,) = TaskState.objects.all()
    address = reverse("wagtailadmin_pages:workflow_action", DOOR, [page.pk, "approve", state.pk])
    menu = come_in(rewi).get(edit).content.decode()
    assert menu.index(f'formaction="{address}"') < menu.index("More actions")
    assert address not in come_in(mira).get(edit).content.decode()


def test_what_is_approved_for_a_time_is_public_then_and_not_before(
    come_in: ComeIn, home: HomePage, mira: User, rewi: User, client: Client
) -> None:
    at = timezone.localtime() + dt.timedelta(days=2)
    page = submitted(come_in(mira), home, go_live_at=f"{at:%Y-%m-%d %H:%M}")
    call_command("publish_due")
    assert client.get(PUBLIC).status_code == 404
    decide(come_in(rewi), page)
    call_command("publish_due")
    assert client.get(PUBLIC).status_code == 404
    past = timezone.now() - dt.timedelta(minutes=1)
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past  # its time has come
    revision.save()
    call_command("publish_due")
    assert "Listen first." in client.get(PUBLIC).content.decode()


def test_a_time_that_nobody_approved_publishes_nothing(
    come_in: ComeIn, home: HomePage, mira: User, client: Client
) -> None:
    soon = timezone.localtime() + dt.timedelta(days=1)
    page = submitted(come_in(mira), home, go_live_at=f"{soon:%Y-%m-%d %H:%M}")
    InformationPage.objects.filter(pk=page.pk).update(go_live_at=timezone.now() - dt.timedelta(minutes=1))
    call_command("publish_due")
    assert client.get(PUBLIC).status_code == 404


def test_a_preview_may_stand_beside_what_is_written_and_nowhere_else(
    come_in: ComeIn, home: HomePage, mira: User, client: Client
) -> None:
    browser = come_in(mira)
    address = reverse("wagtailadmin_pages:preview_on_add", DOOR, ["content", "informationpage", home.pk])
    assert browser.post(address, written()).json() == {"is_valid": True, "is_available": True}
    preview = browser.get(address)
    assert "Listen first." in preview.content.decode()
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe-inline" not in preview.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/about/").headers["Content-Security-Policy"]


def test_an_address_is_made_from_the_title_while_it_is_written(come_in: ComeIn, home: HomePage, mira: User) -> None:
    """Or every new page would be refused for a field on the other tab."""
    address = reverse("wagtailadmin_pages:add", DOOR, ["content", "informationpage", home.pk])
    assert 'data-w-sync-target-value="#id_slug"' in come_in(mira).get(address).content.decode()


def test_a_translation_keeps_the_address_of_its_page(come_in: ComeIn, home: HomePage, mira: User) -> None:
    """By which each is the other in the other language: the address of a new page alone follows its title."""
    browser = come_in(mira)
    english = submitted(browser, home)
    te_reo = english.copy_for_translation(HomePage.objects.get(tongue=Language.TE_REO).locale)
    assert te_reo.slug == english.slug
    follows = {page: "w-sync#apply" in titled(browser, page) for page in (english, te_reo)}
    assert follows == {english: True, te_reo: False}


def titled(browser: Client, page: InformationPage) -> str:
    """The field of its title, as it is edited."""
    shown = browser.get(reverse("wagtailadmin_pages:edit", DOOR, [page.pk])).content.decode()
    found = re.search(r'<(?:input|textarea)[^>]*name="title"[^>]*>', shown)
    assert found
    return found[0]
