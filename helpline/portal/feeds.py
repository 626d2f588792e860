"""What a feed says otherwise than what was written by hand: it waits for an editor, as a service's own wishes do."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import transaction

from helpline.directory.hsds import TABLES
from helpline.directory.imports import Outcome
from helpline.directory.index import services_of
from helpline.directory.models import Source
from helpline.portal.models import Proposal
from helpline.portal.proposals import plain

State = Proposal.State


@transaction.atomic
def ask_editors(outcome: Outcome, source: Source) -> int:
    """Ask about each row in which something was kept; how many wait. The same import again asks nothing new.

    What an editor has decided to keep is not asked again while the feed says the same, and what the feed does not say
    any more is asked no longer. A row that belongs to no service is reported by the import only.
    """
    wishes: dict[tuple[str, UUID], dict[str, Any]] = defaultdict(dict)
    for each in outcome.kept:
        if each.field:
            wishes[each.table, each.row_id][each.field] = each.says
    asked = {row_id: _ask(source, table, row_id, says) for (table, row_id), says in wishes.items()}
    waiting = Proposal.objects.filter(kind=Proposal.Kind.FEED, state=State.WAITING, source=source)
    settled = outcome.compared - {row_id for row_id, waits in asked.items() if waits}
    waiting.filter(row_id__in=settled).delete()
    return sum(asked.values())


def _ask(source: Source, table: str, row_id: UUID, says: dict[str, Any]) -> bool:
    """Whether it waits."""
    model = TABLES[table]
    ours = Proposal.objects.filter(kind=Proposal.Kind.FEED, row_id=row_id)
    refused = ours.filter(state=State.DECLINED, source=source)
    answered = [(name, value) for each in refused for name, value in each.after.items()]
    wish = {name: value for name, value in says.items() if (name, value) not in answered}
    services = services_of(model, [row_id])
    if not wish or not services:
        return False
    waiting = ours.filter(state=State.WAITING)
    if waiting.filter(source=source, after=wish).exists():
        return True
    waiting.delete()
    row = model.objects.get(pk=row_id)
    Proposal.objects.create(
        service_id=min(services),
        source=source,
        kind=Proposal.Kind.FEED,
        table=table,
        row_id=row_id,
        before={name: plain(row, name, getattr(row, name)) for name in wish},
        after=wish,
    )
    return True
