"""Every sentence that the desk's script shows, so that each can be translated; the page carries them as JSON.

`{name}` is filled in by the script. Where a number decides, there is one sentence for one and one for more.
"""

from django.utils.translation import gettext_lazy as _

from helpline.lines.languages import LANGUAGES
from helpline.routing.models import Urgency
from helpline.workspace.board_words import BOARD
from helpline.workspace.carried_words import CARRIED
from helpline.workspace.door_words import DOOR
from helpline.workspace.finding_words import FINDING
from helpline.workspace.key_words import KEYS
from helpline.workspace.referral_words import REFERRALS

WORDS = {
    **BOARD,
    **CARRIED,
    **DOOR,
    **FINDING,
    **KEYS,
    **REFERRALS,
    # Who waits
    "nobody_waits": _("Nobody is waiting."),
    "no_offer": _("Nobody is offered to you just now."),
    "offered_here": _("Offered to you"),
    "offered_elsewhere": _("Offered"),
    "taken": _("They are no longer waiting: a colleague was faster, or they left."),
    "full": _("You hold as many conversations as you said you can. Raise the number above to take one more."),
    # What is offered
    "offered": _(
        "Somebody for you: {line}, {urgency}, {channel}, waiting for {time}. {why} F2 accepts; {count} seconds."
    ),
    "has_waited": _("waits {time}"),
    "seconds_left": _("{count} s left"),
    "declined": _("Thank you for saying so. They are being offered to somebody else."),
    "lapsed": _("It went on to a colleague. Nobody was lost."),
    "went_on": _("They are no longer waiting: somebody else took them up, or they left."),
    "because_in_danger": _("In danger now: whoever can answer is asked at once."),
    "because_overdue": _("They have waited longer than we promise."),
    "because_urgent": _("Urgent, so before others."),
    "because_next": _("Next in line."),
    "because_gap": _("An e-mail, for a quiet moment: nobody live is waiting for you."),
    "because_continuity": _("You have talked with them before."),
    "because_language": _("You speak their language."),
    "because_skill": _("You have the skill that is needed."),
    "because_gender": _("You are whom they asked for."),
    "because_supervisor": _("They need a supervisor."),
    "because_overflow": _("From a line that you help out on."),
    "because_only_one": _("You are the only one free who can."),
    "because_not_asked_yet": _("Others were asked already."),
    "because_own_line": _("It is your own line."),
    "because_phone_kept_free": _("Somebody else is kept free for the phone."),
    "because_least_loaded": _("You have the most room."),
    "because_longest_free": _("You have been free the longest."),
    "because_fewest_heavy": _("Your shift has been lighter so far."),
    "because_senior": _("You have the experience for it."),
    "dropped_gender": _("They asked for somebody of another gender, and nobody like that is free."),
    "dropped_continuity": _("The colleague they know is not free."),
    "dropped_senior": _("Nobody more experienced is free."),
    # What holds one, and what one needs
    "hands_open_one": _("1 open"),
    "hands_open_many": _("{count} open"),
    "hands_to_record_one": _("1 to record"),
    "hands_to_record_many": _("{count} to record"),
    "hands_free_one": _("1 hand free"),
    "hands_free_many": _("{count} hands free"),
    "this_shift": _("This shift: {counts}"),
    "heavy_one": _("1 heavy"),
    "heavy_many": _("{count} heavy"),
    "abusive_one": _("1 abusive"),
    "abusive_many": _("{count} abusive"),
    "break_due": _("A break is due."),
    "break_offered": _("That was a heavy one. A break is offered to you."),
    "set_away": _("Two offers went on to colleagues. You are set to away."),
    "training_soon": _("Your course “{course}” runs out on {on}. After that you are not offered: {what}."),
    "training_expired": _(
        "Your course “{course}” ran out on {on}. Until you have done it again you are not offered: {what}."
    ),
    "training_missing": _("You have not done the course “{course}” yet. Until then you are not offered: {what}."),
    # Conversations
    "chat": _("Chat {time}"),
    "text": _("Text {time}"),
    "mail": _("Mail {time}"),
    "urgencies": {str(int(each)): each.label for each in Urgency},
    "triaged": _("Now in the class: {urgency}."),
    "no_script": _("No JavaScript"),
    "new_one": _("1 new"),
    "new_many": _("{count} new"),
    "new_in": _("New message in {chat}."),
    "to_record": _("To record"),
    "you_wrote_last": _("You wrote last"),
    "wrote_last": _("{name} wrote last"),
    "waits_for_you": _("Waits for you · {time}"),
    "nothing_said": _("Nothing said yet"),
    "opening": _("Opening …"),
    "now_yours": _("{chat} is with you now."),
    "writes": _("is writing …"),
    "they": _("Person"),
    "you": _("You"),
    "system": _("Notice"),
    "unreadable": _("This message could not be opened."),
    "waits_for_key": _(
        "This conversation came back without a key. It opens by itself as soon as the person's page or a supervisor "
        "has sealed a new one."
    ),
    "no_key": _("The words cannot be opened: they were erased, or never sealed to you."),
    "sending": _("Sending …"),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "not_sent": _("Not sent: the conversation had ended. Your text is back in the box."),
    "too_long": _("Too long by {count} bytes. Please send it in two parts."),
    "enter_sends": _("Enter sends · Shift+Enter: new line"),
    "ctrl_sends": _("Ctrl+Enter sends · Enter: new line"),
    # Colleagues
    "is_reading": _("{name}, a supervisor, is reading along"),
    "is_joined": _("{name}, a supervisor, has joined"),
    "is_three_way": _("{name} is here for a moment"),
    "service": _("A service"),
    "is_service": _("{name} is here, and reads from when they came"),
    "guest_words": _("Words of their key: {words}. If they ring you, the service reads the same from its page."),
    "is_counsellor": _("{name} is the counsellor"),
    "you_read": _("You read along. The person and {name} know."),
    "asked_in": _("{chat}: a colleague asks you in for a moment."),
    "whispers_with": _("Only between staff: {names} and you"),
    "whisper_to": _("Whisper to {name}"),
    "whisper_left": _("Somebody has just left, so nobody got this. Send it again to those who are here."),
    "whisper_of": _("{name} whispers in {chat}."),
    "help_called": _("A supervisor has been asked to help. You need not wait to go on."),
    "help_seen": _("{name} has seen your call and is coming."),
    "disclosure_asked": _("Asked to break confidentiality: waits for a supervisor."),
    "disclosure_approved": _("{name} has approved breaking confidentiality."),
    "disclosure_declined": _("{name} has not approved breaking confidentiality. Talk with them before you go on."),
    "disclosure_text": _("Why: {reason}\n\nWhat is told: {what}\n\nTo whom: {whom}"),
    "handover_asked": _("Asked whether they want to be handed over. Waits for their answer."),
    "handover_asked_by_text": _(
        "Ask them in your own words whether they want to be handed over, and say here what they answer."
    ),
    "handover_agreed": _("They said yes. Handing over …"),
    "handover_declined": _("They would rather stay with you."),
    "handover_withdrawn": _("Taken back; they stay with you."),
    "asked_already": _("Another request is under way. Withdraw it first."),
    "passed_on": _("Handed over. They keep their place in the queue."),
    "note_from": _("Note from {name}"),
    "note_own": _("Your note, as they see it"),
    # Ending
    "ended_by_help_seeker": _("The person ended it at {time}."),
    "ended_by_counsellor": _("You ended it at {time}."),
    "ended_by_system": _("It ended at {time}."),
    "gone": _("This conversation is no longer with you: it was handed over, or erased by the person."),
    "handed_over": _("Handed over to {name}."),
    "nobody_free": _("Nobody else has a hand free just now."),
    "not_free": _("That colleague is no longer free. Here is who is free now."),
    "load": _("{count} of {capacity}"),
    "recorded": _("Recorded."),
    "record_refused": _("Some answers were not accepted: {fields}. Please choose again."),
    "month_closed": _(
        "The month of this contact is closed: it is counted as it is, and nothing in it changes any more. Thank you."
    ),
    "write_record": _("Write the record"),
    "correct_record": _("Correct the record"),
    "show_words": _("Show the conversation"),
    "hide_words": _("Hide the conversation"),
    # The desk itself
    "away_notice": _("The server cannot be reached. Trying again; what you send waits here until it is back."),
    "back_notice": _("Connected again."),
    "sound_on": _("Sound on"),
    "sound_off": _("Sound off"),
    "minutes_one": _("1 minute"),
    "minutes_many": _("{count} minutes"),
    "seconds_one": _("1 second"),
    "seconds_many": _("{count} seconds"),
    "languages": LANGUAGES,
}
