"""The pages about colleagues: who looks after whom, what each may change, and what comes of it."""

from collections.abc import Callable

import pytest

from helpline.accounts.models import AuditEvent, Role, User
from helpline.lines.actions import set_overflow, staff_line
from helpline.lines.models import Course, Invitation, Line, LineKey, LineKeyWrap, Training
from helpline.workspace import members, staffing
from helpline.workspace.members import NotAllowed
from tests.workspace.conftest import Desk

pytestmark = pytest.mark.django_db
Hire = Callable[..., User]
DeskOf = Callable[[User], Desk]
TUI = {"name": "Tui", "username": "tui", "pseudonym": "Mānuka", "role": "counsellor"}


@pytest.fixture
def kiri(hire: Hire) -> User:
    """The operator."""
    return hire("kiri", Role.OPERATOR)


@pytest.fixture
def elsewhere(hire: Hire) -> Line:
    """Another line, with a supervisor and a counsellor of its own."""
    line = Line.objects.create(slug="elsewhere", name="Elsewhere")
    staff_line(line, [hire("marama", Role.SUPERVISOR), hire("rewi")])
    return line


def names(users: list[members.Row]) -> set[str]:
    return {row.member.username for row in users}


# Who looks after whom


def test_an_operator_looks_after_everybody_and_a_supervisor_after_their_lines(
    line: Line, elsewhere: Line, kiri: User, sunita: User, asha: User
) -> None:
    assert names(members.rows_for(kiri)) == {"asha", "ben", "sunita", "marama", "rewi", "kiri"}
    assert names(members.rows_for(sunita)) == {"asha", "ben", "sunita"}
    assert members.rows_for(asha) == []


@pytest.mark.parametrize(
    ("by", "of", "changes", "ends"),
    [
        ("kiri", "asha", True, True),
        ("kiri", "sunita", True, True),
        ("kiri", "mira", True, True),
        ("kiri", "kiri", False, False),
        ("sunita", "asha", True, True),
        ("sunita", "sunita", False, False),
        ("sunita", "grace", True, False),
    ],
)
def test_who_may_change_and_end_what(
    line: Line, kiri: User, mira: User, hire: Hire, by: str, of: str, changes: bool, ends: bool
) -> None:
    hire("grace", Role.SUPERVISOR)
    user, member = User.objects.get(username=by), User.objects.get(username=of)
    assert (members.may_change(user, member), members.may_end(user, member)) == (changes, ends)


def test_an_account_without_words_never_comes_to_hold_any(
    line: Line, kiri: User, asha: User, mira: User, hire: Hire
) -> None:
    words, others = {Role.COUNSELLOR, Role.SUPERVISOR}, set(Role) - {Role.COUNSELLOR, Role.SUPERVISOR}
    assert set(members.roles_for(kiri, asha)) == words
    assert set(members.roles_for(kiri, mira)) == others
    assert members.roles_for(kiri, kiri) == []
    for role in Role:
        member = hire(f"new-{role}", role)
        for wanted in Role:
            if (wanted in words) != (role in words):
                with pytest.raises(NotAllowed):
                    staffing.change_role(kiri, member, wanted)


def test_only_an_operator_changes_roles(line: Line, sunita: User, asha: User) -> None:
    with pytest.raises(NotAllowed):
        staffing.change_role(sunita, asha, Role.SUPERVISOR)


# Inviting


def test_the_words_are_shown_once(line: Line, kiri: User, desk_of: DeskOf) -> None:
    desk = desk_of(kiri)
    page = desk.client.post("/staff/invitations", {**TUI, "lines": [line.slug], "skills": ["voice"]})
    invitation = Invitation.objects.get()
    assert page.status_code == 200
    assert len(page.context["words"].split()) == 6
    assert page.context["words"] in page.content.decode()
    assert page.context["words"] not in desk.get("/staff/").content.decode()
    assert (invitation.by, invitation.lines, invitation.skills) == (kiri, [line.slug], ["voice"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "asha"}, "Somebody signs in under this name"),
        ({"username": "Tui!"}, "Small letters a to z"),
        ({"lines": []}, "Choose at least one line"),
        ({"role": "queen"}, "not one of the available choices"),
        ({"lines": ["no-line"]}, "not one of the available choices"),
    ],
)
def test_what_was_typed_stays_when_it_is_not_accepted(
    line: Line, kiri: User, asha: User, desk_of: DeskOf, wrong: dict[str, object], said: str
) -> None:
    page = desk_of(kiri).client.post("/staff/invitations", {**TUI, "lines": [line.slug], **wrong})
    assert page.status_code == 400
    assert said in page.content.decode()
    assert 'value="Mānuka"' in page.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("wrong", [{"role": "operator"}, {"role": "auditor"}, {"lines": ["elsewhere"]}, {"lines": []}])
