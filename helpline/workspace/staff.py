"""`/staff/`: whom one looks after, inviting, changing, recording training, and ending somebody's access."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from helpline.accounts.factors import reset_factors
from helpline.accounts.models import Role, User
from helpline.lines.invitations import InvitationUnknown, NameTaken, invite, withdraw
from helpline.lines.models import Course
from helpline.lines.training import record_training, set_course, take_back_training
from helpline.routing.leaving import held_by
from helpline.workspace import members, staffing
from helpline.workspace.members import MANAGERS, MemberUnknown, NotAllowed, get_member_for
from helpline.workspace.pages import for_page, show
from helpline.workspace.staff_forms import (
    NAME_IS_TAKEN,
    AbilitiesForm,
    CourseForm,
    InvitationForm,
    LinesForm,
    RoleForm,
    TrainingForm,
)

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
SAVED = frozenset({"abilities", "role", "lines", "training", "second-step"})


def for_managers(*roles: Role) -> Callable[[Page[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """For who looks after colleagues. A colleague of others looks like one that does not exist."""

    def decorate(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @for_page(*(roles or MANAGERS))
        @functools.wraps(view)
        def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, user, *args, **kwargs)
            except MemberUnknown:
                return show(request, user, "workspace/staff/unknown.html", status=404)
            except NotAllowed:
                return show(request, user, "workspace/staff/not_yours.html", status=403)

        return guarded

    return decorate


# Everybody


@require_GET
@for_managers()
def staff(request: HttpRequest, user: User) -> HttpResponse:
    context = {"rows": members.rows_for(user), "invitations": members.invitations_for(user)}
    return show(request, user, "workspace/staff/list.html", {**context, "has_courses": user.role == Role.OPERATOR})


# Inviting


@require_GET
@for_managers()
def invitation(request: HttpRequest, user: User) -> HttpResponse:
    return _ask_to_invite(request, user, InvitationForm(user))


@require_POST
@for_managers()
def send_invitation(request: HttpRequest, user: User) -> HttpResponse:
    """The six words are on the answer, and nowhere else ever."""
    form = InvitationForm(user, request.POST)
    if not form.is_valid():
        return _ask_to_invite(request, user, form, 400)
    try:
        made, words = invite(user, **form.cleaned_data)
    except NameTaken:
        form.add_error("username", NAME_IS_TAKEN)
        return _ask_to_invite(request, user, form, 400)
    door = request.build_absolute_uri(reverse("join"))
    return show(request, user, "workspace/staff/invited.html", {"invitation": made, "words": words, "door": door})


def _ask_to_invite(request: HttpRequest, user: User, form: InvitationForm, status: int = 200) -> HttpResponse:
    return show(request, user, "workspace/staff/invite.html", {"form": form}, status)


@require_POST
@for_managers()
def withdraw_invitation(request: HttpRequest, user: User, code: str) -> HttpResponse:
    try:
        withdraw(user, members.get_invitation_for(user, code))
    except InvitationUnknown:
        raise MemberUnknown from None
    return redirect("staff")


# One of them


@require_GET
@for_managers()
def member(request: HttpRequest, user: User, code: str) -> HttpResponse:
    return _show_member(request, user, get_member_for(user, code))


def _show_member(
    request: HttpRequest,
    user: User,
    member: User,
    status: int = 200,
    **bound: AbilitiesForm | RoleForm | LinesForm | Any,
) -> HttpResponse:
    """`bound`: the form that was not accepted, with what was typed."""
    forms = {
        "abilities": AbilitiesForm(member),
        "role": RoleForm(user, member),
        "lines": LinesForm(user, member),
        "training": TrainingForm(),
    }
    context = {
        "member": member,
        "row": members.rows_of([member])[0],
        "training": member.training.select_related("course"),
        "may_change": members.may_change(user, member),
        "may_end": members.may_end(user, member),
        "has_roles": bool(members.roles_for(user, member)),
        "has_courses": Course.objects.exists(),
        "saved": request.GET.get("saved") in SAVED,
        "forms": {**forms, **bound},
    }
    return show(request, user, "workspace/staff/member.html", context, status)


def _saved(member: User, what: str) -> HttpResponse:
    return redirect(f"{reverse('staff-member', args=[member.code])}?saved={what}")


@require_POST
@for_managers()
def set_abilities(request: HttpRequest, user: User, code: str) -> HttpResponse:
    member = get_member_for(user, code)
    form = AbilitiesForm(member, request.POST)
    if not form.is_valid():
        return _show_member(request, user, member, 400, abilities=form)
    staffing.change_abilities(user, member, **form.cleaned_data)
    return _saved(member, "abilities")


@require_POST
@for_managers()
def set_role(request: HttpRequest, user: User, code: str) -> HttpResponse:
    member = get_member_for(user, code)
    if not members.roles_for(user, member):
        raise NotAllowed
    form = RoleForm(user, member, request.POST)
    if not form.is_valid():
        return _show_member(request, user, member, 400, role=form)
    staffing.change_role(user, member, form.cleaned_data["role"])
    return _saved(member, "role")


@require_POST
@for_managers()
def set_lines(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Who takes somebody off their own last line does not look after them any more."""
    member = get_member_for(user, code)
    form = LinesForm(user, member, request.POST)
    if not form.is_valid():
        return _show_member(request, user, member, 400, lines=form)
    staffing.change_lines(user, member, form.chosen)
    is_still_theirs = members.members_for(user).filter(pk=member.pk).exists()
    return _saved(member, "lines") if is_still_theirs else redirect("staff")


