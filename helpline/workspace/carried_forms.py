"""What the desk posts about a person who reads by text or mail, and what they need."""

from django import forms

from helpline.channels.models import Address
from helpline.lines.languages import LANGUAGES
from helpline.vault.sealing import KEY_BYTES
from helpline.workspace.forms import Code, Sealed, SealedKey, SealedLetter, SealedText, WrappedKey

MOST_PARTS = 60  # the longest text that a message holds, with a macron in it, and twice over


class Hash(Sealed):
    def is_well_formed(self, sealed: bytes) -> bool:
        return len(sealed) == KEY_BYTES


class SendForm(forms.Form):
    """A reply twice: for the conversation, and the same words for the gateway alone."""

    client_id, key_id = Code(), Code()
    key, sealed = SealedKey(), SealedText()
    for_gateway = SealedLetter()
    parts = forms.IntegerField(min_value=1, max_value=MOST_PARTS)


class WindowForm(forms.Form):
    window = forms.ChoiceField(choices=Address.Window.choices)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=list(LANGUAGES.items()))
    needs_interpreter = forms.BooleanField(required=False)


class ReturnCodeForm(forms.Form):
    """Made of six words in the counsellor's page; what is here opens nothing."""

    finder_hash, capability_hash = Hash(), Hash()
    grant = WrappedKey()
