"""The contract in the open, written by an operator: looked at first, then published as a new edition."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.lines.models import Line
from helpline.publishing.actions import Changed, publish_contract
from helpline.publishing.contract_facts import NotFacts
from helpline.publishing.models import ContractRecord
from helpline.publishing.queries import contract_editions
from helpline.workspace.open_contract_forms import OpenContractForm, changes
from helpline.workspace.pages import for_page, show


@require_GET
@for_page(Role.OPERATOR)
def listed(request: HttpRequest, user: User) -> HttpResponse:
    return _listed(request, user)


@require_GET
@for_page(Role.OPERATOR)
def one(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    line = _line_of(user, slug)
    if line is None:
        return _gone(request, user)
    newest = contract_editions(line).last()
    return _shown(request, user, line, OpenContractForm(_facts(newest)), newest)


@require_POST
@for_page(Role.OPERATOR)
def change(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """What was typed stays, whatever comes of it."""
    line = _line_of(user, slug)
    if line is None:
        return _gone(request, user)
    newest = contract_editions(line).last()
    form = OpenContractForm(_facts(newest), request.POST)
    if not form.is_valid():
        trouble = _("Something is missing or not right yet; it is marked. Nothing was published.")
        return _shown(request, user, line, form, newest, trouble, 400)
    try:
        written = form.facts()
        if request.POST.get("what") == "publish":
            over = request.POST.get("over", "")
            publish_contract(line, written, by=user, after=int(over) if over.isdecimal() else 0)
            return redirect("open-contract")
    except NotFacts:
        return _shown(request, user, line, form, newest, _("This does not fit together yet."), 400)
    except Changed:
        trouble = _("Somebody published another edition meanwhile. Here is what yours would change in that one.")
        return _shown(request, user, line, OpenContractForm(written), newest, trouble, 409, written)
    return _shown(request, user, line, OpenContractForm(written), newest, looked_at=written)


def _facts(edition: ContractRecord | None) -> dict[str, Any] | None:
    return edition.facts if edition else None


def _line_of(user: User, slug: str) -> Line | None:
    return Line.objects.filter(memberships__user=user, slug=slug).first()


def _shown(
    request: HttpRequest,
    user: User,
    line: Line,
    form: OpenContractForm,
    newest: ContractRecord | None,
    trouble: str = "",
    status: int = 200,
    looked_at: dict[str, Any] | None = None,
) -> HttpResponse:
    """`looked_at`: the facts of which one may say now that they are to be published."""
    number = newest.number if newest else 0
    context: dict[str, Any] = {
        "line": line,
        "form": form,
        "over": request.POST.get("over", number) if looked_at is None else number,  # what was not looked at stays so
        "next": number + 1,
        "changed": None if looked_at is None else changes(_facts(newest), looked_at),
        "trouble": trouble,
    }
    return show(request, user, "workspace/contract/open.html", context, status)


def _gone(request: HttpRequest, user: User) -> HttpResponse:
    return _listed(request, user, _("There is no such line among yours."), 404)


def _listed(request: HttpRequest, user: User, trouble: str = "", status: int = 200) -> HttpResponse:
    lines = Line.objects.filter(memberships__user=user)
    context = {"lines": [(line, contract_editions(line).last()) for line in lines], "trouble": trouble}
    return show(request, user, "workspace/contract/open-list.html", context, status)
