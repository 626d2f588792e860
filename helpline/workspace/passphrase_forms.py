"""What the page of new words sends."""

from django import forms

from helpline.vault.passphrases import SALT_BYTES
from helpline.vault.sealing import WRAPPED_KEY_BYTES
from helpline.workspace.forms import Sealed


class Salt(Sealed):
    def is_well_formed(self, sealed: bytes) -> bool:
        return len(sealed) == SALT_BYTES


class WrappedSeed(Sealed):
    def is_well_formed(self, sealed: bytes) -> bool:
        return len(sealed) == WRAPPED_KEY_BYTES


class NewWordsForm(forms.Form):
    """What the old words sign in with, and what the new ones yield."""

    secret = forms.CharField(max_length=64)
    new_secret = forms.RegexField(r"[A-Za-z0-9_-]{43}", min_length=43, max_length=43)
    salt = Salt()
    wrapped = WrappedSeed()
