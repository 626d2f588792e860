"""What editors write becomes a page and a mail; nothing of it becomes anything else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.engagement.marks import WIDTH, as_html, as_text

SITE = "https://example.org/"
WRITTEN = """## A heading

Kia ora koutou,
on two lines: https://example.org/a?b=1&c=2, and more.

- one <b>thing</b>
- /figures/2026-10/ here

Not a/path/ nor /etc and / or"""


def test_marks_become_html() -> None:
    assert as_html(WRITTEN, SITE) == (
        "<h2>A heading</h2>\n"
        "<p>Kia ora koutou,<br>on two lines: "
        '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>, and more.</p>\n'
        "<ul><li>one &lt;b&gt;thing&lt;/b&gt;</li><li>"
        '<a href="https://example.org/figures/2026-10/">https://example.org/figures/2026-10/</a> here</li></ul>\n'
        "<p>Not a/path/ nor /etc and / or</p>"
    )


def test_text_is_wrapped_and_no_address_broken() -> None:
    address = "https://example.org/" + "a" * 90
    text = as_text(f"{'word ' * 40}{address}\n\n- {'item ' * 30}", SITE)
    assert address in text
    assert all(len(line) <= WIDTH or address in line for line in text.splitlines())
    assert "\n  item" in text


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "https://", '"><script>', "data:text/html,x"])
def test_nothing_but_web_addresses_becomes_a_link(bad: str) -> None:
    assert "href" not in as_html(f"See {bad} there", SITE)
    assert "<script" not in as_html(bad, SITE)


@given(st.text(max_size=300))
def test_every_tag_is_one_of_ours(text: str) -> None:
    tags = set(re.findall(r"<[^>]*>", as_html(text, SITE)))
    own = {"<p>", "</p>", "<br>", "<ul>", "</ul>", "<li>", "</li>", "<h2>", "</h2>", "</a>"}
    assert all(tag.startswith('<a href="http') for tag in tags - own)
    as_text(text, SITE)
