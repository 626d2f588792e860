"""What the person is asked, and sees, of the services that may be told of them; with the sentences that say it.

These are not in the page: few pages need them, and a slow phone should not fetch them before.
"""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from helpline.conversations.models import Conversation
from helpline.referrals.models import ConsentItem, Referral
from helpline.referrals.pathway import ASK_AFTER_DAYS, BY_PERSON, is_due
from helpline.referrals.queries import (
    code_of_guest,
    is_in_force,
    name_of_area,
    name_of_need,
    pathway_of,
    shown_to_person,
)
from helpline.vault.codes import b64url_encode
from helpline.web.languages import ENGLISH, untranslated

Shape = dict[str, Any]

WORDS = {
    "asks": _("{by} asks you something. Your answer is needed above the box."),
    "title": _("May we tell {organization} that you look for help?"),
    "service": _("It is about: {service}."),
    "why": _("They do not learn who you are. Nothing goes to them before you say yes. Until {until} they may know:"),
    "need": _("that somebody looks for: {need}"),
    "need_area": _("that somebody looks for: {need}, around {area}"),
    "more": _("And, if you tick it:"),
    "note": _("what {by} wrote for them"),
    "contact": _("how they can reach you"),
    "join": _(
        "somebody of {organization} may join this chat, and reads what is written from then on, nothing from before"
    ),
    "reached": _("they may tell us that you came, and not who you are"),
    "yes": _("Yes, tell them"),
    "no": _("No, tell them nothing"),
    "agreed": _("Thank you. {organization} is told what you chose, and nothing else."),
    "refused": _("That is fine. Nobody is told, and what was written for them is destroyed."),
    "shared": _("What {organization} may know"),
    "until": _("Until {until}."),
    "here": _("{organization} is in this chat"),
    "out": _("Ask them to leave"),
    "requested": _("They have not read it yet."),
    "received": _("They have read it."),
    "on_hold": _("They ask you to wait for a while."),
    "accepted": _("They can help you."),
    "declined": _("They cannot help just now. What they were told is destroyed."),
    "completed": _("It is done. What they were told is destroyed."),
    "withdrawn": _("You took it back. They can no longer see it."),
    "lapsed": _("Its time is over. They can no longer see it."),
    "is_reached": _("They say that you came."),
    "take_back": _("Take this back"),
    "take_back_named": _("Take this back: {what}"),
    "take_back_all": _("Take it all back"),
    "taken_back": _("Taken back. They can no longer see it."),
    "cannot_open": _("This cannot be opened on this device."),
    "way": _("Your way to therapy that ACC pays for"),
    "way_searching": _("We are looking for a therapist with you."),
    "way_waiting": _("You are on a waiting list."),
    "way_begun": _("It has begun."),
    "way_stopped": _("You are not looking any more."),
    "way_due": _("You asked us to ask: how is it now?"),
    "way_ask": _("When you are here again, shall we ask how it goes? Nobody contacts you."),
    "way_from": _("We ask from {day} on, when you are here."),
    "way_never": _("Do not ask"),
    "way_days": _("Ask me after {days} days"),
    "way_keep": _("Keep this choice"),
    "way_kept": _("Kept."),
    "way_says_waiting": _("I am waiting"),
    "way_says_begun": _("It has begun"),
    "way_says_stopped": _("I stopped looking"),
    "failed": _("That did not work. Please try again."),
}


def consent_language() -> str:
    """Somebody agrees to sentences as a whole: in English, until every one of them has te reo."""
    language = get_language() or ENGLISH
    return ENGLISH if untranslated(WORDS) else language


def referrals_of(conversation: Conversation) -> Shape:
    """Texts are sealed as messages of the counsellor's, under the referral's own key; `client_id` is an item's code."""
    here, language = code_of_guest(conversation), consent_language()
    with override(language):
        found = [_referral(each, here) for each in shown_to_person(conversation)]
        words = {name: str(sentence) for name, sentence in WORDS.items()}
        return {"words": words, "language": language, "referrals": found, "way": way_of(conversation)}


def way_of(conversation: Conversation) -> Shape | None:
    """How far they are, and after how many days they may want to be asked; `is_due`: they wanted to be by now."""
    pathway = pathway_of(conversation)
    if pathway is None:
        return None
    return {
        "state": pathway.state,
        "is_due": is_due(pathway),
        "ask_from": date_format(pathway.ask_from, "j F") if pathway.ask_from else "",
        "days": ASK_AFTER_DAYS,
        "says": BY_PERSON,
    }


def _referral(referral: Referral, here: str) -> Shape:
    return {
        "code": referral.code,
        "by": referral.by.pseudonym,
        "service": referral.service_name,
        "organization": referral.organization_name or referral.service_name,
        "need": name_of_need(referral.need),
        "area": name_of_area(referral.area),
        "until": date_format(referral.until, "j F") if referral.until else "",
        "state": referral.state,
        "is_reached": referral.is_reached,
        "is_here": referral.code == here,
        "key_id": referral.key_id,
        "key": b64url_encode(bytes(referral.sealed_key)) if referral.sealed_key else "",
        "items": [_item(item) for item in referral.items.all()],
    }


def _item(item: ConsentItem) -> Shape:
    return {
        "code": item.code,
        "what": item.what,
        "is_agreed": is_in_force(item),
        "sealed": b64url_encode(bytes(item.sealed)) if item.sealed else "",
    }
