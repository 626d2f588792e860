"""Passkeys (WebAuthn): what a device is asked to sign, and whether it has.

A passkey here always knows its owner (user verification is required), so that touching it is two factors at once:
having the device, and being the one it opens for. Some also give a secret to the page (PRF), which wraps the staff key;
the server never sees that secret (`static/vault/passkey.js`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from helpline.vault import contexts, sealing
from helpline.vault.codes import Malformed, b64url_decode

Options = dict[str, Any]
State = dict[str, str]
Answer = Mapping[str, Any]


class NotThisPasskey(Exception):
    """Signed by another device, for another page, for another moment, or not signed at all."""


@dataclass(frozen=True)
class Door:
    """The one page that a passkey is for: `https://desk.example` and its host."""

    host: str
    origin: str

    def _server(self) -> Fido2Server:
        relying = PublicKeyCredentialRpEntity(id=self.host, name=self.host)
        return Fido2Server(relying, verify_origin=self.origin.__eq__)

    def ask_to_make(self, user_code: str, username: str, known: Sequence[bytes]) -> tuple[Options, State]:
        """What `navigator.credentials.create` takes, in JSON, and what to hold it to; `known` are not made twice."""
        options, state = self._server().register_begin(
            PublicKeyCredentialUserEntity(id=user_code.encode(), name=username, display_name=username),
            credentials=[
                PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=each) for each in known
            ],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,  # found without a name being typed
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return dict(options.public_key), _plain(state)

    def made(self, state: State, answer: Answer) -> tuple[bytes, bytes]:
        """The new passkey's id and credential, to keep. Raises NotThisPasskey."""
        try:
            found = self._server().register_complete(state, answer).credential_data
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as error:
            raise NotThisPasskey from error
        if found is None:
            raise NotThisPasskey
        return found.credential_id, bytes(found)

    def ask_to_use(self) -> tuple[Options, State]:
        """What `navigator.credentials.get` takes: any passkey of this page."""
        options, state = self._server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
        return dict(options.public_key), _plain(state)

    def used(self, state: State, credential: bytes, answer: Answer) -> int:
        """How often that passkey has signed, as far as it counts. Raises NotThisPasskey."""
        try:
            self._server().authenticate_complete(state, [AttestedCredentialData(credential)], answer)
            counter: int = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as error:
            raise NotThisPasskey from error
        return counter


def id_in(answer: Answer) -> bytes:
    """Which passkey says to have signed; nothing for nonsense."""
    try:
        return b64url_decode(str(answer.get("rawId", "")))
    except Malformed:
        return b""


def wrap_staff_seed(secret: bytes, seed: bytes, user_code: str) -> bytes:
    """Under what a passkey gives to the page. The browser does this; the server only in tests."""
    return sealing.wrap(sealing.derive(secret, "passkey-wrap"), seed, contexts.staff_key(user_code))


def unwrap_staff_seed(secret: bytes, wrapped: bytes, user_code: str) -> bytes:
    return sealing.unwrap_key(sealing.derive(secret, "passkey-wrap"), wrapped, contexts.staff_key(user_code))


def _plain(state: Mapping[str, Any]) -> State:
    """A session keeps JSON."""
    return {name: str(getattr(value, "value", value)) for name, value in state.items()}
