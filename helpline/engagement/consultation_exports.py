"""What was said to a draft, to take away: what everybody may read, and what staff may.

No file has an e-mail address: a file outlives the day on which addresses are erased.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from uuid import UUID

from helpline.content.consultations import in_language
from helpline.content.models import ConsultationPage
from helpline.engagement import consulted
from helpline.engagement.consultations import person_of
from helpline.engagement.models import Choice, Comment, HuiNote, Position, Said, Submission
from helpline.lines.bilingual import Language

Row = dict[str, str | int]
COLUMNS = (
    "kind",
    "section",
    "section_title",
    "proposal",
    "position",
    *Choice.values,
    "by",
    "place",
    "on",
    "people",
    "text",
)
FOR_STAFF = ("submission", "state", "why_not_shown", "is_private", "name", "organization")
# With one of these a spreadsheet takes a cell for a formula, and would run what a stranger wrote.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def public_rows(page: ConsultationPage) -> list[Row]:
    """Counts, comments and reasons that are shown, and what hui said."""
    where = _Where(page)
    rows = [*_counts(page, where)]
    rows += [where.row(each) for each in consulted.shown_comments(page)]
    rows += [where.row(each) for each in consulted.shown_reasons(page)]
    return rows + [row for note in consulted.hui_notes(page) for row in _hui(note, where)]


def staff_rows(page: ConsultationPage) -> list[Row]:
    """Everything, what is private or not shown and who said it too. Raises KeyStoreUnavailable."""
    where = _Where(page)
    rows = [*_counts(page, where)]
    for submission in consulted.submissions_of(page):
        known = _known(submission)
        said: list[Comment | Position] = [*submission.comments.all(), *submission.positions.all()]
        rows += [{**where.row(each), **known, **_standing(each)} for each in said]
    return rows + [row for note in consulted.hui_notes(page) for row in _hui(note, where)]


def csv_of(rows: Sequence[Row], *, is_for_staff: bool = False) -> bytes:
    columns = (*COLUMNS, *FOR_STAFF) if is_for_staff else COLUMNS
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(columns)
    table.writerows([_cell(row.get(name, "")) for name in columns] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()  # spreadsheets take it for another code without the mark


def json_of(page: ConsultationPage, rows: Sequence[Row]) -> bytes:
    size = consulted.size_of(page)
    read = in_language(page, Language.ENGLISH)
    said = {
        "title": page.title,
        "open": {"from": f"{page.opens_on}", "until": f"{page.closes_on}"},
        "submissions": {"counted": size.submissions, "set_aside": size.set_aside},
        "what_is_counted": "Submissions. Nobody knows how many people that is: one person may send several.",
        "sections": [
            {
                "key": str(each.key),
                "title": each.title.words,
                "proposals": [{"key": str(one.key), "text": one.text.words} for one in each.proposals],
            }
            for each in read.sections
        ],
        "said": list(rows),
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


class _Where:
    """Sections and proposals by name, also for whoever reads a file alone."""

    def __init__(self, page: ConsultationPage) -> None:
        sections = in_language(page, Language.ENGLISH).sections
        self._sections = {each.key: (each.number, each.title.words) for each in sections}
        self.proposals = [(each.key, one.key) for each in sections for one in each.proposals]
        self._texts = {one.key: one.text.words for each in sections for one in each.proposals}

    def place(self, section: UUID, proposal: UUID | None = None) -> Row:
        number, title = self._sections.get(section, (0, ""))
        return {
            "section": number,
            "section_title": title,
            "proposal": self._texts.get(proposal, "") if proposal else "",
        }

    def row(self, said: Comment | Position) -> Row:
        about: Row = {"by": said.submission.shown_as, "on": f"{said.said_on}", "text": said.text}
        if isinstance(said, Position):
            return {"kind": "position", **self.place(said.section, said.proposal), "position": said.choice, **about}
        return {"kind": "comment", **self.place(said.section), **about}


def _counts(page: ConsultationPage, where: _Where) -> Iterator[Row]:
    found = consulted.tallies(page)
    for section, proposal in where.proposals:
        if tally := found.get(proposal):
            yield {"kind": "count", **where.place(section, proposal), **{code: many for code, _, many in tally.shown}}


def _hui(note: HuiNote, where: _Where) -> Iterator[Row]:
    held: Row = {"place": note.place, "on": f"{note.held_on}", "people": "" if note.people is None else note.people}
    yield {"kind": "hui", **where.place(note.section), **held, "text": note.text}
    for proposal, tally in consulted.hui_tallies(note).items():
        counts = {code: many for code, _, many in tally.shown}
        yield {"kind": "hui count", **where.place(note.section, proposal), **held, **counts}


def _known(submission: Submission) -> Row:
    person = person_of(submission)
    return {"submission": submission.code, "name": person.name, "organization": person.organization}


def _standing(said: Said) -> Row:
    state = "set_aside" if said.submission.is_set_aside else said.state
    return {"state": state, "why_not_shown": said.why, "is_private": "yes" if said.is_private else ""}


def _cell(value: str | int) -> str | int:
    """An apostrophe before what would be a formula: a spreadsheet then shows it as it was written."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value
