"""Which colleagues somebody looks after, and what of theirs they may change: the rights behind `/staff/`.

An operator looks after everybody and holds no words. A supervisor looks after those who work on their lines. Nobody
changes anything of their own, and an account that holds no words never becomes one that does.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from helpline.accounts.models import Role, User
from helpline.lines import roster
from helpline.lines.models import Invitation, Line, LineKey, LineKeyWrap, LineMembership
from helpline.lines.training import Due, due_of

MANAGERS = (Role.OPERATOR, Role.SUPERVISOR)
WITH_WORDS = (Role.COUNSELLOR, Role.SUPERVISOR)


class MemberUnknown(Exception):
    """There is no such colleague, or they are none of yours."""


class NotAllowed(Exception):
    """This is for somebody else to change."""


@dataclass
class Row:
    """One line of the list."""

    member: User
    lines: list[str] = field(default_factory=list)
    keyless: list[str] = field(default_factory=list)
    """The lines of theirs whose current queue key they have not been given yet."""
    due: list[Due] = field(default_factory=list)
    waits_for_signatures: bool = False


def members_for(user: User) -> QuerySet[User]:
    staff = User.objects.filter(is_active=True).order_by("name", "username")
    if user.role == Role.OPERATOR:
        return staff
    if user.role == Role.SUPERVISOR:
        return staff.filter(pk__in=LineMembership.objects.filter(line__in=lines_for(user)).values("user"))
    return staff.none()


def get_member_for(user: User, code: str) -> User:
    """Raises MemberUnknown."""
    member = members_for(user).filter(code=code).first()
    if member is None:
        raise MemberUnknown
    return member


def lines_for(user: User) -> list[Line]:
    """Those to which this person may bring somebody: all for an operator, their own for a supervisor."""
    lines = Line.objects.all()
    return list(lines if user.role == Role.OPERATOR else lines.filter(memberships__user=user))


def invitations_for(user: User) -> list[Invitation]:
    found = Invitation.objects.select_related("by")
    if user.role != Role.OPERATOR:
        found = found.filter(lines__overlap=[line.slug for line in lines_for(user)])
    return list(found)


def get_invitation_for(user: User, code: str) -> Invitation:
    """Raises MemberUnknown."""
    for invitation in invitations_for(user):
        if invitation.code == code:
            return invitation
    raise MemberUnknown


# Rights


def roles_to_invite(user: User) -> list[Role]:
    return list(Role) if user.role == Role.OPERATOR else list(WITH_WORDS)


def roles_for(user: User, member: User) -> list[Role]:
    """What an operator may make of somebody: with words stays with words, and without stays without."""
    if user.role != Role.OPERATOR or user == member:
        return []
    return [role for role in Role if (role in WITH_WORDS) == member.holds_words]


def may_change(user: User, member: User) -> bool:
    return user != member and (user.role == Role.OPERATOR or member.holds_words)


def may_end(user: User, member: User) -> bool:
    """Whether this person may end that one's access. A supervisor does not end another's: an operator does."""
    return may_change(user, member) and (user.role == Role.OPERATOR or member.role == Role.COUNSELLOR)


# The list


def rows_for(user: User) -> list[Row]:
    """Everybody this person looks after, in a handful of queries."""
    return rows_of(list(members_for(user)))


def rows_of(members: Collection[User]) -> list[Row]:
    due, unsigned = due_of(members), _waiting_for_signatures()
    rows = {
        member.pk: Row(member, due=due[member.pk], waits_for_signatures=member.code in unsigned) for member in members
    }
    keys = set(
        LineKeyWrap.objects.filter(
            user__in=members, line_key__purpose=LineKey.Purpose.QUEUE, line_key__retired_at=None
        ).values_list("user_id", "line_key__line_id")
    )
    works = LineMembership.objects.filter(user__in=members).select_related("line").order_by("line__position")
    for membership in works:
        row = rows[membership.user_id]
        row.lines.append(membership.line.name)
        if row.member.holds_words and (row.member.pk, membership.line_id) not in keys:
            row.keyless.append(membership.line.name)
    return list(rows.values())


def _waiting_for_signatures() -> set[str]:
    """Nobody before the roster is founded, when nobody could sign."""
    return {wanted.statement.subject for wanted in roster.waiting()} if roster.is_founded() else set()
