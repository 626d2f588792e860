"""Courses: who has done which, and what nobody is offered without them."""

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.lines.actions import account_on_lines
from helpline.lines.models import Course, Line, LineMembership, Training

WARNED_BEFORE = dt.timedelta(days=30)


class Standing(StrEnum):
    DONE = "done"
    SOON = "soon"
    EXPIRED = "expired"
    MISSING = "missing"


@dataclass(frozen=True)
class Due:
    """A course that somebody needs and that is not done, or not for long: `on` is its last day."""

    course: Course
    standing: Standing
    on: dt.date | None
    skills: tuple[str, ...]
    lines: tuple[str, ...]
    """What they are not offered without it: skills of theirs, and the names of lines of theirs."""


@dataclass(frozen=True)
class Gate:
    """What courses take from whom on one day."""

    by_skill: Mapping[str, frozenset[str]]
    by_line: Mapping[int, frozenset[str]]
    done: Mapping[int, frozenset[str]]

    def skills_of(self, user_id: int, skills: Collection[str]) -> frozenset[str]:
        """Those that count."""
        if not self.by_skill:  # the router asks about a thousand people in each step
            return frozenset(skills)
        done = self.done.get(user_id, frozenset())
        return frozenset(skill for skill in skills if self.by_skill.get(skill, frozenset()) <= done)

    def lines_of(self, user_id: int, lines: Collection[int]) -> frozenset[int]:
        """Those on which they may be offered somebody."""
        if not self.by_line:
            return frozenset(lines)
        done = self.done.get(user_id, frozenset())
        return frozenset(line for line in lines if self.by_line.get(line, frozenset()) <= done)


# Reading


def gate(user_ids: Collection[int], on: dt.date | None = None) -> Gate:
    """In two queries where nothing asks for a course, in three where something does."""
    by_skill = _courses_by_skill()
    lines = Line.objects.exclude(required_courses=[], required_skills=[])
    by_line = {line.pk: needed for line in lines if (needed := _needed(line, by_skill))}
    if not by_skill and not by_line:
        return Gate({}, {}, {})
    done: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for user_id, slug in valid_on(on).filter(user__in=user_ids).values_list("user_id", "course__slug"):
        done[user_id] |= {slug}
    return Gate(by_skill, by_line, done)


def needed_on(line: Line) -> frozenset[str]:
    """The courses without which nobody is offered to somebody here: its own, and those of the skills it requires."""
    return _needed(line, _courses_by_skill()) if line.required_courses or line.required_skills else frozenset()


def valid_on(on: dt.date | None = None) -> QuerySet[Training]:
    """What counts on this day; today by the line's clock."""
    day = on or timezone.localdate()
    return Training.objects.filter(Q(expires_on=None) | Q(expires_on__gte=day), completed_on__lte=day)


def due_of(users: Collection[User], on: dt.date | None = None) -> dict[int, list[Due]]:
    """For each of these people, by their number: what they need and have not done, or what runs out within a month."""
    day = on or timezone.localdate()
    courses = {course.slug: course for course in Course.objects.all()}
    needs, lasts = _needs_of(users), _lasts_of(users, day)
    return {
        user.pk: [
            due
            for slug, (skills, lines) in sorted(needs[user.pk].items())
            if slug in courses
            for due in [_due(courses[slug], lasts.get((user.pk, slug)), day, skills, lines)]
            if due.standing != Standing.DONE
        ]
        for user in users
    }


def _due(course: Course, last: dt.date | None, day: dt.date, skills: list[str], lines: list[str]) -> Due:
    if last is None:
        standing = Standing.MISSING
    elif last < day:
        standing = Standing.EXPIRED
    else:
        standing = Standing.SOON if last - day <= WARNED_BEFORE else Standing.DONE
    return Due(course, standing, last, tuple(skills), tuple(lines))


def _needs_of(users: Collection[User]) -> dict[int, dict[str, tuple[list[str], list[str]]]]:
    """By person and course: the skills and lines of theirs that ask for it."""
    by_skill = _courses_by_skill()
    needs: dict[int, dict[str, tuple[list[str], list[str]]]] = {
        user.pk: defaultdict(lambda: ([], [])) for user in users
    }
    for user in users:
        for skill in user.skills:
            for slug in by_skill.get(skill, ()):
                needs[user.pk][slug][0].append(skill)
    for membership in LineMembership.objects.filter(user__in=users).select_related("line"):
        for slug in _needed(membership.line, by_skill):
            needs[membership.user_id][slug][1].append(membership.line.name)
    return needs


def _lasts_of(users: Collection[User], day: dt.date) -> dict[tuple[int, str], dt.date]:
    """By person and course, the last day on which it counts."""
    lasts: dict[tuple[int, str], dt.date] = {}
    done = Training.objects.filter(user__in=users, completed_on__lte=day)
    for user_id, slug, expires_on in done.values_list("user_id", "course__slug", "expires_on"):
        key = (user_id, slug)
        lasts[key] = max(lasts.get(key, dt.date.min), expires_on or dt.date.max)
    return lasts


def _needed(line: Line, by_skill: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """A course that is no longer there is not asked for."""
    return frozenset(line.required_courses).union(*(by_skill.get(skill, frozenset()) for skill in line.required_skills))


def _courses_by_skill() -> dict[str, frozenset[str]]:
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for slug, skills in Course.objects.exclude(skills=[]).values_list("slug", "skills"):
        for skill in skills:
            found[skill] |= {slug}
    return dict(found)


# Changing


@transaction.atomic
def record_training(by: User, user: User, course: Course, completed_on: dt.date) -> Training:
    """That somebody completed a course on a day; said again it is the same, with the term that the course has now."""
    _account(by, user, course.slug)
    last = _months_later(completed_on, course.months) if course.months else None
    training, _ = Training.objects.update_or_create(
        user=user, course=course, completed_on=completed_on, defaults={"expires_on": last}
    )
    return training


@transaction.atomic
def take_back_training(by: User, training: Training) -> None:
    """It was recorded by mistake."""
    _account(by, training.user, f"-{training.course.slug}")
    training.delete()


@transaction.atomic
def set_course(course: Course, lines: Collection[Line], by: User | None = None) -> None:
    """Keep a course, new or changed, and on which lines it is required. Terms already recorded stay as they are."""
    audit(AuditEvent.Kind.COURSE_SET, by, detail=course.slug)
    course.save()
    for line in Line.objects.select_for_update().order_by("pk"):
        is_required, was_required = line in lines, course.slug in line.required_courses
        if is_required != was_required:
            others = [slug for slug in line.required_courses if slug != course.slug]
            line.required_courses = [*others, course.slug] if is_required else others
            line.save(update_fields=["required_courses"])


def _account(by: User, user: User, what: str) -> None:
    lines = Line.objects.filter(memberships__user=user)
    account_on_lines(AuditEvent.Kind.TRAINING_RECORDED, by, list(lines), f"{user.code}:{what}")


def _months_later(day: dt.date, months: int) -> dt.date:
    """The day before the same day so many months on; of a month that is shorter, its last but one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last)) - dt.timedelta(days=1)
