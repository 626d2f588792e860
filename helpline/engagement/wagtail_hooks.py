"""What Wagtail's editor is told of consultations; it looks for a module of this name."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from helpline.engagement.consulted import has_answers_below


@hooks.register("before_delete_page")  # type: ignore[untyped-decorator]  # Wagtail has no types
def keep_what_was_said(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A page that people have answered to stays: it can be unpublished, and its result with it."""
    if request.method != "POST" or not has_answers_below(page.path):
        return None
    messages.error(request, _("People have answered to it, so that it stays. You can take it off the site instead."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]  # Wagtail has no types
def keep_what_was_said_to_any(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> HttpResponse | None:
    """The same for several at once."""
    if action_type != "delete" or not any(has_answers_below(getattr(each, "path", "none")) for each in objects):
        return None
    messages.error(request, _("People have answered to one of them, so that all of them stay."))
    return redirect("wagtailadmin_home")
