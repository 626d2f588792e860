"""Taking new words. The browser draws them, and it alone ever knows the old ones or the new."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import User
from helpline.accounts.renewal import ChangedMeanwhile, end_other_sessions, renew_passphrase
from helpline.web.limiter import SIGN_IN, paced
from helpline.workspace.forms import body_of
from helpline.workspace.guards import for_whoever_is_in, refuse
from helpline.workspace.pages import for_page, show
from helpline.workspace.passphrase_forms import NewWordsForm
from helpline.workspace.passphrase_words import WORDS
from helpline.workspace.sign_in import attempts


@require_GET
@for_page(before_own_words=True)
def page(request: HttpRequest, user: User) -> HttpResponse:
    return show(request, user, "workspace/passphrase.html", {"words": WORDS})


@paced(SIGN_IN)
@require_POST
@for_whoever_is_in
def renew(request: HttpRequest, user: User) -> HttpResponse:
    """The old words are asked for: whoever finds an open desk must not take it over. Other browsers are signed out."""
    form = NewWordsForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    if wait := attempts.wait_seconds(user.username):
        return refuse("slow", seconds=wait)
    old, new = form.cleaned_data.pop("secret"), form.cleaned_data
    if not user.check_password(old):
        attempts.failed(user.username)
        return refuse("wrong")
    attempts.succeeded(user.username)
    try:
        renew_passphrase(user, salt=new["salt"], wrapped=new["wrapped"], sign_in_secret=new["new_secret"])
    except ChangedMeanwhile:
        return refuse("taken")
    update_session_auth_hash(request, user)
    end_other_sessions(user, request.session.session_key)
    return JsonResponse({})
