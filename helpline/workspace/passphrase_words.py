"""What the page of new words says."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "working": _("This takes a second …"),
    "wrong": _("That is not your passphrase. Check the five words and try again."),
    "not_the_same": _("These are not the words that were shown. Look at your note, or look at the words again."),
    "taken": _("Your passphrase was changed in another tab meanwhile. Load this page again and give the new one."),
    "slow": _("Too many tries. Wait half a minute, then try again."),
    "away": _("The server does not answer. Your old words still count; try again in a moment."),
    "signed_out": _("You are no longer signed in. Your old words still count."),
}
