"""Being invited, coming in by a mailed link and a second step, and going."""

import datetime as dt
import secrets
import time
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.directory.models import Organization
from helpline.portal.models import PortalInvitation, PortalSession, Representation, Representative, SignInLink
from helpline.portal.queries import InvitationUnknown, get_invitation, hash_words
from helpline.vault import tombstones, totp
from helpline.vault.codes import Malformed, b64url_decode, b64url_encode, hash_capability
from helpline.vault.sealing import CannotOpen
from helpline.vault.words import draw_words

INVITATION_GOOD_FOR = dt.timedelta(days=7)
INVITATION_WORDS = 6  # 76 bits, for a week
LINK_MINUTES = 15
ON_THE_WAY = dt.timedelta(minutes=10)  # long enough to find one's phone, or to set one up
GOOD_FOR = dt.timedelta(hours=2)  # from signing in, however much it is used: entries are seldom at hand for longer
# Of one representative: a stranger who asks in their name again and again fills no mailbox, and would have to go on
# for as long as they want to keep them out. Fewer would make that easy.
LINKS_AT_ONCE = 20
TOKEN_BYTES = 32


class LinkUnknown(Exception):
    """It was used, is over, or never was."""


class AnotherBrowser(Exception):
    """The link works in the browser only that asked for it; it is not used up."""


class WrongCode(Exception):
    """Not the code of this moment, or one that has been used."""


class AppUnreadable(Exception):
    """The server's key for second factors is lost or another one: an editor has to reset the second step."""


# Invitations


@transaction.atomic
def invite(by: User, organization: Organization, name: str, email: str) -> tuple[PortalInvitation, str]:
    """Ask somebody to keep an organization's entries; returns the invitation and its words, which are kept nowhere."""
    end_lapsed()
    words = draw_words(INVITATION_WORDS)
    invitation = PortalInvitation.objects.create(
        words_hash=hash_words(words),
        organization=organization,
        name=name,
        email=email.lower(),
        expires_at=timezone.now() + INVITATION_GOOD_FOR,
    )
    audit(AuditEvent.Kind.SERVICE_INVITED, by, detail=invitation.code)
    return invitation, words


@transaction.atomic
def withdraw_invitation(by: User, invitation: PortalInvitation) -> None:
    """Taken back or taken up meanwhile is no error: its words lead nowhere either way."""
    if PortalInvitation.objects.filter(pk=invitation.pk).delete()[0]:
        audit(AuditEvent.Kind.SERVICE_INVITATION_WITHDRAWN, by, detail=invitation.code)


@transaction.atomic
def take_up(words: str) -> Representative:
    """Whoever has the words; that the mailbox is theirs, the link shows next. Raises InvitationUnknown."""
    invitation = get_invitation(words)
    if not PortalInvitation.objects.filter(pk=invitation.pk).delete()[0]:
        raise InvitationUnknown  # somebody else was quicker
    representative, _ = Representative.objects.get_or_create(email=invitation.email, defaults={"name": invitation.name})
    Representation.objects.get_or_create(representative=representative, organization_id=invitation.organization_id)
    return representative


# Coming in


@transaction.atomic
def new_link(representative: Representative, browser: str) -> str | None:
    """The secret of a link, to be mailed, for the browser that has this cookie.

    None while they have several that still work, or if they are invented and this is no demonstration.
    """
    end_lapsed()
    if representative.is_demonstration and not settings.DEMONSTRATION:
        return None
    Representative.objects.select_for_update().get(pk=representative.pk)
    if representative.links.count() >= LINKS_AT_ONCE:
        return None
    token = secrets.token_bytes(TOKEN_BYTES)
    SignInLink.objects.create(
        token_hash=hash_capability(token),
        representative=representative,
        browser_hash=hash_capability(browser.encode()),
        expires_at=timezone.now() + dt.timedelta(minutes=LINK_MINUTES),
    )
    return b64url_encode(token)


@transaction.atomic
def use_link(token: str, browser: str) -> tuple[PortalSession, str]:
    """The first step; returns the session of somebody on the way, and its cookie. Raises LinkUnknown, AnotherBrowser.

    Whoever asks for a link in somebody else's name gets nothing by having them press its button.
    """
    try:
        links = SignInLink.objects.filter(token_hash=hash_capability(b64url_decode(token)))
    except Malformed:
        raise LinkUnknown from None
    link = links.filter(expires_at__gt=timezone.now()).select_related("representative").first()
    if link and bytes(link.browser_hash) != hash_capability(browser.encode()):
        raise AnotherBrowser
    if link is None or not SignInLink.objects.filter(pk=link.pk).delete()[0]:
        raise LinkUnknown
    return _new_session(link.representative, ON_THE_WAY)


