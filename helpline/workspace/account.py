"""A person's own account: in how many browsers it is open, and the way to close it in all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.actions import end_sessions
from helpline.accounts.models import User
from helpline.accounts.queries import browsers_of
from helpline.web.headers import CLEAR, carry
from helpline.workspace.pages import for_page, show


@require_GET
@for_page()
def account(request: HttpRequest, user: User) -> HttpResponse:
    return show(request, user, "workspace/account.html", {"browsers": browsers_of(user)})


@require_POST
@for_page()
def sign_out_everywhere(request: HttpRequest, user: User) -> HttpResponse:
    end_sessions(user)
    response = redirect("shell")
    carry(response, CLEAR)
    return response
