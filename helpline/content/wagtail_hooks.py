"""What Wagtail's editor is told of this house; it looks for a module of this name."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.ui.components import Component
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from helpline.content.actions import note_checked
from helpline.content.models import ContactNumber, PosterWords
from helpline.content.models.review import is_somebody_else


@hooks.register("construct_admin_api")
def have_an_address_for_documents(router: Any) -> None:
    """Wagtail's script is told one whether or not a site has documents; ours has none, and gives it that of pages."""
    router.register_endpoint("documents", PagesAdminAPIViewSet)


class Publish(Component):
    """The second look, from the page itself: what waits is locked, and Wagtail would show no way on but *Cancel*."""

    template_name = "content/editing/publish.html"

    def __init__(self, address: str) -> None:
        self._address = address

    def get_context_data(self, parent_context: Any) -> dict[str, str]:
        return {"address": self._address}


@hooks.register("construct_page_action_menu")
@hooks.register("construct_snippet_action_menu")
def begin_with_publishing(items: list[Any], request: Any, context: dict[str, Any]) -> None:
    """For whoever may give the second look, and for nobody else."""
    written = context.get("page") or context.get("instance")
    state = getattr(written, "current_workflow_task_state", None)
    if written is None or state is None or not is_somebody_else(state, request.user):
        return
    name = "wagtailadmin_pages:workflow_action"
    if isinstance(written, PosterWords):
        name = written.snippet_viewset.get_url_name("workflow_action")
    items.insert(0, Publish(reverse(name, args=[written.pk, "approve", state.pk])))


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
