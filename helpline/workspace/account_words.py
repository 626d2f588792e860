"""What the script of the account's page says."""

from django.utils.translation import gettext_lazy as _

from helpline.workspace.door_words import DOOR

_FROM_THE_DOOR = (
    "working",
    "wrong",
    "slow",
    "wrong_code",
    "wrong_first_code",
    "wrong_passkey",
    "passkey_stopped",
    "passkey_opens_nothing",
    "factor_unreadable",
    "provider_away",
    "keys_away",
    "failed_away",
    "failed",
)
ACCOUNT = {name: DOOR[name] for name in _FROM_THE_DOOR} | {
    "wrong_words": _("Those are not your five words. Check them and try again."),
    "last_factor": _("This is the last second step that you have. Add another one first."),
    "too_many": _("You have ten passkeys already. Remove one that you no longer use."),
    "confirm": _("That was a while ago. Please give your five words again."),
    "unknown": _("It is no longer there."),
}
