"""The account of what staff did: for auditors and operators whole, for supervisors of their lines, and for each
counsellor who else has read their conversations.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from helpline.accounts.actions import audit_read
from helpline.accounts.chain import head
from helpline.accounts.models import AuditEvent, Role, User
from helpline.vault.codes import b64url_encode
from helpline.workspace.accounted import PAGE, events_for, reads_of, shown
from helpline.workspace.forms import AuditForm
from helpline.workspace.pages import for_page, show

READERS = (Role.AUDITOR, Role.OPERATOR, Role.SUPERVISOR)


@require_GET
@for_page(*READERS)
def audit(request: HttpRequest, user: User) -> HttpResponse:
    """The newest first. What was typed stays in the form, also where it is no date or no code."""
    audit_read(AuditEvent.Kind.AUDIT_READ, user)
    end, form = head(), AuditForm(request.GET)
    is_sound, page = form.is_valid(), form.cleaned_data.get("page") or 1
    events = events_for(user, form.cleaned_data) if is_sound else AuditEvent.objects.none()
    found = list(events[(page - 1) * PAGE : page * PAGE + 1])
    context = {"form": form, "events": shown(found[:PAGE]), "page": page, "has_more": len(found) > PAGE}
    return show(request, user, "workspace/audit.html", {**context, "head": end, "head_text": b64url_encode(end.hash)})


@require_GET
@for_page(Role.COUNSELLOR, Role.SUPERVISOR)
def reads(request: HttpRequest, user: User) -> HttpResponse:
    return show(request, user, "workspace/reads.html", {"events": shown(reads_of(user))})
