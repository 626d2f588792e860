"""Setting up a line and letting staff onto it.

A line's private key exists in the clear only while it is made here and while an entitled member of staff holds
it in an unlocked browser; what the database keeps is sealed to each of them.
"""

from django.db import transaction

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
    """Put staff on a new line: make its two keys and wrap each for those entitled to it."""
    LineMembership.objects.bulk_create(LineMembership(line=line, user=user) for user in users)
    for purpose in LineKey.Purpose.values:
        seed = sealing.generate_seed()
        key = LineKey.objects.create(line=line, purpose=purpose, public_key=sealing.public_key_of(seed))
        for user in users:
            if entitled(purpose, user):
                wrap_for(key, seed, user)


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
