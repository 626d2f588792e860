"""The page of keys, and what it and the desk read and post about the roster and the lines' keys."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.models import Role, User
from helpline.conversations.resealing import reseal_to_owner
from helpline.lines import roster, rotation
from helpline.lines.models import Line
from helpline.lines.queries import LineUnknown, get_line
from helpline.routing.queries import get_supervised_for
from helpline.vault.signing import BadSignature
from helpline.workspace import key_forms, vouching
from helpline.workspace.forms import GrantForm, body_of
from helpline.workspace.guards import for_desk, for_supervisors, refuse
from helpline.workspace.pages import for_page, show
from helpline.workspace.words import WORDS

# What may be so in any of these, and the word for it.
REFUSALS: dict[type[Exception], str] = {
    roster.NotASigner: "not_a_signer",
    roster.SamePerson: "same_person",
    roster.Changed: "changed",
    rotation.Stale: "changed",
    BadSignature: "changed",
}


@require_GET
@for_page(Role.COUNSELLOR, Role.SUPERVISOR)
def page(request: HttpRequest, user: User) -> HttpResponse:
    return show(request, user, "workspace/keys.html", {"words": WORDS})


@require_GET
@for_desk
def read_roster(request: HttpRequest, user: User) -> HttpResponse:
    after = request.GET.get("after", "")
    return JsonResponse(vouching.roster_for(user, int(after) if after.isdecimal() else 0))


@require_POST
@for_desk
def keep_pin(request: HttpRequest, user: User) -> HttpResponse:
    form = key_forms.PinForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    roster.keep_pin(user, form.cleaned_data["pin"])
    return JsonResponse({})


@require_POST
@for_desk
def keep_signing_key(request: HttpRequest, user: User) -> HttpResponse:
    form = key_forms.SigningKeyForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        roster.keep_signing_key(user, form.cleaned_data["signing_key"])
    except roster.Changed:
        return refuse("changed")
    return JsonResponse({})


@require_GET
@for_supervisors
def waiting(request: HttpRequest, user: User) -> HttpResponse:
    """All that there is to do on the page of keys."""
    lines, unsealed = vouching.line_keys_for(user), vouching.unsealed_for(user)
    return JsonResponse({**vouching.waiting_for_signatures(user), "lines": lines, "unsealed": unsealed})


@require_POST
@for_supervisors
def sign(request: HttpRequest, user: User) -> HttpResponse:
    form = key_forms.SignForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    try:
        roster.sign(user, form.signed)
    except tuple(REFUSALS) as fact:
        return refuse(REFUSALS[type(fact)])
    return JsonResponse({})


@require_POST
@for_supervisors
def founding(request: HttpRequest, user: User) -> HttpResponse:
    """The two statements that the roster would begin with, for this person to sign."""
    form = key_forms.PartnerForm(body_of(request))
    partner = _supervisor(form.cleaned_data["partner"]) if form.is_valid() else None
    if partner is None:
        return refuse("malformed")
    return JsonResponse({"statements": vouching.founding_statements(user, partner)})


@require_POST
@for_supervisors
def found(request: HttpRequest, user: User) -> HttpResponse:
    form = key_forms.FoundForm(body_of(request))
    partner = _supervisor(form.cleaned_data["partner"]) if form.is_valid() else None
    if partner is None:
        return refuse("malformed")
    try:
        roster.found(user, partner, form.cleaned_data["issued_at"], form.cleaned_data["signatures"])
    except tuple(REFUSALS) as fact:
        return refuse(REFUSALS[type(fact)])
    return JsonResponse({})


@require_GET
@for_supervisors
def line(request: HttpRequest, user: User) -> HttpResponse:
    """What a browser needs to make new keys for a line: ?line=slug."""
    form = key_forms.LineForm(request.GET)
    found = _own_line(user, form.cleaned_data["line"]) if form.is_valid() else None
    return JsonResponse(vouching.rotation_of(found)) if found else refuse("unknown")


@require_POST
@for_supervisors
def stage(request: HttpRequest, user: User) -> HttpResponse:
    form = key_forms.StageForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    found = _own_line(user, form.cleaned_data["line"])
    if found is None:
        return refuse("unknown")
    rotation.stage(user, found, form.cleaned_data["draft"], form.cleaned_data["purpose"], form.by_code)
    return JsonResponse({})


@require_POST
@for_supervisors
def rotate(request: HttpRequest, user: User) -> HttpResponse:
    form = key_forms.RotateForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    found = _own_line(user, form.cleaned_data["line"])
    if found is None:
        return refuse("unknown")
    try:
        rotation.commit(user, found, form.cleaned_data["draft"], form.new_keys)
    except tuple(REFUSALS) as fact:
        return refuse(REFUSALS[type(fact)])
    return JsonResponse({})


@require_POST
@for_supervisors
def reseal(request: HttpRequest, user: User, code: str) -> HttpResponse:
    form = GrantForm(body_of(request))
    if not form.is_valid():
        return refuse("malformed")
    reseal_to_owner(get_supervised_for(user, code), user, form.cleaned_data["grant"])
    return JsonResponse({})


def _supervisor(code: str) -> User | None:
    return User.objects.filter(code=code, role=Role.SUPERVISOR, is_active=True).first()


def _own_line(user: User, slug: str) -> Line | None:
    try:
        found = get_line(slug)
    except LineUnknown:
        return None
    return found if found in vouching.lines_of(user) else None
