"""How a page of an editor's is found: by its old address, and by who looks for all addresses."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from helpline.content.models import HomePage, InformationPage
from helpline.content.queries import Moved, moved_to
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

pytestmark = pytest.mark.django_db

Publish = Callable[..., InformationPage]


def test_an_old_address_leads_to_where_its_page_is_now(publish: Publish, client: Client) -> None:
    page = publish("Rights", "rights")
    Redirect.add_redirect("/your-rights/", page)
    Redirect.add_redirect("/for-now/", page, is_permanent=False)
    for old, new, status in (
        ("/your-rights/", "/rights/", 301),
        ("/your-rights", "/rights/", 301),
        ("/mi/your-rights/", "/mi/rights/", 301),
        ("/for-now/", "/rights/", 302),
    ):
        answer = client.get(old, follow=False)
        assert (answer.status_code, answer.headers.get("Location")) == (status, new), old
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_leads_to_nothing_that_nobody_looked_at(publish: Publish, client: Client) -> None:
    """Neither elsewhere, nor to a draft, nor below one."""
    draft = publish("Draft", "draft", live=False)
    below = InformationPage(title="Below", slug="below", locale=draft.locale)
    draft.add_child(instance=below)
    for name, page in (("a", draft), ("b", below), ("c", "https://example.org/")):
        Redirect.add_redirect(f"/old-{name}/", page)
        assert client.get(f"/old-{name}/").status_code == 404, name


def test_another_lines_page_is_not_led_to(publish: Publish, line: Line) -> None:
    Redirect.add_redirect("/your-rights/", publish("Rights", "rights"))
    other = Line.objects.create(slug="other", name="Other")
    assert moved_to(line, Language.ENGLISH, "/your-rights/") == Moved("/rights/", is_for_good=True)
    assert moved_to(other, Language.ENGLISH, "/your-rights/") is None


def test_the_sitemap_has_each_page_in_the_languages_it_is_written_in(
    publish: Publish, home: HomePage, line: Line, client: Client
) -> None:
    rights = publish("Rights", "rights")
    publish("Only English", "only-english")
    publish("Draft", "draft", live=False)
    te_reo = HomePage.objects.get(line=line, tongue=Language.TE_REO)
    publish("Ō tika", "tika", te_reo, translation_key=rights.translation_key)
    found = client.get("/sitemap.xml", headers={"host": "localhost"}).content.decode()
    assert found.count("<loc>http://localhost/rights/</loc>") == 1
    assert 'hreflang="mi" href="http://localhost/mi/tika/"' in found
    assert "<loc>http://localhost/only-english/</loc>" in found
    assert "/mi/only-english/" not in found
    assert "draft" not in found
