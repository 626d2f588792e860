"""Every sentence that the script of the invitation shows."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "invited": _("Hello {name}. You are invited as {role}; you will sign in as {username}."),
    "on_lines": _("You will work on: {lines}. Help-seekers see you as {pseudonym}."),
    "unknown": _(
        "These words lead to no invitation. Check each of the six; an invitation is good for a week and for one person."
    ),
    "name_taken": _("Somebody else signs in under this name by now. Please ask whoever invited you to do so again."),
    "not_the_same": _("That is not what stood here. Check your note, or show the words again."),
    "working": _("Making your keys in this browser. This takes a second or two, on purpose."),
    "failed_away": _("The server cannot be reached. Please try again in a moment; nothing is lost."),
    "failed": _("Something went wrong. Please try again."),
}
