"""The services that may be told of the person, as the page without JavaScript draws them."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format

from helpline.channels.webchat.plain.queries import texts_of
from helpline.channels.webchat.referred import WORDS, way_of
from helpline.conversations.models import Conversation
from helpline.referrals.models import ConsentItem, Referral
from helpline.referrals.queries import code_of_guest, is_in_force, name_of_area, name_of_need, shown_to_person


@dataclass(frozen=True)
class Line:
    """One thing that they may know; `text` is None where it cannot be opened, empty where there is none."""

    code: str
    is_need: bool
    what: str
    text: str | None = field(repr=False)


@dataclass(frozen=True)
class Card:
    code: str
    is_question: bool
    is_live: bool
    title: str
    sentences: list[str]
    lines: list[Line]
    out: str
    """The code of the item by which somebody of the service is in the chat now; empty where nobody is."""


@dataclass(frozen=True)
class Way:
    title: str
    state: str
    is_due: bool
    due: str
    ask: str
    asked_from: str
    choices: list[tuple[int, str]]
    says: list[tuple[str, str]]


def way_card(conversation: Conversation) -> Way | None:
    found = way_of(conversation)
    if found is None:
        return None
    return Way(
        title=str(WORDS["way"]),
        state=str(WORDS[f"way_{found['state']}"]),
        is_due=found["is_due"],
        due=str(WORDS["way_due"]),
        ask=str(WORDS["way_ask"]),
        asked_from=_said("way_from", {"day": found["ask_from"]}) if found["ask_from"] else "",
        choices=[(0, str(WORDS["way_never"])), *((days, _said("way_days", {"days": days})) for days in found["days"])],
        says=[(says, str(WORDS[f"way_says_{says}"])) for says in found["says"]],
    )


def cards_of(conversation: Conversation, seed: bytes | None) -> list[Card]:
    """`seed`: the conversation's private key, or None where it has ended for this page."""
    here = code_of_guest(conversation)
    return [_card(each, texts_of(each, conversation, seed), here) for each in shown_to_person(conversation)]


def _card(referral: Referral, texts: dict[str, str | None], here: str) -> Card:
    is_question = referral.state == Referral.State.ASKED
    is_live = referral.state in Referral.WITH_SERVICE
    is_here = referral.code == here
    names = _names(referral)
    sentences = ["service", "why"] if is_question else [referral.state]
    sentences += ["is_reached"] if referral.is_reached else []
    sentences += ["service", "until"] if is_live else []
    return Card(
        code=referral.code,
        is_question=is_question,
        is_live=is_live,
        title=_said("title" if is_question else "here" if is_here else "shared", names),
        sentences=[_said(each, names) for each in sentences],
        lines=[
            _line(item, names, texts) for item in referral.items.all() if is_question or (is_live and is_in_force(item))
        ],
        out=next((item.code for item in referral.items.all() if is_here and item.what == ConsentItem.What.JOIN), ""),
    )


def _line(item: ConsentItem, names: dict[str, str], texts: dict[str, str | None]) -> Line:
    is_need = item.what == ConsentItem.What.NEED
    what = _said("need_area" if is_need and names["area"] else item.what, names)
    return Line(item.code, is_need, what, texts.get(item.code, ""))


def _names(referral: Referral) -> dict[str, str]:
    return {
        "by": referral.by.pseudonym,
        "organization": referral.organization_name or referral.service_name,
        "service": referral.service_name,
        "need": name_of_need(referral.need),
        "area": name_of_area(referral.area),
        "until": date_format(referral.until, "j F") if referral.until else "",
    }


def _said(name: str, names: dict[str, Any]) -> str:
    return str(WORDS[name]).format(**names)
