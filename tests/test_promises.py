"""A promise is a test: each that docs/privacy.md names is there."""

import re

from tests.servers import ROOT

NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")


def test_every_test_that_stands_for_a_promise_is_there() -> None:
    named = NAMED.findall((ROOT / "docs" / "privacy.md").read_text())
    assert len(named) > 15
    missing = [f"{file}::{test}" for file, test in named if f"def {test}(" not in (ROOT / file).read_text()]
    assert missing == []
