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
    # As a text message: of the first there are 160 characters, and neither a name nor a reason is among them
    "tell_text": _("As you asked: {words}. Until {until}."),
    "tell_texted": _(
        "A text with four words is on its way to the number you gave. With these words you can look up what we talked "
        "about on any device, until {until}: {address}. If it does not come, tell me here."
    ),
    "tell_lead_text": _("As you asked. You choose whether and when."),
    "text_from": _(
        "It comes from {number}: whoever knows this number knows who wrote. It has four words and a day, nothing else. "
        "The number goes to the carrier alone, and is forgotten once the text is sent."
    ),
    "text_number_wrong": _("That is no mobile number. It looks like this: 021 234 5678, or +61 412 345 678."),
    "text_ask_first": _("Ask first who else sees their phone. Without an answer nothing is sent to it."),
    "text_not_taken": _("A text cannot be sent in this conversation now. The four words can be told here."),
    "here_as_text": _("As a text, in this conversation"),
    "here_as_mail": _("By e-mail, in this conversation"),
    "tell_words_come": _("(four words, made when you send)"),
    "tell_until_come": _("(a day)"),
    "tell_address_come": _("(our website)"),
}
