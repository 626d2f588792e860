"""What could not be sent by text or mail, and what carriers will write on their bills."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.channels import carriers
from helpline.channels.actions import let_go, send_again
from helpline.channels.queries import DeliveryUnknown, dead_letters_for, months_for
from helpline.workspace.pages import for_page, show

DONE = {"again": send_again, "let_go": let_go}
# What a carrier may say, in words for people; the counsellor reads the same beside their message.
REASONS: dict[str, Promise] = {
    carriers.THROTTLED: gettext_lazy("The carrier takes no more just now."),
    carriers.UNREACHABLE: gettext_lazy("The carrier cannot be reached."),
    carriers.REFUSED: gettext_lazy("The carrier has refused it."),
    carriers.UNKNOWN_ADDRESS: gettext_lazy("No carrier knows this address."),
    carriers.UNREADABLE: gettext_lazy("Nobody can open it any more: a backup was brought back."),
    "undelivered": gettext_lazy("The carrier could not deliver it."),
    "closed": gettext_lazy("The conversation ended before it could be sent."),
    "moved": gettext_lazy("They went on in the web chat before it could be sent."),
    "never": gettext_lazy("They have asked not to be written to."),
    "no_address": gettext_lazy("There is no address any more."),
}


@require_GET
@for_page(Role.SUPERVISOR, Role.OPERATOR)
def texts(request: HttpRequest, user: User) -> HttpResponse:
    return _shown(request, user)


@require_POST
@for_page(Role.SUPERVISOR)
def change(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What somebody else has done meanwhile is said above the list as it stands now."""
    act = DONE.get(request.POST.get("what", ""))
    if act is None:
        return _shown(request, user, _("Please choose again what is to happen to the message."), 400)
    try:
        act(user, code)
    except DeliveryUnknown:
        return _shown(request, user, _("That has changed meanwhile. This is how it stands now."), 404)
    return redirect("texts")


def _shown(request: HttpRequest, user: User, trouble: str = "", status: int = 200) -> HttpResponse:
    letters = [(each, REASONS.get(each.reason, each.reason)) for each in dead_letters_for(user)]
    context = {"trouble": trouble, "letters": letters, "months": months_for(user)}
    return show(request, user, "workspace/texts.html", context, status)
