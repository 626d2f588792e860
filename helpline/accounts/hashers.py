"""How a sign-in secret is stored."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class SignInSecretHasher(PBKDF2PasswordHasher):
    """Few rounds: the secret is 256 bits out of Argon2id over a generated passphrase, so that guessing it costs
    128 MiB and a third of a second a try already; a million rounds more would only slow a shift change."""

    algorithm = "sign_in_secret"
    iterations = 10_000