def test_a_supervisor_invites_for_their_own_lines_alone(
    line: Line, elsewhere: Line, sunita: User, desk_of: DeskOf, wrong: dict[str, object]
) -> None:
    desk = desk_of(sunita)
    assert desk.client.post("/staff/invitations", {**TUI, "lines": [line.slug], **wrong}).status_code == 400
    assert desk.client.post("/staff/invitations", {**TUI, "lines": [line.slug]}).status_code == 200


def test_an_invitation_is_taken_back_by_who_sees_it(
    line: Line, elsewhere: Line, sunita: User, kiri: User, desk_of: DeskOf
) -> None:
    own = desk_of(sunita)
    own.client.post("/staff/invitations", {**TUI, "lines": [line.slug]})
    path = f"/staff/invitations/{Invitation.objects.get().code}/withdraw"
    assert desk_of(User.objects.get(username="marama")).client.post(path).status_code == 404
    assert own.client.post(path).status_code == 302
    assert own.client.post(path).status_code == 404
    assert not Invitation.objects.exists()


# Changing


def holders(line: Line, purpose: str) -> set[str]:
    wraps = LineKeyWrap.objects.filter(line_key__line=line, line_key__purpose=purpose)
    return set(wraps.values_list("user__username", flat=True))


def test_who_is_a_supervisor_no_longer_loses_every_supervisor_key(line: Line, kiri: User, sunita: User) -> None:
    staffing.change_role(kiri, sunita, Role.COUNSELLOR)
    assert "sunita" not in holders(line, LineKey.Purpose.SUPERVISOR)
    assert "sunita" in holders(line, LineKey.Purpose.QUEUE)
    event = AuditEvent.objects.get(kind="role_changed")
    assert (event.actor, event.line, event.detail) == (kiri, line.slug, f"{sunita.code}:supervisor>counsellor")


def test_who_leaves_a_line_loses_its_keys_of_every_epoch(
    line: Line, elsewhere: Line, kiri: User, asha: User, desk_of: DeskOf
) -> None:
    desk = desk_of(kiri)
    path = f"/staff/{asha.code}/lines"
    assert desk.client.post(path, {"lines-lines": [line.slug, "elsewhere"]}).status_code == 302
    assert "asha" in holders(line, "queue") & holders(elsewhere, "queue")
    desk.client.post(path, {"lines-lines": ["elsewhere"]})
    assert "asha" not in holders(line, "queue")
    assert "asha" in holders(elsewhere, "queue")
    details = AuditEvent.objects.filter(kind="lines_changed").order_by("pk").values_list("line", "detail")
    assert list(details) == [("elsewhere", f"{asha.code}:on"), (line.slug, f"{asha.code}:off")]


def test_a_supervisor_changes_nothing_on_another_line(
    line: Line, elsewhere: Line, sunita: User, asha: User, desk_of: DeskOf
) -> None:
    staff_line(elsewhere, [asha])
    desk = desk_of(sunita)
    path = f"/staff/{asha.code}/lines"
    assert desk.client.post(path, {"lines-lines": [line.slug, "elsewhere"]}).status_code == 400
    assert desk.client.post(path, {"lines-lines": []}).headers["Location"] == "/staff/"
    assert [each.line for each in asha.memberships.all()] == [elsewhere]
    assert desk.get(f"/staff/{asha.code}/").status_code == 404


def test_a_skill_that_is_lost_takes_the_key_of_the_line_it_was_for(
    line: Line, elsewhere: Line, kiri: User, asha: User, desk_of: DeskOf
) -> None:
    User.objects.filter(pk=asha.pk).update(skills=["nursing"])
    Line.objects.filter(pk=elsewhere.pk).update(required_skills=["nursing"])
    elsewhere.refresh_from_db()
    set_overflow(elsewhere, line)
    assert "asha" in holders(elsewhere, "queue")
    given = {"abilities-pseudonym": "Tī", "abilities-languages": ["en", "mi"], "abilities-skills": ["voice"]}
    assert desk_of(kiri).client.post(f"/staff/{asha.code}/abilities", given).status_code == 302
    asha.refresh_from_db()
    assert (asha.pseudonym, asha.languages, asha.skills) == ("Tī", ["en", "mi"], ["voice"])
    assert "asha" not in holders(elsewhere, "queue")
    assert "asha" in holders(line, "queue")


