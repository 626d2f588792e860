"""What two supervisors' browsers do on /keys/, where the server knows their secrets: demonstration and tests."""

from helpline.accounts.models import User
from helpline.lines import roster
from helpline.lines.models import LineKey
from helpline.vault import contexts, signing
from helpline.vault.statements import line_key_payload

Founder = tuple[User, bytes]


def found_and_vouch(first: Founder, second: Founder) -> None:
    """Found the roster, vouch for everybody who is staff now, and sign the keys that were made while setting up."""
    pair = [(user, signing.signing_seed(seed)) for user, seed in (first, second)]
    for (signer, seed), (partner, _) in (pair, pair[::-1]):
        halves = roster.half_founded()
        issued_at = halves[0].issued_at if halves else roster.now()
        statements = roster.founding_of(signer, partner, issued_at)
        signatures = [signing.sign(seed, roster.SIGNED, each.payload) for each in statements]
        roster.found(signer, partner, issued_at, signatures)
    vouch(*pair)
    sign_line_keys(*pair)


def vouch(*pair: Founder) -> None:
    """Both sign whatever waits; each with their signing seed."""
    for signer, seed in pair:
        statements = [each.statement for each in roster.waiting()]
        given = [
            roster.Signed(each.subject, each.issued_at, signing.sign(seed, roster.SIGNED, each.payload))
            for each in statements
        ]
        roster.sign(signer, given)


def sign_line_keys(*pair: Founder) -> None:
    """Each of them those of the lines that they supervise."""
    root = roster.root()
    for signer, seed in pair:
        for key in LineKey.objects.filter(line__memberships__user=signer, retired_at=None).select_related("line"):
            payload = line_key_payload(key.line.slug, key.purpose, key.epoch, bytes(key.public_key), root)
            key.signed_by, key.signature = signer, signing.sign(seed, contexts.signed("line-key"), payload)
            key.save(update_fields=["signed_by", "signature"])
