"""The night in which every supervisor has lost their words: three sheets of paper, and a supervisor reads again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from helpline.accounts.actions import reset_passphrase
from helpline.accounts.models import User
from helpline.lines.models import Line, LineKeyWrap
from helpline.lines.queries import current_key
from tests.flows.keys import come_back, open_keys, said
from tests.flows.staff import SIGN_IN_MS, Desk, Somebody
from tests.operations.table import Table, typed

pytestmark = pytest.mark.flow
OpenDesk = Callable[[User], Desk]


def test_three_sheets_bring_back_what_every_supervisor_had_lost(
    open_desk: OpenDesk,
    line: Line,
    asha: User,
    sunita: User,
    grace: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The recovery key is made on paper, signed by two in their browsers, and has its part in the line's new keys.
    table = Table(tmp_path, monkeypatch)
    sheets = table.make()
    table.run("set", table / "key/recovery-public-key.txt")
    for each in (sunita, grace):
        page = open_keys(open_desk(each).sign_in())
        page.get_by_role("checkbox", name="I have compared the words").check()
        page.get_by_role("button", name="Sign what is ticked").click()
        expect(said(page)).to_have_text("Signed.")
    page = open_keys(open_desk(sunita).sign_in())
    page.get_by_role("button", name="Make new keys").click()
    expect(said(page)).to_contain_text("Safe to talk has new keys.", timeout=SIGN_IN_MS)

    # Somebody is being talked with when both lose their words.
    desk = open_desk(asha).sign_in().be_available()
    person = Somebody(line).arrive()
    person.say("Is somebody there?")
    desk.take_next()
    expect(desk.said("Is somebody there?")).to_be_visible()
    printed = reset_passphrase(sunita)
    reset_passphrase(grace)
    sunita.refresh_from_db()
    assert not LineKeyWrap.objects.filter(line_key=current_key(line, "supervisor")).exists()

    # Three holders of sheets, and what they open is sealed to her new key alone.
    table.run("request", "sunita", table / "request.json")
    table.run("open", table / "request.json", table / "answer.json", typed=typed(*sheets[:3]))
    table.run("take", table / "answer.json")

    again = come_back(open_desk(sunita).open(), printed)
    again.tab.keyboard.press("F4")
    again.tab.get_by_role("button", name="Read along").click()
    expect(again.said("Is somebody there?")).to_be_visible(timeout=SIGN_IN_MS)
