"""What Wagtail's editor is told of this house; it looks for a module of this name."""

from typing import Any

from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from helpline.content.models import ContactNumber, PosterWords


@hooks.register("construct_admin_api")
def have_an_address_for_documents(router: Any) -> None:
    """Wagtail's script is told one whether or not a site has documents; ours has none, and gives it that of pages."""
    router.register_endpoint("documents", PagesAdminAPIViewSet)


class ContactNumbers(SnippetViewSet):
    model = ContactNumber
    icon = "mobile-alt"
    menu_label = "Contact numbers"
    add_to_admin_menu = True
    list_display = ["name", "way", "value", "checked_on"]
    search_fields = ["name", "value"]


class Posters(SnippetViewSet):
    model = PosterWords
    icon = "form"
    menu_label = "Posters"
    add_to_admin_menu = True
    list_display = ["heading", "line", "audience"]
    search_fields = ["heading", "lead"]


register_snippet(ContactNumbers)
register_snippet(Posters)