def test_somebody_speaks_at_least_one_language(line: Line, kiri: User, asha: User, desk_of: DeskOf) -> None:
    page = desk_of(kiri).client.post(f"/staff/{asha.code}/abilities", {"abilities-pseudonym": "Tī"})
    assert page.status_code == 400
    assert "Choose at least one language." in page.content.decode()
    assert 'value="Tī"' in page.content.decode()


def test_nobody_changes_what_is_their_own(line: Line, sunita: User, desk_of: DeskOf) -> None:
    desk = desk_of(sunita)
    assert "This is you." in desk.get(f"/staff/{sunita.code}/").content.decode()
    given = {"abilities-pseudonym": "Queen", "abilities-languages": ["en"]}
    assert desk.client.post(f"/staff/{sunita.code}/abilities", given).status_code == 403
    assert desk.client.post(f"/staff/{sunita.code}/lines", {"lines-lines": []}).status_code == 403
    assert desk.client.post(f"/staff/{sunita.code}/end-access").status_code == 403
    Course.objects.create(slug="induction", name="Induction")
    own = {"training-course": "induction", "training-completed_on": "2026-01-01"}
    assert desk.client.post(f"/staff/{sunita.code}/training", own).status_code == 403
    assert not Training.objects.exists()


# Training


@pytest.mark.parametrize("day", ["2026-01-31", "31/01/2026", "3000-01-01", "", "soon"])
def test_training_is_recorded_with_a_day_that_has_been(
    line: Line, sunita: User, asha: User, desk_of: DeskOf, day: str
) -> None:
    Course.objects.create(slug="induction", name="Induction", months=12)
    desk = desk_of(sunita)
    given = {"training-course": "induction", "training-completed_on": day}
    page = desk.client.post(f"/staff/{asha.code}/training", given)
    is_right = day == "2026-01-31"
    assert page.status_code == (302 if is_right else 400)
    assert Training.objects.filter(user=asha).exists() == is_right
    if not is_right:
        assert f'value="{day}"' in page.content.decode() or not day


def test_a_mistake_is_taken_back(line: Line, sunita: User, asha: User, desk_of: DeskOf) -> None:
    Course.objects.create(slug="induction", name="Induction", months=12)
    desk = desk_of(sunita)
    given = {"training-course": "induction", "training-completed_on": "2026-01-31"}
    desk.client.post(f"/staff/{asha.code}/training", given)
    assert desk.client.post(f"/staff/{asha.code}/training/withdraw", given).status_code == 302
    assert not Training.objects.exists()


def test_the_desk_is_told_what_a_course_takes_away(line: Line, asha: User, desk_of: DeskOf) -> None:
    Course.objects.create(slug="tamariki", name="Talking with tamariki", skills=["young-people"])
    User.objects.filter(pk=asha.pk).update(skills=["young-people"])
    asha.refresh_from_db()
    due = desk_of(asha).get("/training.json").json()["due"]
    assert due == [
        {"course": "Talking with tamariki", "standing": "missing", "on": "", "not_offered": ["young people"]}
    ]


# Courses


def test_an_operator_says_what_needs_which_course(line: Line, kiri: User, desk_of: DeskOf) -> None:
    desk = desk_of(kiri)
    given = {"new-name": "Talking with tamariki", "new-months": "24", "new-skills": ["young-people"]}
    assert desk.client.post("/staff/courses/add", {**given, "new-lines": [line.slug]}).status_code == 302
    course = Course.objects.get()
    line.refresh_from_db()
    assert (course.slug, course.months, course.skills) == ("talking-with-tamariki", 24, ["young-people"])
    assert line.required_courses == [course.slug]
    event = AuditEvent.objects.get(kind="course_set")
    assert (event.actor, event.detail) == (kiri, course.slug)
    again = desk.client.post("/staff/courses/add", given)
    assert again.status_code == 400
    assert "There is a course of that name already" in again.content.decode()
    changed = {f"{course.slug}-name": "Tamariki", f"{course.slug}-months": ""}
    assert desk.client.post(f"/staff/courses/{course.slug}/change", changed).status_code == 302
    course.refresh_from_db()
    line.refresh_from_db()
    assert (course.name, course.months, course.skills, line.required_courses) == ("Tamariki", None, [], [])


@pytest.mark.parametrize("months", ["0", "121", "a year"])
def test_a_term_is_a_number_of_months(kiri: User, desk_of: DeskOf, months: str) -> None:
    page = desk_of(kiri).client.post("/staff/courses/add", {"new-name": "First aid", "new-months": months})
    assert page.status_code == 400
    assert f'value="{months}"' in page.content.decode()
