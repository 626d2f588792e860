"""The board, and what a supervisor does from it besides being in a conversation (`supervision.py`)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.conversations.actions import keep_queue_grant
from helpline.routing.actions import NotAllowed, set_max_capacity
from helpline.routing.locks import NoHandFree
from helpline.routing.queries import get_supervised_for
from helpline.workspace import actions, forms, queries
from helpline.workspace.board import Boards, lines_supervised_by
from helpline.workspace.guards import for_supervisors, refuse

boards = Boards()


@require_GET
@for_supervisors
def show_board(request: HttpRequest, user: User) -> HttpResponse:
    """204 for a page that has this version. `Board-Age` (ms): news since is not in it, so the page asks once more."""
    board = boards.look(lines_supervised_by(user))
    if request.headers.get("X-Have") == board.version:
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(board.body, content_type="application/json", headers={"Content-Encoding": "gzip"})
    response["Board-Age"] = str(round(1000 * board.age))
    return response


@require_POST
@for_supervisors
def key(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """The supervisors' grant, to be sealed on to somebody else; without a word of the conversation. Audited."""
    conversation = get_supervised_for(user, code)
    return JsonResponse(
        {
            "line": conversation.line.slug,
            "supervisor_grant": actions.open_key_for(user, conversation),
            "colleagues": queries.colleagues(user, conversation),
        }
    )


@require_POST
@for_supervisors
def reassign(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = forms.TransferForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    conversation = get_supervised_for(user, code)
    taker = queries.get_colleague_for(user, conversation, form.cleaned_data["to"])
    if taker is None:
        return refuse("not_free")
    try:
        actions.reassign(user, conversation, taker, form.cleaned_data["grant"])
    except (NotAllowed, NoHandFree):
        return refuse("not_free")
    return JsonResponse({})


@require_POST
@for_supervisors
def regrant(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """A key for whoever is on duty, where the person's page is not there to make one."""
    form = forms.GrantForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    keep_queue_grant(get_supervised_for(user, code), form.cleaned_data["grant"])
    return JsonResponse({})


@require_POST
@for_supervisors
def close_for(request: HttpRequest, user: User, code: str) -> HttpResponse:
    actions.close_for(user, get_supervised_for(user, code))
    return JsonResponse({})


@require_POST
@for_supervisors
def capacity(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = forms.MostForm(forms.body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    colleague = queries.get_supervised_colleague(user, code)
    if colleague is None:
        return refuse("unknown")
    set_max_capacity(user, colleague, form.cleaned_data["most"])
    return JsonResponse({})
