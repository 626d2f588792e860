"""The comparison that `make chaos` stands on finds each kind of fault when there is one."""

from collections.abc import Callable

import pytest

from benchmarks.chaos.ledger import Ledger, Row, Said, Seen, find
from benchmarks.chaos.people import Page
from benchmarks.stage import Conversation
from helpline.vault import contexts, sealing
from helpline.vault.codes import b64url_encode, new_code

AUTHOR = contexts.HELP_SEEKER
TEXTS = ["Kia ora", "Are you there?", "Thank you"]
Rows = list[Row]


@pytest.fixture
def page() -> Page:
    return Page(Conversation(new_code(), sealing.generate_seed(), b64url_encode(sealing.new_key())), AUTHOR)


@pytest.fixture
def ledger(page: Page) -> Ledger:
    """Three messages said, acknowledged, and shown to one reader."""
    ledger = Ledger(page.conversation)
    for seq, text in enumerate(TEXTS, start=1):
        said = Said(AUTHOR, new_code(), text)
        ledger.said.append(said)
        ledger.acknowledge(said, seq)
        ledger.seen["reader"].append(Seen(seq, AUTHOR, said.client_id, text))
    return ledger


@pytest.fixture
def rows(page: Page, ledger: Ledger) -> Rows:
    """The table, as it should be."""
    return [_row(page, said.client_id, said.text, seq) for seq, said in enumerate(ledger.said, start=1)]


def _row(page: Page, client_id: str, text: str, seq: int) -> Row:
    code = page.conversation.code
    return Row(
        last_seq=len(TEXTS),
        seq=seq,
        author=AUTHOR,
        client_id=client_id,
        key_id=page.key_id,
        sealed=sealing.seal_message(page.key, text, code=code, author=AUTHOR, client_id=client_id),
        sealed_key=page.sealed_key,
    )


def test_nothing_is_wrong_when_everybody_agrees(ledger: Ledger, rows: Rows) -> None:
    assert not +find(ledger, rows)


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("lost", lambda ledger, rows: rows.pop()),
        ("doubled", lambda ledger, rows: rows.append(rows[-1]._replace(seq=4))),
        ("reordered", lambda ledger, rows: rows.append(rows.pop(0)._replace(seq=4))),
        ("conversations with a gap", lambda ledger, rows: rows.pop(1)),
        ("never acknowledged", lambda ledger, rows: setattr(ledger.said[2], "seq", None)),
        ("acknowledged under two numbers", lambda ledger, rows: ledger.acknowledge(ledger.said[0], 9)),
        ("kept, but never said like that", lambda ledger, rows: setattr(ledger.said[0], "text", "Kia orana")),
        ("never shown", lambda ledger, rows: ledger.seen["reader"].pop()),
        ("shown twice", lambda ledger, rows: ledger.seen["reader"].append(ledger.seen["reader"][0])),
        ("shown out of order", lambda ledger, rows: ledger.seen["reader"].reverse()),
        ("shown, but not kept", lambda ledger, rows: rows.pop()),
    ],
)
def test_each_kind_of_wrong_is_found(
    ledger: Ledger, rows: Rows, kind: str, spoil: Callable[[Ledger, Rows], object]
) -> None:
    spoil(ledger, rows)
    assert find(ledger, rows)[kind] > 0
