"""The sentences of finding help beside a conversation, and of what the person then reads."""

from django.utils.translation import gettext_lazy as _

FINDING = {
    "finding": _("Looking …"),
    "found_one": _("1 service"),
    "found_many": _("{count} services"),
    "find_first": _("Say what is needed, or what is known in codes. Nothing is read from the conversation."),
    "find_failed": _("That did not work just now. Please try again."),
    "take_away": _("Take away: {what}"),
    "for_those_who_harm": _("For people who have harmed or fear that they might: kept apart from what is for others."),
    "chosen": _("{count} of {most} chosen"),
    "stale": _("Not checked for half a year: call first."),
    "checked": _("Checked on {on}"),
    "free": _("Free"),
    "told_sent": _("Sent. The service is noted as told about."),
    # What the person reads
    "ask_who_sees": _("Before I send you this: does anybody else look at your phone or computer?"),
    "tell_lead": _("Here is what we talked about. You choose whether and when you get in touch."),
    "tell_phone": _("Phone: {number}"),
    "tell_words": _(
        "You can look up what we talked about on any device, until {until}: go to {address} and write these four "
        "words: {words}. There you can read it, print it or delete it."
    ),
    "tell_words_come": _("(four words, made when you send)"),
    "tell_until_come": _("(a day)"),
    "tell_address_come": _("(our website)"),
}
