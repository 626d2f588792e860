"""What must be true before a live service opens: each fault is a sentence for the operator."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from helpline.accounts import provider
from helpline.accounts.models import Role, User
from helpline.channels import gateway
from helpline.channels.carriers import CARRIED, carriers_on
from helpline.lines.models import Channel, Line, LineKey
from helpline.lines.queries import could_help_out, helpers_of
from helpline.operations.postgres import PRIVACY_SETTINGS
from helpline.vault import daykeys
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.web.headers import EMBED_HOST
from helpline.web.network import is_network

CARRIER_SEEN_WITHIN = dt.timedelta(minutes=3)  # helpline carry looks three times a minute
OLDEST_POSTGRES = 150000  # 15, Debian 12's
SECRET_CHARACTERS = 50  # Django's own recommendation
REQUIRED_SETTINGS = {**PRIVACY_SETTINGS, "synchronous_commit": "on", "fsync": "on"}


def faults() -> Iterator[str]:
    """Everything that stands in the way, most basic first; nothing when all is well."""
    yield from _settings()
    yield from _database()
    if not settings.DEMONSTRATION:
        yield from _way_to_the_database()
    if pending := _pending_migrations():
        yield f"{pending} migrations are not applied: run helpline migrate"
        return
    yield from _keys()
    yield from _lines()
    yield from _carriers()


def _carriers() -> Iterator[str]:
    """Whoever is texted or mailed can be answered: each way is up, and each channel of a line has one that sends."""
    long_ago = timezone.now() - CARRIER_SEEN_WITHIN
    for carrier in carriers_on():
        if carrier.up_at is None or carrier.up_at < long_ago:
            yield f"{carrier.name} is down, or helpline carry is not running: nothing comes in or goes out by it"
    for line in Line.objects.all():
        for channel in sorted(set(line.channels) & set(CARRIED)):
            if not any(each.sends for each in carriers_on(channel) if each.line == line):
                yield f"{line.slug} has {channel}, and no carrier that sends: run helpline set_carrier"
    if gateway.is_lost():
        yield "The gateway key is not in the key store: who is waiting for an answer by text or mail cannot be reached"
    if gateway.is_overdue():
        yield "The gateway key should have been turned a night ago: run helpline carry, or turn_keys every night"


def _settings() -> Iterator[str]:
    for what, one, other in (
        ("public and staff", settings.PUBLIC_HOSTS, settings.WORKSPACE_HOSTS),
        ("public and services’", settings.PUBLIC_HOSTS, settings.PORTAL_HOSTS),
        ("staff and services’", settings.WORKSPACE_HOSTS, settings.PORTAL_HOSTS),
        ("public and carriers’", settings.PUBLIC_HOSTS, settings.CARRIER_HOSTS),
        ("staff and carriers’", settings.WORKSPACE_HOSTS, settings.CARRIER_HOSTS),
        ("services’ and carriers’", settings.PORTAL_HOSTS, settings.CARRIER_HOSTS),
        ("neutral and staff", settings.NEUTRAL_HOSTS, settings.WORKSPACE_HOSTS),
        ("neutral and services’", settings.NEUTRAL_HOSTS, settings.PORTAL_HOSTS),
        ("editors’ and neutral", settings.EDITING_HOSTS, settings.NEUTRAL_HOSTS),
        ("editors’ and public", settings.EDITING_HOSTS, settings.PUBLIC_HOSTS),
        ("editors’ and staff", settings.EDITING_HOSTS, settings.WORKSPACE_HOSTS),
        ("editors’ and services’", settings.EDITING_HOSTS, settings.PORTAL_HOSTS),
        ("editors’ and carriers’", settings.EDITING_HOSTS, settings.CARRIER_HOSTS),
    ):
        if both := set(one) & set(other):
            yield f"{', '.join(sorted(both))}: {what} pages need different hosts, or they share cookies"
    yield from _networks()
    yield from _provider()
    if settings.DEMONSTRATION:
        return
    if len(settings.SECRET_KEY) < SECRET_CHARACTERS:
        yield f"HELPLINE_SECRET_KEY must be random and at least {SECRET_CHARACTERS} characters long"
    if not settings.BEHIND_TLS:
        yield "HELPLINE_BEHIND_TLS is off: cookies would travel in the clear"
    yield from _mail()
    yield from _when_something_is_wrong()
    if not settings.AUDIT_HEADS:
        yield "HELPLINE_AUDIT_HEADS names no place: whoever has the database could make the audit anew (docs/audit.md)"


def _when_something_is_wrong() -> Iterator[str]:
    if not settings.FALLBACK_PHONE and not settings.FALLBACK_TEXT_NUMBER:
        yield "HELPLINE_FALLBACK_PHONE is empty: started without its database, a site would show no number of yours"
    if not settings.SECURITY_CONTACTS:
        yield "HELPLINE_SECURITY_CONTACTS is empty: whoever finds a fault in our security does not know whom to tell"
    for contact in settings.SECURITY_CONTACTS:
        if not contact.startswith(("mailto:", "https://", "tel:")):
            yield f"HELPLINE_SECURITY_CONTACTS: {contact} is no address; one begins with mailto: or https://"


def _mail() -> Iterator[str]:
    """What the services' door cannot do without."""
    if settings.PORTAL_HOSTS and settings.MAIL_FOLDER:
        yield "HELPLINE_MAIL_FOLDER is set: no mail is sent, so nobody comes in at the services’ door"
    if settings.PORTAL_HOSTS and not settings.MAIL_FROM:
        yield "HELPLINE_MAIL_FROM is empty: services would get mail from helpline@localhost, which few servers take"


