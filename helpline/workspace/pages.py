"""Pages of staff beside the desk: drawn by the server, each with the menu that its reader's role gives."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.accounts.editing import EDITORS
from helpline.accounts.models import Role, User
from helpline.accounts.sessions import note_used
from helpline.engagement.coming import HOSTS
from helpline.engagement.moderating import MODERATORS
from helpline.engagement.queries import SENDERS, WRITERS
from helpline.engagement.questions import ANSWERERS
from helpline.publishing.queries import RELEASERS

P = ParamSpec("P")
PageView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Entry:
    """A page in the menu of the bar, by the name of its route."""

    route: str
    label: Promise | str
    roles: frozenset[Role] = EVERYBODY

    @property
    def for_roles(self) -> str:
        """For the desk's page, which is the same for everybody: its script shows what is for whoever came in."""
        return " ".join(sorted(self.roles))


WORDS = frozenset({Role.COUNSELLOR, Role.SUPERVISOR})
MANAGERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
ACCOUNT = frozenset({Role.AUDITOR, Role.OPERATOR, Role.SUPERVISOR})
ANSWER_WRITERS = frozenset({Role.EDITOR, Role.SUPERVISOR})  # of what counsellors may take into a reply
MENU = (
    Entry("account", _("Your account")),
    Entry("reads", _("Who read your conversations"), WORDS),
    Entry("records", _("Records of contacts"), WORDS),
    Entry("wall", _("Wall"), frozenset({Role.SUPERVISOR})),
    Entry("blocks", _("Blocks"), frozenset({Role.SUPERVISOR})),
    Entry("texts", _("Texts and mails"), MANAGERS),
    Entry("holds", _("Kept by law"), frozenset({Role.SUPERVISOR})),
    Entry("audit", _("What staff did"), ACCOUNT),
    Entry("keys-page", _("Trusted keys"), WORDS),
    Entry("staff", _("Colleagues"), MANAGERS),
    Entry("releases", _("Figures"), RELEASERS),
    Entry("contract", _("Contract reports"), RELEASERS),
    Entry("updates", _("Updates"), WRITERS),
    Entry("posters", _("Posters"), SENDERS),
    Entry("consultations", _("Consultations"), MODERATORS),
    Entry("edit-site", _("Edit the site"), EDITORS),
    Entry("events-hosted", _("Events"), HOSTS),
    Entry("questions", _("Questions"), ANSWERERS),
    Entry("services", _("Services"), frozenset({Role.EDITOR})),
    Entry("ready-answers", _("Ready answers"), ANSWER_WRITERS),
)


def menu_of(user: User) -> list[Entry]:
    return [entry for entry in MENU if user.role in entry.roles]


def show(
    request: HttpRequest, user: User, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    return render(request, template, {"menu": menu_of(user), "me": user, **(context or {})}, status=status)


def for_page(
    *roles: Role, before_own_words: bool = False
) -> Callable[[PageView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Whoever is signed in and has one of these roles; without any named, every role. Others go to the door, or hear
    in a sentence that this page is not for them. Who has to draw words of their own first is led there."""

    def decorate(view: PageView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User):
                return redirect("shell")
            note_used(request.session)
            if request.user.must_draw_words and not before_own_words:
                return redirect("passphrase")
            if roles and request.user.role not in roles:
                return show(request, request.user, "workspace/not_for_you.html", status=403)
            return view(request, request.user, *args, **kwargs)

        return guarded

    return decorate
