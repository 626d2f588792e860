"""What the desk says about somebody who reads by text or mail."""

from django.utils.translation import gettext_lazy as _

from helpline.channels.models import Address

# What the person is sent with six words that lead to the web chat.
INVITATION = {
    "en": "To go on in the web chat: open {address}, press “I have a return code”, and write: {words}",
    "mi": "Kia haere tonu i te kōrero ipurangi: whakatuwheratia {address}, pēhia “I have a return code”, "
    "ka tuhi ai: {words}",
}

CARRIED = {
    "by_sms": _("By text message"),
    "by_email": _("By e-mail"),
    "windows": {str(window.value): window.label for window in Address.Window},
    "interpreter": _("Interpreter"),
    "just_now": _("Last word from them just now"),
    "last_word": _("Last word from them {time} ago"),
    "silent_sms": _(
        "Nothing from them for {time}. They may come back when it is safe. It stays open for six hours without a word."
    ),
    "silent_email": _("Nothing from them for {time}. They may come back when it is safe."),
    "promised": _("An answer is promised by {time}"),
    "promise_over": _("The promised answer is overdue since {time}"),
    "hours_one": _("1 hour"),
    "hours_many": _("{count} hours"),
    "days_one": _("1 day"),
    "days_many": _("{count} days"),
    # Parts
    "one_text": _("1 text, room for {left} more"),
    "texts": _("{count} texts, room for {left} more"),
    "wide": _("“{wide}” leaves room for 70 a text instead of 160"),
    # What became of a reply
    "carried_pending": _("Waits to be sent"),
    "carried_waits": _("Waits for a safe time: {window}"),
    "carried_sending": _("Sending …"),
    "carried_sent": _("Sent"),
    "carried_delivered": _("Delivered"),
    "carried_failed": _("Not sent. A supervisor can send it again."),
    "carried_failed_for": _("Not sent: {reason}. A supervisor can send it again."),
    "failed_reasons": {
        "unknown_address": _("their address does not exist any more"),
        "undelivered": _("it could not be delivered, and came back"),
        "refused": _("the carrier refused it"),
        "unreachable": _("the carrier could not be reached"),
        "throttled": _("the carrier was too busy"),
        "unreadable": _("its key is gone"),
        "moved": _("they had moved to the web chat"),
    },
    "never": _("They asked not to be written to. Your text is back in the box; nothing was sent."),
    "moved": _("They read on a page now. Your text is back in the box: send it there."),
    # What they need
    "window_kept": _("Safe time: {window}."),
    "language_kept": _("Noted: {language}."),
    "code_sent": _("The six words are on their way. Whoever has them can open this conversation."),
    "now_on_page": _("They read in the web chat now; nothing goes out by text or e-mail any more."),
    "gone_carried": _(
        "This conversation is no longer with you. If they wrote STOP, that was their right and says nothing about you: "
        "all of it was erased at once, their number too, and nothing more is sent to them."
    ),
    # Ready answers
    "answers_none": _("Nobody has written a ready answer for this line and channel yet."),
    "answers_none_like": _("None has that in it."),
}
