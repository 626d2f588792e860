"""What arrives, as a service reads it: a need, a place, what the person let it know, and what can be answered now."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpline.referrals.actions import ANSWERS
from helpline.referrals.joining import may_join
from helpline.referrals.models import CapacityAsk, ConsentItem, Referral
from helpline.referrals.queries import ForService, name_of_area, name_of_need, shown_to_service
from helpline.vault.codes import b64url_encode

# What the buttons say, in the order in which they stand.
SAID: dict[str, Any] = {
    Referral.State.ACCEPTED: _("We can help"),
    Referral.State.ON_HOLD: _("Please wait"),
    Referral.State.DECLINED: _("We cannot help"),
    Referral.State.COMPLETED: _("It is done"),
}
STATES: dict[str, Any] = {
    Referral.State.REQUESTED: _("Not answered yet"),
    Referral.State.RECEIVED: _("Read, not answered yet"),
    Referral.State.ON_HOLD: _("You asked to wait"),
    Referral.State.ACCEPTED: _("You said that you can help"),
    Referral.State.DECLINED: _("You said that you cannot help"),
    Referral.State.COMPLETED: _("Done"),
}
TOLD: dict[str, Any] = {ConsentItem.What.NOTE: _("A note"), ConsentItem.What.CONTACT: _("How to reach them")}


@dataclass(frozen=True)
class Text:
    """Sealed under the key that only the link carries."""

    label: Any
    code: str
    sealed: str


@dataclass(frozen=True)
class Arrived:
    about: ForService
    need: str
    area: str
    state: Any
    answers: list[tuple[str, Any]]
    texts: list[Text]
    may_join: bool
    """The person lets somebody of the service into the chat, which goes on."""

    @property
    def may_say_reached(self) -> bool:
        is_over = self.about.state == Referral.State.DECLINED
        return self.about.may_say_reached and not self.about.is_reached and not is_over


def arrived(referral: Referral) -> Arrived:
    """Raises ReferralUnknown."""
    about = shown_to_service(referral)
    answers = [(state, label) for state, label in SAID.items() if about.state in ANSWERS[state]]
    texts = [Text(TOLD[each.what], each.code, b64url_encode(each.sealed)) for each in about.told if each.what in TOLD]
    need, area = name_of_need(about.need), name_of_area(about.area)
    return Arrived(about, need, area, STATES[about.state], answers, texts, may_join(referral))


@dataclass(frozen=True)
class Room:
    """A service is asked whether it has room."""

    ask: CapacityAsk
    need: str
    area: str

    @property
    def meeting_code(self) -> str:
        return self.ask.request.meeting_code if self.ask.state == CapacityAsk.State.YES else ""


def room(ask: CapacityAsk) -> Room:
    return Room(ask, name_of_need(ask.request.need), name_of_area(ask.request.area))
