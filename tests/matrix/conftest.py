"""The scenes of both doors."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpline.accounts.models import Role, User
from helpline.conversations.models import Conversation, Disclosure
from helpline.lines.actions import staff_line
from helpline.lines.models import Line
from helpline.referrals.pathway import follow_pathway
from helpline.vault.return_codes import ReturnKeys, return_keys
from tests.matrix import public, staff
from tests.matrix.public import Claim
from tests.matrix.scene import (
    ANONYMOUS,
    COLLEAGUE,
    DOOR,
    ELSEWHERE,
    OTHER_DOOR,
    OWNER,
    STRANGER,
    SUPERVISOR,
    WORDLESS,
    Scene,
    State,
)
from tests.people import HelpSeeker
from tests.referrals.making import ask as ask_to_refer
from tests.workspace.conftest import Desk, desk_of

__all__ = ["desk_of"]

SIX_WORDS = {
    Claim.OWN: "apron candle ribbon teapot meadow lantern",
    Claim.ANOTHER: "lantern meadow teapot ribbon candle apron",
}


@pytest.fixture(autouse=True)
def _a_provider_is_named(settings: Any) -> None:
    """The organisation's own sign-in, at a port of this machine where nobody answers."""
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    settings.OIDC_CLIENT_ID = settings.OIDC_CLIENT_SECRET = "invented"


@pytest.fixture
def set_scene(
    line: Line,
    asha: User,
    ben: User,
    sunita: User,
    hire: Callable[..., User],
    desk_of: Callable[[User], Desk],
    waiting: Conversation,
) -> Callable[[State], Scene]:
    """The cast before a conversation that stands as said."""
    tui, kiri = hire("tui"), hire("kiri", Role.SUPERVISOR)
    staff_line(Line.objects.create(slug="another-line", name="Another line"), [tui, kiri])
    members = {OWNER: asha, COLLEAGUE: ben, STRANGER: tui, SUPERVISOR: sunita, ELSEWHERE: kiri}
    members |= {who: hire(f"the-{role}", role) for who, role in WORDLESS.items()}
    desks = {who: desk_of(member) for who, member in members.items()}

    def set_scene(state: State) -> Scene:
        own = desks[OWNER]
        clients = {ANONYMOUS: Client(headers=DOOR), **{who: desk.client for who, desk in desks.items()}}
        scene = Scene(waiting, clients, members)
        if state != State.WAITING:
            own.take(waiting, line)
            for what, body in (("help", {}), ("disclosure", staff.a_disclosure(scene))):
                assert own.post(f"/c/{waiting.code}/{what}", body).status_code == 200
            scene.disclosure = Disclosure.objects.get().code
        if state == State.CLOSED:
            assert own.post(f"/c/{waiting.code}/close").status_code == 200
        return scene

    return set_scene


@pytest.fixture(scope="module")
def codes() -> dict[Claim, tuple[str, ReturnKeys]]:
    """64 MiB of Argon2id each, so made once."""
    return {claim: (words, return_keys(words)) for claim, words in SIX_WORDS.items()}


@pytest.fixture
def set_public_scene(
    line: Line, waiting: Conversation, help_seeker: HelpSeeker, asha: User, desk_of: Callable[[User], Desk], codes: Any
) -> Callable[[State], tuple[public.Scene, dict[Claim, Client]]]:
    """Somebody in a conversation, asked about a hand-over and a referral where it is open; somebody else in another."""

    def set_scene(state: State) -> tuple[public.Scene, dict[Claim, Client]]:
        another, desk = HelpSeeker(), desk_of(asha)
        another.start(line)
        if state == State.OPEN:
            Line.objects.create(slug="another-line", name="Another line")
            desk.take(waiting, line)
            asked = desk.post(f"/c/{waiting.code}/handover", {"kind": "line", "to": "another-line"})
            assert asked.json() == {"state": "asked"}
            ask_to_refer(Conversation.objects.get(pk=waiting.pk), asha)
            follow_pathway(waiting, asha, "searching")
        clients = {claim: Client(headers=OTHER_DOOR) for claim in Claim}
        clients[Claim.SESSION].cookies.load({name: morsel.value for name, morsel in desk.client.cookies.items()})
        return public.Scene(line, help_seeker, another, codes), clients

    return set_scene
