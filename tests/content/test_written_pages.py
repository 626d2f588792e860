"""The information written for the demonstration: plain, kind, true to the format, and always with a way to help."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import textstat
from django.urls import reverse

from tests.servers import ROOT

PAGES = ROOT / "helpline" / "content" / "demonstration" / "pages"
GRADE = 8  # a child of twelve
NUMBERS = {
    *("emergency", "safe-to-talk-phone", "safe-to-talk-text", "safe-to-talk-email", "1737", "womens-refuge"),
    *("healthline", "youthline", "youthline-text", "whats-up", "outline"),
}
HEAD = {"title", "summary", "order", "parent"}
ASKED_FOR = {
    *("information", "what-is-sexual-harm", "what-now", "within-72-hours", "helping-someone", "worried-about-yourself"),
    *("young-people", "confidentiality", "digital-safety", "when-you-contact-us", "complaints", "get-in-touch"),
}
GET_HELP = {"en": "## Get help now", "mi": "## Āwhina ināianei"}
LINE = re.compile(r"^(## [^#*\[]+|(- |\d\. )?[^#|<>`]+)$")
LINK = re.compile(r"\[([^\]]+)\]\((page|route):([a-z0-9:-]+)\)")
NUMBER = re.compile(r"\{number:([a-z0-9-]+)\}")
WITHOUT_MACRON = re.compile(r"\b(maori|korero\w*|whanau|awhina|tane|matou|reo maori)\b", re.I)
# Words that this house does not use of people, promises that no system can keep, and blame.
NOT_SAID = re.compile(
    r"\b(victims?|users?|clients?|tickets?|end-to-end|anonymous|perfectly|guarantee\w*|should have|click here)\b",
    re.I,
)


@dataclass(frozen=True)
class Written:
    slug: str
    language: str
    head: dict[str, str]
    body: str

    @property
    def is_answer(self) -> bool:
        return self.slug.startswith("faq-")


@cache
def read(path: Path) -> Written:
    head, body = path.read_text().split("\n\n", 1)
    slug, language, _ = path.name.split(".")
    fields = dict(line.split(":", 1) for line in head.splitlines())
    return Written(slug, language, {name: value.strip() for name, value in fields.items()}, body)


ALL = sorted(PAGES.glob("*.md"))
NAMES = [path.name for path in ALL]
SLUGS = {path.name.split(".")[0] for path in ALL}


def prose(written: Written) -> str:
    """As somebody hears it: every line a sentence, a number as one word."""
    text = NUMBER.sub("0800", LINK.sub(r"\1", f"{written.head['summary']}\n{written.body}")).replace("**", "")
    lines = [re.sub(r"^(## |- |\d\. )", "", line) for line in text.splitlines() if line]
    return " ".join(line if line[-1] in ".!?:”" else f"{line}." for line in lines)


@pytest.mark.parametrize("path", ALL, ids=NAMES)
def test_it_keeps_to_the_format(path: Path) -> None:
    written = read(path)
    assert set(written.head) == (HEAD | {"audience"} if written.is_answer else HEAD)
    assert written.head["title"]
    assert written.head["summary"]
    assert int(written.head["order"])
    assert not written.is_answer or written.head["audience"] in {"public", "providers"}
    for line in filter(None, written.body.splitlines()):
        assert LINE.match(LINK.sub(r"\1", line)), line
        assert line.count("**") % 2 == 0, line


@pytest.mark.parametrize("path", ALL, ids=NAMES)
def test_every_link_and_number_leads_somewhere(path: Path) -> None:
    body = read(path).body
    for _, kind, name in LINK.findall(body):
        assert reverse(name) if kind == "route" else name in SLUGS, name
    assert set(NUMBER.findall(body)) <= NUMBERS
    assert not re.search(r"\](?!\()|\{(?!number:)|https?:|\d{3} \d{3}", body), "a number or an address of its own"


@pytest.mark.parametrize("path", [path for path in ALL if ".en." in path.name], ids=lambda path: path.name)
def test_a_child_of_twelve_can_read_it(path: Path) -> None:
    assert textstat.flesch_kincaid_grade(prose(read(path))) <= GRADE


@pytest.mark.parametrize("path", ALL, ids=NAMES)
def test_it_says_nothing_that_this_house_does_not_say(path: Path) -> None:
    assert not NOT_SAID.search(path.read_text())
    assert not WITHOUT_MACRON.search(path.read_text())


@pytest.mark.parametrize("path", [path for path in ALL if not path.name.startswith("faq-")], ids=lambda path: path.name)
def test_every_page_ends_with_ways_to_get_help_now(path: Path) -> None:
    written = read(path)
    last = written.body.split("\n## ")[-1]
    assert f"## {last}".startswith(GET_HELP[written.language])
    assert {"emergency", "safe-to-talk-phone"} <= set(NUMBER.findall(last))


def test_everything_that_was_asked_for_is_there_and_te_reo_beside_it() -> None:
    assert {f"{slug}.{language}.md" for slug in ASKED_FOR for language in ("en", "mi")} <= set(NAMES)
    answers = [read(path) for path in ALL if read(path).is_answer and read(path).language == "en"]
    audiences = [written.head["audience"] for written in answers]
    assert min(audiences.count("public"), audiences.count("providers")) >= 12
    for path in ALL:
        written, english = read(path), read(PAGES / f"{path.name.split('.')[0]}.en.md")
        assert {**written.head, "title": "", "summary": ""} == {**english.head, "title": "", "summary": ""}
        assert written.language == "en" or len(written.body) < len(english.body), (
            "te reo is short: nobody has checked it"
        )