def _networks() -> Iterator[str]:
    """A staff door that opens for nobody, or for everybody by mistake; a partner whose frame stays empty."""
    for name, networks in (("WORKSPACE", settings.WORKSPACE_NETWORKS), ("PROXY", settings.PROXY_NETWORKS)):
        for network in networks:
            if not is_network(network):
                yield f"HELPLINE_{name}_NETWORKS: {network} is no network; one looks like 192.0.2.0/24"
    if settings.WORKSPACE_NETWORKS and not settings.ADDRESS_HEADER:
        yield "HELPLINE_WORKSPACE_NETWORKS needs HELPLINE_ADDRESS_HEADER: else everybody seems to come from the proxy"
    for host in settings.EMBED_HOSTS:
        if not EMBED_HOST.fullmatch(host):
            yield f"HELPLINE_EMBED_HOSTS: {host} is no host name; one looks like www.example.org or *.example.org"


def _provider() -> Iterator[str]:
    """The organisation's own sign-in: half of it is none at all, and nobody would say so."""
    given = {
        "HELPLINE_OIDC_ISSUER": settings.OIDC_ISSUER,
        "HELPLINE_OIDC_CLIENT_ID": settings.OIDC_CLIENT_ID,
        "HELPLINE_OIDC_CLIENT_SECRET": settings.OIDC_CLIENT_SECRET,
    }
    missing = [name for name, value in given.items() if not value]
    if 0 < len(missing) < len(given):
        yield f"{' and '.join(missing)} must be set too: until then nobody can come in with {settings.OIDC_NAME}"
    if settings.OIDC_ISSUER and not provider.is_allowed(settings.OIDC_ISSUER):
        yield "HELPLINE_OIDC_ISSUER must begin with https://"


def _database() -> Iterator[str]:
    with connection.cursor() as cursor:
        for name, wanted in REQUIRED_SETTINGS.items():
            cursor.execute("SELECT current_setting(%s, true)", [name])
            (found,) = cursor.fetchone()
            if found != wanted:
                yield f"PostgreSQL has {name} = {found}; it must be {wanted} (docs/running.md)"
        cursor.execute("SELECT current_setting('server_version_num')::int, version()")
        number, version = cursor.fetchone()
        if number < OLDEST_POSTGRES:
            yield f"{version} is too old: PostgreSQL 15 or newer is needed"


