"""Setting up a line and letting staff onto it.

A line's private key exists in the clear only while it is made here and while an entitled member of staff holds
it in an unlocked browser; what the database keeps is sealed to each of them.
"""

from django.db import transaction
from django.utils import timezone

from helpline.accounts.models import Role, User
from helpline.lines.models import Line, LineKey, LineKeyWrap, LineMembership
from helpline.vault import sealing


def entitled(purpose: str, user: User) -> bool:
    """Counsellors and supervisors open the queue; only supervisors hold the supervisor key."""
    if purpose == LineKey.Purpose.SUPERVISOR:
        return user.role == Role.SUPERVISOR
    return user.holds_words


@transaction.atomic
def staff_line(line: Line, users: list[User]) -> None:
    """Put staff on a line and give it fresh keys, wrapped for everybody on it who is entitled to them.

    Fresh each time, since only an unlocked browser can open the keys in use: a newcomer opens what is sealed from
    now on, and those who were there also what was sealed before.
    """
    Line.objects.select_for_update().get(pk=line.pk)
    LineMembership.objects.bulk_create((LineMembership(line=line, user=user) for user in users), ignore_conflicts=True)
    members = User.objects.filter(memberships__line=line, is_active=True)
    for purpose in LineKey.Purpose.values:
        seed = sealing.generate_seed()
        key = _next_key(line, purpose, sealing.public_key_of(seed))
        for user in members:
            if entitled(purpose, user):
                wrap_for(key, seed, user)


def _next_key(line: Line, purpose: str, public_key: bytes) -> LineKey:
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