@require_POST
@for_managers()
def add_training(request: HttpRequest, user: User, code: str) -> HttpResponse:
    member = get_member_for(user, code)
    form = TrainingForm(request.POST)
    if not form.is_valid():
        return _show_member(request, user, member, 400, training=form)
    staffing.require_change(user, member)
    record_training(user, member, form.cleaned_data["course"], form.cleaned_data["completed_on"])
    return _saved(member, "training")


@require_POST
@for_managers()
def remove_training(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What was recorded by mistake. Taken back before by somebody else, it is taken back."""
    member = get_member_for(user, code)
    staffing.require_change(user, member)
    form = TrainingForm(request.POST)
    if form.is_valid():
        for each in member.training.select_related("user", "course").filter(**form.cleaned_data):
            take_back_training(user, each)
    return _saved(member, "training")


@require_POST
@for_managers()
def reset_second_step(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """For a lost phone. Whoever has their passphrase can then come in: be sure that it is they who asked."""
    member = get_member_for(user, code)
    staffing.require_change(user, member)
    reset_factors(member, user)
    return _saved(member, "second-step")


@require_GET
@for_managers()
def leave(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """What will happen, before it does."""
    member = get_member_for(user, code)
    if not members.may_end(user, member):
        raise NotAllowed
    return show(request, user, "workspace/staff/leave.html", {"member": member, "held": len(held_by(member))})


@require_POST
@for_managers()
def end_access(request: HttpRequest, user: User, code: str) -> HttpResponse:
    member = get_member_for(user, code)
    name, lines = member.name, list(member.memberships.select_related("line"))
    waiting = staffing.end_access(user, member)
    context = {"name": name, "waiting": waiting, "has_keys": bool(lines)}
    return show(request, user, "workspace/staff/left.html", context)


# Courses


@require_GET
@for_managers(Role.OPERATOR)
def courses(request: HttpRequest, user: User) -> HttpResponse:
    return _show_courses(request, user)


def _show_courses(request: HttpRequest, user: User, bound: CourseForm | None = None) -> HttpResponse:
    """`bound`: the form that was not accepted, in its place among the others."""
    forms = [CourseForm(course) for course in Course.objects.all()]
    new = CourseForm()
    if bound is not None and bound.is_new:
        new = bound
    elif bound is not None:
        forms = [bound if form.course == bound.course else form for form in forms]
    context = {"forms": forms, "new": new, "saved": "saved" in request.GET}
    return show(request, user, "workspace/staff/courses.html", context, 400 if bound else 200)


@require_POST
@for_managers(Role.OPERATOR)
def add_course(request: HttpRequest, user: User) -> HttpResponse:
    return _keep_course(request, user, CourseForm(None, request.POST))


@require_POST
@for_managers(Role.OPERATOR)
def change_course(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    course = Course.objects.filter(slug=slug).first()
    if course is None:
        raise MemberUnknown
    return _keep_course(request, user, CourseForm(course, request.POST))


def _keep_course(request: HttpRequest, user: User, form: CourseForm) -> HttpResponse:
    if not form.is_valid():
        return _show_courses(request, user, form)
    set_course(*form.filled(), user)
    return redirect(f"{reverse('staff-courses')}?saved")
