"""Setting up a line, letting staff onto it, and letting other lines' staff help out.

A line's private key exists in the clear only while it is made here and while an entitled member of staff holds
it in an unlocked browser; what the database keeps is sealed to each of them.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import Role, User
from helpline.lines import roster
from helpline.lines.hours import Week
from helpline.lines.models import Line, LineKey, LineKeyWrap, LineMembership, OpeningHours, Overflow
from helpline.lines.queries import could_help_out
from helpline.vault import sealing


def entitled(purpose: str, user: User) -> bool:
    """Counsellors and supervisors open the queue; only supervisors hold the supervisor key."""
    if purpose == LineKey.Purpose.SUPERVISOR:
        return user.role == Role.SUPERVISOR
    return user.holds_words


@transaction.atomic
def staff_line(line: Line, users: list[User]) -> None:
    """Put staff on a line and renew its keys, and those of the lines on which its staff help out.

    Once the roster is founded it renews nothing: newcomers are vouched for first, and then a supervisor's browser
    makes the keys (rotation.py).
    """
    helped = list(Line.objects.filter(overflows__to=line))
    lock_lines(line, *helped)
    LineMembership.objects.bulk_create((LineMembership(line=line, user=user) for user in users), ignore_conflicts=True)
    for each in (line, *helped):
        renew_keys(each)


@transaction.atomic
def set_overflow(line: Line, to: Line, after_seconds: int = 60) -> None:
    """Let staff of `to` help out on `line` after a wait of so many seconds, and give them its queue key."""
    lock_lines(line)
    Overflow.objects.update_or_create(line=line, to=to, defaults={"after_seconds": after_seconds})
    renew_keys(line)


@transaction.atomic
def end_overflow(line: Line, to: Line) -> None:
    """Those who helped out open nothing that is sealed from now on."""
    lock_lines(line)
    if Overflow.objects.filter(line=line, to=to).delete()[0]:
        renew_keys(line)


@transaction.atomic
def renew_keys_of_helper(user: User) -> None:
    """Somebody has learnt a skill, or lost one: renew the keys of the lines on which their colleagues help out."""
    helped = list(Line.objects.filter(overflows__to__memberships__user=user).distinct())
    lock_lines(*helped)
    for line in helped:
        renew_keys(line)


@transaction.atomic
def drop_keys(user: User) -> None:
    """Erase the line keys that somebody is no longer entitled to, those of earlier epochs with them.

    That new ones are due then is `rotation.due_on`'s to say.
    """
    helped = {line.pk for line in Line.objects.all() if could_help_out(line).filter(pk=user.pk).exists()}
    own = Q(line_key__line__memberships__user=user) if user.is_active else Q(pk__in=[])
    kept = own | Q(line_key__line__in=helped, line_key__purpose=LineKey.Purpose.QUEUE)
    purposes = [purpose for purpose in LineKey.Purpose.values if entitled(purpose, user)]
    rightful = LineKeyWrap.objects.filter(kept, user=user, line_key__purpose__in=purposes)
    LineKeyWrap.objects.filter(user=user).exclude(pk__in=rightful.values("pk")).delete()


@transaction.atomic
def renew_keys(line: Line) -> None:
    """Make them here while the system is set up; once the roster is founded a supervisor's browser does (rotation.py).

    From then on nobody's browser would seal to a key that the server has made: `rotation.due_on` says that new ones
    are due.
    """
    if not roster.is_founded():
        make_keys(line)


@transaction.atomic
def make_keys(line: Line) -> None:
    """Fresh keys, wrapped for everybody on the line who is entitled to them, and the queue's for its helpers.

    Fresh each time, since only an unlocked browser can open the keys in use: a newcomer opens what is sealed from
    now on, and those who were there also what was sealed before.
    """
    lock_lines(line)
    line.refresh_from_db()
    members = list(User.objects.filter(memberships__line=line, is_active=True))
    for purpose in LineKey.Purpose.values:
        seed = sealing.generate_seed()
        key = next_key(line, purpose, sealing.public_key_of(seed))
        helpers = could_help_out(line) if purpose == LineKey.Purpose.QUEUE else []
        holders = [user for user in [*members, *helpers] if entitled(purpose, user)]
        for user in holders:
            wrap_for(key, seed, user)
        key.wrapped_for = len(holders)
        key.save(update_fields=["wrapped_for"])


@transaction.atomic
def set_opening_hours(line: Line, week: Week) -> None:
    """Replace a line's hours; none at all means that it never closes."""
    lock_lines(line)
    line.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(line=line, weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in week
    )


@transaction.atomic
def require_skills(line: Line, skills: list[str]) -> None:
    """Whoever answers has all of these; who helps out without them opens nothing that is sealed from now on."""
    line.required_skills = skills
    line.save(update_fields=["required_skills"])
    renew_keys(line)


def account_on_lines(kind: str, actor: User | None, lines: Collection[Line], detail: str) -> None:
    """Once for each line that it is about, so that the supervisors of each can see it; once where there is none."""
    for line in lines:
        audit(kind, actor, line=line, detail=detail)
    if not lines:
        audit(kind, actor, detail=detail)


def lock_lines(*lines: Line) -> None:
    """Two renewals at once would make two current keys. In one order, so that nobody waits in a circle."""
    list(Line.objects.select_for_update().filter(pk__in=[line.pk for line in lines]).order_by("pk"))


def next_key(line: Line, purpose: str, public_key: bytes) -> LineKey:
    before = LineKey.objects.filter(line=line, purpose=purpose).order_by("epoch").last()
    LineKey.objects.filter(line=line, purpose=purpose, retired_at=None).update(retired_at=timezone.now())
    epoch = before.epoch + 1 if before else 1
    return LineKey.objects.create(line=line, purpose=purpose, epoch=epoch, public_key=public_key)


def wrap_for(key: LineKey, seed: bytes, user: User) -> LineKeyWrap:
    """Seal a line key to one member of staff."""
    return LineKeyWrap.objects.create(
        line_key=key,
        user=user,
        sealed=sealing.seal_line_key(
            bytes(user.public_key),
            seed,
            line_slug=key.line.slug,
            purpose=key.purpose,
            epoch=key.epoch,
            user_code=user.code,
        ),
    )


@transaction.atomic
def keep_words_for(line: Line, days: int | None, channel: str = "") -> None:
    """From the next run on, also for what has ended before; None: as everywhere else. `channel` empty: on any other."""
    if days is None:
        line.retention_rules.filter(channel=channel).delete()
    else:
        line.retention_rules.update_or_create(channel=channel, defaults={"words_days": days})
