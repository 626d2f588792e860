"""Every sentence that the chat page's script shows: it keeps none of its own. {braces} are filled by the script."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    # where one stands
    "next": _("You are next. Someone will be with you soon."),
    "place": _("You are number {place} in line."),
    "minutes": _("In the last hours, most people waited between {low} and {high} minutes."),
    "minutes_one": _("In the last hours, most people waited less than a minute."),
    "minutes_unknown": _("We cannot say yet how long it will be. Your place is kept."),
    "minutes_longer": _("Today you wait longer than most people. We are sorry. Your place is kept."),
    "overtaken": _("Someone else had to go first. Your place is kept."),
    "crowding": _(
        "Very many chats come from your network just now, so it may take longer. You are still in line. You can also"
        " call."
    ),
    "nobody": _("Nobody is here to answer just now."),
    "nobody_detail": _("Your place is kept. You can write now and come back for the answer with a return code."),
    "nobody_code": _("Your message is kept. Come back with your return code for the answer."),
    "left": _("You have left the line for a moment."),
    "left_until": _("Your place is kept until {time}."),
    "left_too_late": _("Someone is with you already, so you stay in the chat."),
    # who is there
    "with": _("You are talking with {name}."),
    "reading": _("{name}, a supervisor, is reading along."),
    "joined": _("{name}, a supervisor, is here too."),
    "three_way": _("{name}, a colleague, is here too."),
    "service": _("{name} is here too, and reads along from when they came."),
    # what was said
    "you": _("You"),
    "specialist": _("Specialist"),
    "someone": _("Someone"),
    "system": _("Safe to know"),
    "sending": _("Sending …"),
    "waiting_to_send": _("Not sent yet. We keep trying."),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "not_sent": _("Not sent"),
    "cannot_open": _("This message cannot be opened on this device."),
    "is_writing": _("{name} is writing …"),
    "reconnecting": _("The connection is gone. We keep trying. What you write stays here and is sent when it is back."),
    "back": _("You are connected again."),
    # being handed over
    "handover_asks": _("{by} asks you something. Your answer is needed above the box."),
    "handover_colleague": _("{by} would like to hand over to a colleague, {to}."),
    "handover_line": _("{by} would like to hand over to another line: {to}."),
    "handover_skill": _("{by} would like to hand over to a colleague who knows about this: {to}."),
    "handover_supervisor": _("{by} would like to hand over to a supervisor."),
    "handover_consent": _(
        "If you say yes, the people of {to} can read what was said here, and our people no longer can. You stay in"
        " this chat and keep your place. If you say no, nothing changes."
    ),
    "handover_note": _("{by} wrote this for them, so that you do not have to tell it twice:"),
    "handover_yes": _("Pass it on"),
    "handover_yes_plain": _("Yes, hand over"),
    "handover_no": _("Stay with {by}"),
    "handover_agreed": _("Thank you. Please stay here: the next person comes into this chat."),
    "handover_declined": _("That is fine. You stay with {by}, and the note is destroyed."),
    # the box
    "empty": _("There is nothing to send yet."),
    "room": _("You have room for about {letters} more letters in this message."),
    "too_long": _("This is too long for one message. Send the first part, then the rest. Your words stay here."),
    "not_turned": _("That did not work. Please try again."),
    # starting and coming back
    "starting": _("The chat is starting …"),
    "proving": _("Very many people write to us now. Your device is getting you in. This takes a few seconds …"),
    "trying": _("We cannot reach our system just now. We keep trying. You do not need to do anything."),
    "six_words": _("A return code has six words. Please look at it again."),
    "opening": _("Opening. On an old phone this takes a few seconds …"),
    "wrong_code": _("These words open no chat. A word may be wrong, or the code may have run out."),
    "reading_failed": _("The page did not load. Please try again."),
    # asking first
    "end_title": _("End this chat?"),
    "end_text": _("Nobody can write in it after that. You can start a new chat at any time."),
    "end_yes": _("Yes, end it"),
    "keep_title": _("Get a return code?"),
    "keep_text": _("You get six words. Whoever has them can read this chat and go on with it. An older code ends."),
    "keep_yes": _("Yes, show me the words"),
    "keeping": _("Making your words. On an old phone this takes a few seconds …"),
    "erase_title": _("Erase everything now?"),
    "erase_text": _("The chat ends, and every word of it is destroyed, for you and for us. This cannot be undone."),
    "erase_yes": _("Yes, erase everything"),
    "erasing": _("Erasing …"),
    "failed": _("That did not work. Please try again."),
    # the end
    "blocked": _("This chat is closed here for now"),
    "ended_by_you": _("You ended it."),
    "ended_by_name": _("{name} ended it. Thank you for talking with us."),
    "again_first": _("A new chat. We ask {name} first, if they are here."),
    "ended_waiting": _("You left before someone could answer. You can come back at any time."),
    "ended_left": _(
        "We kept your place for 10 minutes. Then this chat ended. That is all right. You can start again now, and it"
        " does not count against you."
    ),
    "stays_code": _("You took a return code, so you can read this chat again until the code runs out."),
    "survey_thanks": _("Thank you. That helps us to do better."),
    "held_title": _("This chat is closed, and kept"),
    "held": _(
        "The law makes us keep the locked words until {date}. Nobody can open them here any more. Then we erase them."
    ),
    "erased": _("Everything that was said in this chat was erased from our system on {date}, at {time}."),
    # trouble
    "broken": _("Something on this page stopped working. What was sent is safe. Load this page again to go on."),
}
