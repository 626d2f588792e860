"""What the staff door says: signing in, the second step, unlocking (words.py puts it on the page)."""

from django.utils.translation import gettext_lazy as _

DOOR = {
    # Signing in
    "title_sign_in": _("Sign in to your desk"),
    "title_unlock": _("Unlock your desk"),
    "title_no_desk": _("There is no desk for you here"),
    "working": _("Working out your key. This takes a second or two, on purpose."),
    "wrong": _("That name and passphrase do not go together. Check both and try again."),
    "wrong_passphrase": _("That is not your passphrase. Check the five words and try again."),
    "slow": _("Too many tries. Wait {seconds} seconds, then try again."),
    "unreachable": _("The server cannot be reached. Trying again …"),
    "signed_out": _("You have been signed out. Sign in again to go on; nothing you typed is lost."),
    "too_late": _("That took a while, and so the first step has lapsed. Please give your name and passphrase again."),
    # The second step
    "title_code": _("Now the code"),
    "title_enrol": _("A second key to your desk"),
    "title_codes": _("Your recovery codes"),
    "wrong_code": _(
        "That is not the code of this moment, or it was used already. Wait for the next one. If it is refused again, "
        "see that your phone sets its clock by itself."
    ),
    "wrong_first_code": _(
        "That is not the code that your app should show now. See that it is the newest entry in the app, and that your "
        "phone sets its clock by itself."
    ),
    "wrong_passkey": _(
        "That passkey was not taken. It may have been removed; come in another way, and make a new one."
    ),
    "passkey_stopped": _("No passkey was used. Try again, or come in with your five words."),
    "passkey_opens_nothing": _("You are signed in. This passkey cannot open your keys; your five words can."),
    # The organisation's own sign-in
    "provider_opens_nothing": _("You are signed in. Your keys stay shut until your five words or a passkey open them."),
    "provider_unknown": _(
        "You are known there, but nobody here has linked that account yet. Come in with your name and your five words, "
        "and link it on the page Your account."
    ),
    "provider_refused": _("What came back from there cannot be believed. Try again, or come in with your five words."),
    "provider_stopped": _("You were not signed in there. Try again, or come in with your five words."),
    "provider_late": _("That took too long, or was used already. Try again, or come in with your five words."),
    "provider_taken": _("A colleague has linked that account already. Are you signed in there as yourself?"),
    "provider_away": _(
        "Your organisation’s sign-in does not answer. Try again in a moment, or come in with your five words."
    ),
    "first_passkey": _("First passkey"),
    "factor_unreadable": _(
        "The server can no longer check your app. A recovery code works; or ask your supervisor to reset "
        "the second step."
    ),
    "demonstration_code": _("This is a demonstration, and {name} has no phone. The code is {code}."),
    "demonstration_no_code": _(
        "This is a demonstration. The code was used already; there is a new one in half a minute."
    ),
    "hello": _("Hello {name}. Your five words open your desk again."),
    "keys_away": _(
        "The server cannot reach the keys that it keeps apart. Tell the operator; until then nobody can sign in."
    ),
    "failed_away": _("The server cannot be reached. Please try again in a moment."),
    "failed": _("Something went wrong. Please try again."),
}
