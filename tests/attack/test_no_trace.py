"""Who asked, from where and with what leaves nothing on the disk: a subpoena finds nothing to take.

50,000 addresses and 100,000 requests with `make attack`; a hundredth of that with `make test`.
"""

import json
import urllib.request

import psycopg
import pytest

from helpline.vault.codes import b64url_decode
from tests.attack.strangers import ONE_BEGINS_IN, Strangers, traces
from tests.attack.tools import IS_LONG
from tests.canary.house import House
from tests.canary.search import checkpoint
from tests.people import HelpSeeker

REQUESTS = 100_000 if IS_LONG else 1_000
pytestmark = pytest.mark.timeout(max(300, REQUESTS // 20))


def test_strangers_leave_no_trace_on_the_disk(house: House) -> None:
    before = conversations(house)
    strangers = Strangers(house, begun(house, REQUESTS // ONE_BEGINS_IN))
    assert strangers.ask(REQUESTS) == REQUESTS
    checkpoint(house)
    assert conversations(house) - before == REQUESTS // ONE_BEGINS_IN  # they were really answered
    assert traces(house, strangers.marks) == {}
    plant(house, strangers)
    found = traces(house, strangers.marks)
    assert found.keys() == strangers.marks.keys()
    assert all({"postgres", "site.log", "tmp"} <= places for places in found.values())


def conversations(house: House) -> int:
    with psycopg.connect(house.database.url()) as connection:
        row = connection.execute("SELECT count(*) FROM conversations_conversation").fetchone()
    assert row
    return int(row[0])


def plant(house: House, strangers: Strangers) -> None:
    """The control: the same marks, where a careless line of ours would have put them."""
    blob = b" ".join(spelled[0] for spelled in strangers.marks.values())
    with psycopg.connect(house.database.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE careless (noted bytea)")
        connection.execute("INSERT INTO careless VALUES (%s)", [blob])
    checkpoint(house)
    for path in (house.folder / "site.log", house.folder / "tmp" / "upload"):
        with path.open("ab") as file:
            file.write(blob)


def begun(house: House, count: int) -> list[dict[str, object]]:
    """What the chat page would post to begin, so many times."""
    with urllib.request.urlopen(f"{house.public}/chat/") as page:
        shown = json.loads(page.read().decode().split('id="page" type="application/json">')[1].split("</script>")[0])
    keys = {purpose: b64url_decode(key) for purpose, key in shown["keys"].items()}
    people = [HelpSeeker() for _ in range(count)]
    return [person.start_json_to(shown["line"], person.grants_to(keys)) for person in people]
