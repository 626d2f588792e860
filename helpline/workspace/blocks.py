"""The supervisors' list of blocks: each is looked at, lifted, or made longer by two people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.routing import blocks
from helpline.routing.blocks import BlockUnknown, SecondPersonNeeded, blocks_for, get_block_for
from helpline.routing.models import Block
from helpline.workspace.forms import BlockForm
from helpline.workspace.pages import for_page, show


@require_GET
@for_page(Role.SUPERVISOR)
def list_blocks(request: HttpRequest, user: User) -> HttpResponse:
    return _shown(request, user)


@require_POST
@for_page(Role.SUPERVISOR)
def change(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What can no longer be done, or takes somebody else, is said above the list as it stands now."""
    form = BlockForm(request.POST)
    if not form.is_valid():
        return _shown(request, user, _("Please choose again what is to happen to the block."), 400)
    try:
        _do(user, get_block_for(user, code), **form.cleaned_data)
    except BlockUnknown:
        return _shown(request, user, _("That has changed meanwhile. This is how it stands now."), 404)
    except SecondPersonNeeded:
        return _shown(request, user, _("That takes another person: you made it, or asked for it, yourself."), 409)
    return redirect("blocks")


def _do(user: User, block: Block, *, what: str, days: int | None) -> None:
    if what == "longer":
        blocks.ask_longer(user, block, days or 0)
    else:
        {"review": blocks.review_block, "lift": blocks.lift_block, "agree": blocks.agree_to_longer}[what](user, block)


def _shown(request: HttpRequest, user: User, trouble: str = "", status: int = 200) -> HttpResponse:
    found = list(blocks_for(user))
    context = {
        "trouble": trouble,
        "to_review": [each for each in found if each.reviewed_by is None],
        "reviewed": [each for each in found if each.reviewed_by],
        "longer": BlockForm.DAYS[1:],
    }
    return show(request, user, "workspace/blocks.html", context, status)
