"""A device with a passkey, without a browser: signs what WebAuthn says, and lies where a test asks it to."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

from helpline.vault.codes import b64url_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class PasskeyDevice:
    origin: str
    host: str
    id: bytes = b"a passkey of a test"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    count: int = 0
    knows_owner: bool = True

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        own = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]  # the library has no type for it
        cose = cbor.encode(dict(own))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested})
        return self._answer(self._said("webauthn.create", options), attestationObject=made)

    def use(self, options: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        said, data = self._said("webauthn.get", options), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(said, authenticatorData=data, signature=signature)

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.knows_owner else 0)
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, said: bytes, **parts: bytes) -> dict[str, Any]:
        response = {name: b64url_encode(value) for name, value in {"clientDataJSON": said, **parts}.items()}
        spelled = b64url_encode(self.id)
        return {
            "id": spelled,
            "rawId": spelled,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
