"""What mails and pages of updates say besides what editors wrote, in both languages."""

from helpline.engagement.models import Topic
from helpline.lines.bilingual import Language, Word

TOPICS = {
    Topic.FIGURES: Word("Figures: who gets in touch, and why", "Ngā tatauranga: ko wai ka whakapā mai, he aha ai"),
    Topic.NEWS: Word("News of the sector", "Ngā kōrero o te rāngai"),
    Topic.PROVIDERS: Word("For service providers", "Mā ngā kaituku ratonga"),
    Topic.EVENTS: Word("Events: hui, roadshows, training", "Ngā hui me ngā whakangungu"),
    Topic.CONSULTATIONS: Word("Consultations: have your say", "Ngā uiuinga: tukuna mai ō whakaaro"),
}
TEXTS = {
    "updates": Word("Updates", "Ngā pānui"),
    "lead": Word(
        "News for people who work with us or near us, by e-mail. You choose what about.",
        "He pānui īmēra mā te hunga e mahi tahi ana mātou. Māu e kōwhiri ngā kaupapa.",
    ),
    "seen_title": Word("Does someone else look at your e-mail?", "Ka titiro tētahi atu ki ō īmēra?"),
    "seen": Word(
        "Then please do not sign up. Our mails say nothing about you, and no line’s name is in the sender. But someone "
        "who reads your mail can see that they come from here. You can read everything on this website instead. "
        "Nothing of that stays with us.",
        "Mēnā ka pērā, kaua e rēhita. Kāore ā mātou īmēra e kōrero mōu, kāore hoki te ingoa o te waea i te kaituku. "
        "Engari ka kite te tangata e pānui ana i ō īmēra nō konei mai. Ka taea ngā pānui katoa te pānui ki tēnei "
        "paetukutuku. Kāore mātou e pupuri i tērā.",
    ),
    "read_here": Word("Read them here, without an address", "Pānuitia ki konei, kāore he īmēra"),
    "not_help": Word(
        "This is not the way to get help. To talk to someone, go to the",
        "Ehara tēnei i te ara āwhina. Hei kōrero ki tētahi, haere ki te",
    ),
    "first_page": Word("first page", "whārangi tuatahi"),
    "about": Word("What about?", "Ko ēhea kaupapa?"),
    "about_help": Word("Choose one or more.", "Kōwhiria kia kotahi, neke atu rānei."),
    "where": Word("From where?", "Nō hea?"),
    "where_help": Word(
        "With one region you get what is for everyone and what is for that region.",
        "Ki te kōwhiri rohe, ka tae atu ngā mea mā te katoa me ngā mea mā taua rohe.",
    ),
    "everywhere": Word("Everywhere", "Ngā rohe katoa"),
    "language": Word("In which language?", "Ko tēhea reo?"),
    "language_help": Word(
        "Where we have no te reo Māori version, you get the English one.",
        "Mēnā kāore he putanga reo Māori, ka tae atu te reo Pākehā.",
    ),
    "address": Word("Your e-mail address", "Tō īmēra"),
    "address_help": Word("An address at work is best.", "Ko te īmēra mahi te mea pai."),
    "sign_up": Word("Sign up", "Rēhita mai"),
    "kept": Word(
        "We keep your address locked, and use it for nothing else. We do not count who opens a mail. Each mail has a "
        "link that ends it with one press.",
        "Ka maukati tō īmēra, kāore e whakamahia mō tētahi atu take. Kāore mātou e tatau ko wai ka huaki īmēra. Kei ia "
        "īmēra he hono hei whakamutu i te pānga kotahi.",
    ),
    "no_topic": Word("Choose at least one.", "Kōwhiria kia kotahi i te iti rawa."),
    "no_address": Word(
        "That is no e-mail address. Look for a missing @ or dot.",
        "Ehara tēnā i te īmēra. Tirohia mēnā kua ngaro te @, te ira rānei.",
    ),
    "no_choice": Word("Choose one of these.", "Kōwhiria tētahi o ēnei."),
    "not_sent": Word(
        "We could not send you a mail just now. What you wrote is still here. Please try again in a few minutes.",
        "Kāore i taea te tuku īmēra i tēnei wā. Kei konei tonu āu kupu. Ngana anō ā ngā meneti e heke mai nei.",
    ),
    "look": Word("Look into your mail", "Tirohia ō īmēra"),
    "look_lead": Word(
        "If that address can get our mails, one is on its way. Open the link in it within two days, then press the "
        "button there. Before that, nothing else goes to it.",
        "Mēnā ka tae ā mātou īmēra ki tēnā wāhi, kei te haere atu tētahi. Huakina te hono i roto i te rua rā, kātahi "
        "ka pēhi i te pātene. I mua i tērā, kāore he mea atu anō ka tukuna.",
    ),
    "look_none": Word(
        "No mail? Look in the folder for junk, or check the address and sign up again.",
        "Kāore he īmēra? Tirohia te kōpaki para, whakatikaina rānei te īmēra, ka rēhita anō.",
    ),
    "confirm": Word("Is this what you want?", "Koinei tāu e hiahia ana?"),
    "confirm_lead": Word("Press the button, and you will get:", "Pēhia te pātene, ā, ka whiwhi koe i:"),
    "confirm_yes": Word("Yes, send me these", "Āe, tukuna mai"),
    "confirm_no": Word(
        "Was it not you? Then close this page. Nothing will be sent.",
        "Ehara i a koe? Katia tēnei whārangi. Kāore he mea ka tukuna.",
    ),
    "confirmed": Word("Thank you. You are signed up.", "Ngā mihi. Kua rēhita koe."),
    "confirmed_lead": Word(
        "Each mail has a link to this page, where you can change what you get, or end it.",
        "Kei ia īmēra he hono ki tēnei whārangi, hei whakarerekē, hei whakamutu rānei.",
    ),
    "over": Word("This link does not work any more", "Kua kore tēnei hono e mahi"),
    "over_lead": Word(
        "It was used, or is more than two days old, or you have ended your updates. If you would like them, sign up "
        "again.",
        "Kua whakamahia kētia, kua hipa te rua rā, kua whakamutua rānei ō pānui. Ki te hiahia, rēhita anō.",
    ),
    "mine": Word("What you get", "Ngā pānui ka tae atu ki a koe"),
    "save": Word("Save", "Tiakina"),
    "saved": Word("Saved.", "Kua tiakina."),
    "stop_one": Word("No more of this?", "Kia mutu tēnei?"),
    "stop_this": Word("Stop this", "Whakamutua tēnei"),
    "stopped_one": Word("You will get no more of this:", "Kāore koe e whiwhi anō i tēnei:"),
    "still": Word("You still get:", "Ka tae tonu atu:"),
    "change_link": Word("Change what you get", "Whakarerekētia ō pānui"),
    "stop_all": Word("End everything", "Whakamutua katoatia"),
    "stop_all_lead": Word(
        "This ends every topic. Your address is erased at once.",
        "Ka mutu ngā kaupapa katoa, ā, ka mukua tō īmēra i taua wā tonu.",
    ),
    "stopped_all": Word("You will get no more mails.", "Kāore koe e whiwhi īmēra anō."),
    "stopped_all_lead": Word(
        "We have erased your address. Nothing of you is left here.",
        "Kua mukua tō īmēra. Kāore he mea mōu e toe ana i konei.",
    ),
    "away": Word("We cannot do that just now", "Kāore e taea i tēnei wā"),
    "away_lead": Word("Please try again in a few minutes.", "Ngana anō ā ngā meneti e heke mai nei."),
    "archive": Word("All updates", "Ngā pānui katoa"),
    "archive_lead": Word("What we have sent, the newest first.", "Ngā mea kua tukuna, ko te hou i mua."),
    "none_yet": Word("Nothing has been sent yet.", "Kāore anō kia tukuna he pānui."),
    "feed": Word("Get them in a feed reader (Atom)", "Whāia mā te kaipānui whāngai (Atom)"),
    "by_mail": Word("Get them by e-mail", "Whiwhi mā te īmēra"),
    "for_region": Word("For:", "Mō:"),
    "only_english": Word("This one is in English only.", "Kei te reo Pākehā anake tēnei."),
    "other_language": Word("Te reo Māori", "English"),
    "review": Word("", "Kāore anō te reo o ēnei whārangi kia arotakea e tētahi kaikōrero taketake."),
    "review_en": Word("", "The te reo on these pages awaits review by a native speaker."),
    # In mails
    "sender": Word("Updates", "Updates"),
    "confirm_subject": Word("Please confirm your e-mail address", "Whakaūngia tō īmēra"),
    "confirm_text": Word(
        "Kia ora,\n\nsomebody, we hope you, asked for updates to this address.\n\nOpen this within two days, then "
        "press the button there:\n\n{address}\n\nIf it was not you, do nothing. No other mail will come.\n",
        "Kia ora,\n\ni tonoa ngā pānui ki tēnei īmēra; ko te tūmanako nāu.\n\nHuakina tēnei i roto i te rua rā, kātahi "
        "ka pēhi i te pātene:\n\n{address}\n\nMēnā ehara i a koe, kaua e aha. Kāore he īmēra anō ka tae atu.\n",
    ),
    "question_subject": Word("Your question", "Tō pātai"),
    "question_answered": Word(
        "Kia ora,\n\nwhat was asked from this address is answered here:\n\n{address}\n\nWe have erased the question "
        "and this address. No other mail will come.\n",
        "Kia ora,\n\nkei konei te whakautu ki te pātai nō tēnei īmēra:\n\n{address}\n\nKua mukua e mātou te pātai me "
        "tēnei īmēra. Kāore he īmēra anō ka tae atu.\n",
    ),
    "why": Word("You get this because you asked for:", "Ka tae atu tēnei nā tō tono i te kaupapa:"),
    "mail_stop": Word("Stop this", "Whakamutua tēnei"),
    "mail_change": Word("Change what you get, or end everything", "Whakarerekētia, whakamutua katoatia rānei"),
    "mail_read": Word("Read it on the website", "Pānuitia ki te paetukutuku"),
}


def in_language(language: str) -> dict[str, str]:
    return {name: word[language] for name, word in TEXTS.items()}


def topic_name(topic: str, language: str) -> str:
    return TOPICS[Topic(topic)][language]


def topics_in(language: str) -> list[tuple[str, str]]:
    return [(topic.value, word[language]) for topic, word in TOPICS.items()]


def languages() -> list[tuple[str, str]]:
    return [(each.value, str(each.label)) for each in Language]
