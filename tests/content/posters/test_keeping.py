"""Drawn posters are kept within bounds, and nobody waits for ever."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline.content.posters import keeping
from helpline.content.posters.keeping import Busy, draw, kept
from helpline.content.posters.rendering import Output
from tests.content.posters.reading import WAYS
from tests.content.posters.test_rendering import WISH

SMALL = replace(WISH, partner="")


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.POSTERS_DIR = str(tmp_path / "posters")
    return tmp_path / "posters"


def test_of_all_the_newest_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 2)
    for region in ("otago", "nelson", "tasman"):
        draw(replace(SMALL, region=region), WAYS, Output.THUMBNAIL)
    there = [kept(replace(SMALL, region=region), WAYS, Output.THUMBNAIL) for region in ("otago", "nelson", "tasman")]
    assert len(list(folder.iterdir())) == 2
    assert there[0] is None
    assert there[2]


def test_a_changed_number_is_another_poster(folder: Path) -> None:
    draw(SMALL, WAYS, Output.THUMBNAIL)
    assert kept(SMALL, WAYS, Output.THUMBNAIL)
    assert kept(SMALL, replace(WAYS, phone="0800 000 000"), Output.THUMBNAIL) is None


def test_without_a_folder_it_is_drawn_each_time(settings: Any) -> None:
    settings.POSTERS_DIR = ""
    (made,) = draw(SMALL, WAYS, Output.THUMBNAIL)
    assert made.startswith(b"\x89PNG")
    assert kept(SMALL, WAYS, Output.THUMBNAIL) is None


def test_a_folder_that_cannot_be_written_stops_nobody(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.POSTERS_DIR = str(tmp_path / "file")
    assert draw(SMALL, WAYS, Output.THUMBNAIL)


def test_while_another_is_drawn_one_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "WAIT_SECONDS", 0.01)
    with keeping._drawing, pytest.raises(Busy):
        draw(SMALL, WAYS, Output.THUMBNAIL)
