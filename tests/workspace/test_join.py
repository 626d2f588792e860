"""Taking up an invitation: what the page of an invited person posts."""

import json
from typing import Any

import pytest
from django.test import Client

from helpline.accounts.models import Role, User
from helpline.lines.invitations import invite
from helpline.lines.models import Invitation, Line
from helpline.vault import passphrases
from helpline.vault.codes import b64url_encode, new_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(line: Line, sunita: User) -> str:
    facts = {"username": "tui", "name": "Tui", "pseudonym": "Mānuka", "role": Role.COUNSELLOR}
    return invite(sunita, **facts, lines=[line.slug])[1]


def post(visitor: Client, path: str, body: object) -> Any:
    return visitor.post(path, json.dumps(body), content_type="application/json")


def account(words: str, code: str) -> dict[str, str]:
    keys = passphrases.new_staff_keys("five words of their own", code)
    made = {
        "salt": keys.salt,
        "public_key": keys.public_key,
        "signing_key": keys.signing_key,
        "wrapped": keys.wrapped_seed,
    }
    encoded = {name: b64url_encode(value) for name, value in made.items()}
    return {"words": words, "code": code, **encoded, "secret": keys.sign_in_secret}


def test_the_words_say_who_is_invited_to_what(visitor: Client, words: str) -> None:
    answer = post(visitor, "/join/look", {"words": words.upper()})
    assert answer.status_code == 200
    assert answer.json() == {
        "code": Invitation.objects.get().code,
        "name": "Tui",
        "username": "tui",
        "pseudonym": "Mānuka",
        "role": "Counsellor",
        "lines": ["Safe to talk"],
    }


def test_the_account_is_made_with_what_the_browser_sends(visitor: Client, words: str) -> None:
    body = account(words, Invitation.objects.get().code)
    assert post(visitor, "/join/take", body).status_code == 200
    tui = User.objects.get(username="tui")
    wrap = tui.key_wraps.get()
    assert b64url_encode(bytes(tui.public_key)) == body["public_key"]
    assert b64url_encode(bytes(tui.signing_key)) == body["signing_key"]
    assert b64url_encode(bytes(wrap.wrapped)) == body["wrapped"]
    assert tui.check_password(body["secret"])
    assert post(visitor, "/join/take", body).status_code == 200  # the first answer was lost
    assert "workspace" not in visitor.cookies  # signing in is another step


@pytest.mark.parametrize("part", ["words", "code", "salt", "public_key", "signing_key", "wrapped", "secret"])
@pytest.mark.parametrize("wrong", ["", "A", "A" * 4000, None, 7])
def test_keys_of_another_shape_make_no_account(visitor: Client, words: str, part: str, wrong: object) -> None:
    body = {**account(words, Invitation.objects.get().code), part: wrong}
    assert post(visitor, "/join/take", body).status_code in {400, 404}
    assert not User.objects.filter(username="tui").exists()


def test_other_words_and_another_code_look_alike(visitor: Client, words: str) -> None:
    code = Invitation.objects.get().code
    answers = [
        post(visitor, "/join/take", account("six words that nobody was given", code)),
        post(visitor, "/join/take", account(words, new_code())),
        post(visitor, "/join/look", {"words": "six words that nobody was given"}),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, b'{"error": "unknown"}')}


@pytest.mark.parametrize("body", [{}, [], "words", {"words": ""}, {"words": "a" * 200}])
def test_nonsense_is_refused(visitor: Client, body: object) -> None:
    assert post(visitor, "/join/look", body).status_code == 400
