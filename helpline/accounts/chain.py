"""The chain of the audit: linking what has happened, and finding out whether somebody has changed it since."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from helpline.accounts.actions import AUDIT_KEPT
from helpline.accounts.models import AuditEvent, AuditLink
from helpline.vault import chain

CHAIN = 0x6175646974  # the advisory lock of whoever links; any number that nothing else uses
BATCH = 500
# The router links each second: whatever waits for longer was never offered to it, or it does not run.
LINKED_WITHIN = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Head:
    """How the chain ended at some moment: `hash` stands for all that came before."""

    seq: int
    hash: bytes


@dataclass
class Verdict:
    """What looking at the whole chain has shown; `faults` are sentences for whoever has to find out why."""

    links: int = 0
    forgotten: int = 0
    ended: int = 0
    waiting: int = 0
    faults: list[str] = field(default_factory=list)


def link_audit() -> int:
    """Link what is not linked yet, in order; returns how many. Cheap when there is nothing."""
    linked = 0
    while AuditEvent.objects.filter(is_linked=False).exists():
        batch = _link_batch()
        linked += batch
        if batch < BATCH:
            break
    return linked


@transaction.atomic
def _link_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN])
    # What somebody is just forgetting is linked next time.
    unlinked = AuditEvent.objects.filter(is_linked=False).order_by("pk").select_related("actor")
    events = list(unlinked.select_for_update(of=("self",), skip_locked=True, no_key=True)[:BATCH])
    end = head()
    links = []
    for event in events:
        link = _link(event, end)
        links.append(link)
        end = Head(link.seq, bytes(link.hash))
    AuditLink.objects.bulk_create(links)
    AuditEvent.objects.filter(pk__in=[event.pk for event in events]).update(is_linked=True)
    return len(links)


def head() -> Head:
    last = AuditLink.objects.order_by("-seq").first()
    return Head(last.seq, bytes(last.hash)) if last else Head(0, chain.START)


def _link(event: AuditEvent, after: Head) -> AuditLink:
    seq, hour = after.seq + 1, hour_of(event.at)
    commitment = chain.hollow_commitment() if event.salt is None else _commitment_of(event, event.salt)
    statement = _statement_of(event, commitment)
    hashed = chain.link(after.hash, seq, hour.isoformat(), statement)
    return AuditLink(seq=seq, event=event, hour=hour, commitment=commitment, statement=statement, hash=hashed)


def hour_of(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def _commitment_of(event: AuditEvent, salt: bytes | memoryview) -> bytes:
    return chain.commit(bytes(salt), event.conversation_code, event.at.astimezone(dt.UTC).isoformat())


def _statement_of(event: AuditEvent, commitment: bytes) -> bytes:
    actor = event.actor.code if event.actor else ""
    return chain.state(commitment, event.kind, actor, event.line, event.detail, hour_of(event.at).isoformat())


def verify_chain(heads: Iterable[Head] = (), now: dt.datetime | None = None) -> Verdict:
    """Look at every link and every event, and at every head that was published outside."""
    now = now or timezone.now()
    verdict = Verdict()
    published: dict[int, bytes] = {}
    for each in heads:
        if published.setdefault(each.seq, each.hash) != each.hash:
            verdict.faults.append(f"Two published heads disagree about link {each.seq}.")
    before = Head(0, chain.START)
    links = AuditLink.objects.order_by("seq").select_related("event__actor")
    for link in links.iterator(chunk_size=2000):
        verdict.links += 1
        verdict.faults += _faults_of_link(link, before, verdict, now)
        before = Head(link.seq, bytes(link.hash))
        if published.pop(link.seq, before.hash) != before.hash:
            verdict.faults.append(f"Link {link.seq} is not the one that was published.")
    for seq in sorted(published):
        verdict.faults.append(f"Link {seq} was published and is not there: the chain ends at {before.seq}.")
    verdict.faults += _faults_of_unlinked(verdict, now)
    return verdict


def _faults_of_link(link: AuditLink, before: Head, verdict: Verdict, now: dt.datetime) -> Iterator[str]:
    if link.seq != before.seq + 1:
        yield f"After link {before.seq} comes {link.seq}: what was between is gone."
    if chain.link(before.hash, link.seq, link.hour.astimezone(dt.UTC).isoformat(), bytes(link.statement)) != bytes(
        link.hash
    ):
        yield f"Link {link.seq} does not follow from the one before."
    if link.event is None:
        verdict.ended += 1
        if link.hour > now - AUDIT_KEPT:
            yield f"The event of link {link.seq} is gone before its time."
        return
    yield from _faults_of_event(link, link.event, verdict)


def _faults_of_event(link: AuditLink, event: AuditEvent, verdict: Verdict) -> Iterator[str]:
    if _statement_of(event, bytes(link.commitment)) != bytes(link.statement):
        yield f"The event of link {link.seq} is not what was linked."
    elif event.salt is None:
        verdict.forgotten += 1
        if event.conversation_code or event.at != hour_of(event.at):
            yield f"The event of link {link.seq} says more than it may remember."
    elif _commitment_of(event, event.salt) != bytes(link.commitment):
        yield f"The event of link {link.seq} has another conversation or time than was linked."


def _faults_of_unlinked(verdict: Verdict, now: dt.datetime) -> Iterator[str]:
    without = AuditEvent.objects.filter(link=None)
    verdict.waiting = without.filter(is_linked=False).count()
    if lost := without.filter(is_linked=True).count():
        yield f"{lost} events were linked once, and their links are gone."
    if late := without.filter(is_linked=False, at__lt=now - LINKED_WITHIN).count():
        yield f"{late} events wait to be linked since more than ten minutes: does the live process run?"