def offer_app(session: PortalSession) -> bytes:
    """A secret for an app, to whoever has none yet: the same one however often the page is loaded."""
    representative = session.representative
    with suppress(CannotOpen):  # sealed under a key that is another one now: a new secret, then
        if session.offered_app is not None:
            return totp.open_secret(bytes(session.offered_app), representative.code)
    secret = totp.new_secret()
    session.offered_app = totp.seal_secret(secret, representative.code)
    session.save(update_fields=["offered_app"])
    return secret


@transaction.atomic
def pass_second_step(session: PortalSession, typed: str, now: float | None = None) -> tuple[PortalSession, str]:
    """In, with a new cookie: what was known on the way opens nothing. Raises WrongCode, AppUnreadable, LinkUnknown."""
    representative = Representative.objects.select_for_update().get(pk=session.representative_id)
    sealed = session.offered_app if representative.app is None else representative.app
    if sealed is None:
        raise WrongCode
    secret = _open(bytes(sealed), representative)
    code = "".join(each for each in typed if each.isdigit())
    step = totp.matching_step(secret, code, time.time() if now is None else now, after=representative.last_step)
    if step is None:
        raise WrongCode
    Representative.objects.filter(pk=representative.pk).update(app=sealed, last_step=step)
    if not PortalSession.objects.filter(pk=session.pk).delete()[0]:
        raise LinkUnknown
    return _new_session(representative, GOOD_FOR, is_in=True)


def _open(sealed: bytes, representative: Representative) -> bytes:
    try:
        return totp.open_secret(sealed, representative.code)
    except CannotOpen:
        raise AppUnreadable from None


def new_browser() -> str:
    """A cookie that says nothing but that it is the same browser."""
    return b64url_encode(secrets.token_bytes(TOKEN_BYTES))


def _new_session(
    representative: Representative, good_for: dt.timedelta, *, is_in: bool = False
) -> tuple[PortalSession, str]:
    token = secrets.token_bytes(TOKEN_BYTES)
    session = PortalSession.objects.create(
        token_hash=hash_capability(token),
        representative=representative,
        is_in=is_in,
        used_hour=_hour(),
        expires_at=timezone.now() + good_for,
    )
    return session, b64url_encode(token)


def note_used(session: PortalSession) -> None:
    """To the hour, and so written once an hour."""
    if session.used_hour != _hour():
        PortalSession.objects.filter(pk=session.pk).update(used_hour=_hour())


def _hour() -> dt.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def unused_code_of(representative: Representative, now: float | None = None) -> str | None:
    """What the app of somebody invented would show, for the door of a demonstration. Raises AppUnreadable."""
    if representative.app is None:
        return None
    secret = _open(bytes(representative.app), representative)
    return totp.unused_code(secret, time.time() if now is None else now, after=representative.last_step)


# Going


def end_session(session: PortalSession) -> None:
    PortalSession.objects.filter(pk=session.pk).delete()


def end_session_of(representative: Representative, code: str) -> None:
    """One of theirs; one that has ended by itself meanwhile is no error."""
    representative.sessions.filter(code=code).delete()


def end_sessions(representative: Representative) -> None:
    representative.sessions.all().delete()
    representative.links.all().delete()


@transaction.atomic
def reset_second_step(by: User, representative: Representative) -> None:
    """For a lost phone: the next link leads to setting up another app. Be sure that it is they who asked."""
    end_sessions(representative)
    Representative.objects.filter(pk=representative.pk).update(app=None, last_step=0)
    audit(AuditEvent.Kind.REPRESENTATIVE_RESET, by, detail=representative.code)


@transaction.atomic
def end_access(by: User, representative: Representative) -> None:
    """They are gone, with all that was kept of them; what they changed stays, in their organization's name."""
    code = representative.code
    Representative.objects.filter(pk=representative.pk).delete()
    tombstones.bury(code)  # the restore of an old backup must not let them in again
    audit(AuditEvent.Kind.REPRESENTATIVE_ENDED, by, detail=code)


@transaction.atomic
def settle_restored() -> None:
    """After a restore: whoever had left goes again, nobody stays signed in, and no old link or words let anybody in.

    Raises KeyStoreUnavailable.
    """
    for model in (PortalInvitation, SignInLink, PortalSession):
        model.objects.all().delete()
    gone = tombstones.buried(Representative.objects.values_list("code", flat=True))
    Representative.objects.filter(code__in=gone).delete()


def end_lapsed(now: dt.datetime | None = None) -> None:
    """Invitations nobody took up, links nobody used, sessions that are over."""
    now = now or timezone.now()
    for model in (PortalInvitation, SignInLink, PortalSession):
        model.objects.filter(expires_at__lte=now).delete()