def _way_to_the_database() -> Iterator[str]:
    """It is encrypted, it ends at the right server, and whoever takes it over cannot do everything there."""
    given = settings.DATABASES["default"]
    host, sslmode = given.get("HOST", ""), given.get("OPTIONS", {}).get("sslmode")
    is_here = not host or host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"}
    if not is_here and sslmode != "verify-full":
        yield "DATABASE_URL leads to another machine: it must end with ?sslmode=verify-full (docs/running.md)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (is_mighty,) = cursor.fetchone()
    if is_mighty:
        yield "The database's account may do everything: give Helpline one without special rights (docs/running.md)"


def _pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _keys() -> Iterator[str]:
    """The key store answers, has what the database counts on, and its keys end when they should."""
    try:
        lost = daykeys.lost()
    except KeyStoreUnavailable as error:
        yield str(error)
        return
    if lost:
        yield f"{len(lost)} day keys are not in the key store: is HELPLINE_KEYS the right one? (docs/running.md)"
    if overdue := daykeys.overdue():
        yield f"{overdue} day keys should have ended two nights ago: run helpline turn_keys every night"


def _lines() -> Iterator[str]:
    if not settings.DEMONSTRATION and User.objects.filter(is_demonstration=True, is_active=True).exists():
        yield "This database holds a demonstration's invented staff: start the live service with an empty one"
    if not Line.objects.exists():
        yield "There is no line yet: run helpline add_line"
    yield from _hosts()
    for line in Line.objects.all():
        yield from _can_answer(line)
        yield from _helpers(line)


def _hosts() -> Iterator[str]:
    """Every site has one line, and can be reached."""
    lines = list(Line.objects.filter(channels__contains=[Channel.WEBCHAT]))
    sites = Counter(host for line in lines for host in line.hosts)
    for host, number in sites.items():
        if host not in {*settings.PUBLIC_HOSTS, *settings.NEUTRAL_HOSTS}:
            yield f"{host} is the host of a line, and not among HELPLINE_PUBLIC_HOSTS: nobody can open it"
        if number > 1:
            yield f"{host} is the host of {number} lines: only the first is shown there"
    for line in [line for line in lines if not line.hosts][1:]:
        yield f"{line.slug} has no host name, so that nobody can see it: run helpline set_line {line.slug} --host"


def _can_answer(line: Line) -> Iterator[str]:
    members = User.objects.filter(memberships__line=line, is_active=True)
    holders = members.filter(role__in=[Role.COUNSELLOR, Role.SUPERVISOR])
    if not holders.exists():
        yield f"{line.slug} has nobody who can answer: run helpline add_staff"
    elif not holders.filter(skills__contains=line.required_skills).exists():
        skills = " and ".join(line.required_skills)
        yield f"{line.slug} requires {skills}, and nobody on it has that: run helpline set_staff"
    if not members.filter(role=Role.SUPERVISOR).exists():
        yield f"{line.slug} has no supervisor, so nobody holds its supervisor key"
    if LineKey.objects.filter(line=line, retired_at=None).count() < len(LineKey.Purpose.values):
        yield f"{line.slug} lacks a key: run helpline add_staff"


def _helpers(line: Line) -> Iterator[str]:
    """Overflow leads somewhere, and whoever helps out can open what they are offered."""
    if not line.overflows.exists():
        return
    able = set(could_help_out(line).values_list("username", flat=True))
    if not able:
        yield f"{line.slug} overflows to nobody: no other line's staff have the skills it requires"
    for username in sorted(able - set(helpers_of(line).values_list("username", flat=True))):
        yield f"{username} could help out on {line.slug} but lacks its key: run helpline set_staff {username}"
