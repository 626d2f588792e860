"""What Wagtail's editor is told of this house; it looks for a module of this name."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from helpline.content.actions import note_checked
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
    list_display = ["name", "way", "value", "checked_on", "is_to_be_checked"]
    ordering = ["checked_on", "name"]  # what nobody tried for longest comes first
    search_fields = ["name", "value"]


@hooks.register("register_bulk_action")
class CheckedToday(SnippetBulkAction):
    models: ClassVar[list[type[ContactNumber]]] = [ContactNumber]
    display_name = _("Checked today")
    action_type = "checked_today"
    aria_label = _("Note that the chosen numbers were checked today")
    template_name = "content/editing/checked-today.html"
    action_priority = 10

    def check_perm(self, obj: ContactNumber) -> bool:
        return bool(self.permission_policy.user_has_permission_for_instance(self.request.user, "change", obj))

    @classmethod
    def execute_action(cls, objects: list[ContactNumber], **kwargs: Any) -> tuple[int, int]:
        return note_checked(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        said = ngettext("One number was checked today.", "%(count)s numbers were checked today.", num_parent_objects)
        return said % {"count": num_parent_objects}


class Posters(SnippetViewSet):
    model = PosterWords
    icon = "form"
    menu_label = "Posters"
    add_to_admin_menu = True
    list_display = ["heading", "line", "audience"]
    search_fields = ["heading", "lead"]


register_snippet(ContactNumbers)
register_snippet(Posters)
