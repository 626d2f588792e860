"""What a service changes about itself: at once, or when an editor has said yes."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from helpline.accounts.actions import audit
from helpline.accounts.models import AuditEvent, User
from helpline.directory.actions import set_private
from helpline.directory.changes import change_row, needs_of, read_values, set_needs
from helpline.directory.fields import BadValue
from helpline.directory.hsds import TABLES, fields_of, table_of
from helpline.directory.models import Hideable, Organization, Row, Service
from helpline.portal.models import Proposal, Representative

KEPT = dt.timedelta(days=30)  # so long a service sees what was decided


class DecidedAlready(Exception):
    """Somebody else has decided meanwhile, or the wish was replaced by a newer one."""


class NoLongerFits(Exception):
    """What it is about is gone, or would not be taken by the standard any more."""


def by_line(service: Service) -> str:
    """Whose word it is: the organization's. A person's name would leave with the open data."""
    organization = Organization.objects.get(pk=service.organization_id)
    return f"{organization.name}, itself"


# Asking


@transaction.atomic
def propose_fields(service: Service, row: Row, given: Mapping[str, object], by: Representative) -> Proposal | None:
    """Other words, to wait for an editor; None where nothing would be other than it is. Raises BadValue."""
    model = type(row)
    read = read_values(model, given)
    after = {name: value for name, value in read.items() if getattr(row, name) != value}
    before = {name: plain(row, name, getattr(row, name)) for name in after}
    return _ask(
        service, Proposal.Kind.FIELDS, row, before, {name: plain(row, name, each) for name, each in after.items()}, by
    )


@transaction.atomic
def propose_needs(service: Service, codes: Collection[str], by: Representative) -> Proposal | None:
    before, after = sorted(needs_of(service)), sorted(codes)
    wish = {} if before == after else {"needs": after}
    return _ask(service, Proposal.Kind.NEEDS, service, {"needs": before}, wish, by)


@transaction.atomic
def propose_showing(service: Service, row: Hideable, by: Representative) -> Proposal | None:
    wish = {"is_private": False} if row.is_private else {}
    return _ask(service, Proposal.Kind.SHOW, row, {"is_private": True}, wish, by)


def hide(row: Hideable) -> None:
    """From everybody but staff, at once: whoever is in danger does not wait for an editor."""
    set_private(type(row), [row.pk], is_private=True)
    Proposal.objects.filter(row_id=row.pk, kind=Proposal.Kind.SHOW, state=Proposal.State.WAITING).delete()


def _ask(
    service: Service, kind: str, row: Row, before: dict[str, Any], after: dict[str, Any], by: Representative
) -> Proposal | None:
    Proposal.objects.filter(kind=kind, row_id=row.pk, state=Proposal.State.WAITING).delete()
    if not after:
        return None
    return Proposal.objects.create(
        service=service, by=by, kind=kind, table=table_of(type(row)), row_id=row.pk, before=before, after=after
    )


def plain(row: Row, name: str, value: Any) -> Any:
    """As JSON holds it."""
    return None if value is None else fields_of(type(row))[name].show(value)


# Deciding


@transaction.atomic
def approve(by: User, proposal: Proposal) -> None:
    """Raises DecidedAlready, NoLongerFits."""
    _decide(by, proposal, Proposal.State.APPROVED, "")
    row = TABLES[proposal.table].objects.filter(pk=proposal.row_id).first()
    service = Service.objects.filter(pk=proposal.service_id).first()
    if row is None or service is None:
        raise NoLongerFits
    try:
        _carry_out(proposal, row, service)
    except (BadValue, KeyError) as error:
        raise NoLongerFits from error
    audit(AuditEvent.Kind.CHANGE_APPROVED, by, detail=proposal.code)


def _carry_out(proposal: Proposal, row: Any, service: Service) -> None:
    if proposal.kind == Proposal.Kind.NEEDS:
        set_needs(service, proposal.after["needs"], by_line(service))
    elif proposal.kind == Proposal.Kind.SHOW:
        set_private(type(row), [row.pk], is_private=False)
    elif proposal.source:
        change_row(row, proposal.after, proposal.source.name, proposal.source)
    else:
        change_row(row, proposal.after, by_line(service))


@transaction.atomic
def decline(by: User, proposal: Proposal, why: str) -> None:
    """`why` is read by the service. Raises DecidedAlready."""
    _decide(by, proposal, Proposal.State.DECLINED, why)
    audit(AuditEvent.Kind.CHANGE_DECLINED, by, detail=proposal.code)


def _decide(by: User, proposal: Proposal, state: str, why: str) -> None:
    waiting = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.WAITING)
    if not waiting.update(state=state, why=why, decided_by=by, decided_at=timezone.now()):
        raise DecidedAlready


def forget_decided(now: dt.datetime | None = None) -> int:
    """What was decided a month ago; what came of it stays in the account of changes. Returns how many.

    What a feed says and an editor did not take is remembered, so that the next import does not ask again.
    """
    decided = Proposal.objects.filter(decided_at__lte=(now or timezone.now()) - KEPT)
    refused = decided.filter(kind=Proposal.Kind.FEED, state=Proposal.State.DECLINED)
    remembered = [each.pk for each in refused if TABLES[each.table].objects.filter(pk=each.row_id).exists()]
    return decided.exclude(pk__in=remembered).delete()[0]
