"""What figures are called, in English and in te reo Māori: both are published side by side, so they stand side by side.

The te reo is short and has not been read by a native speaker yet; every page and document in te reo says so.
"""

from helpline.lines.bilingual import Word


def _hour(hour: int) -> Word:
    name = f"{hour:02d}:00"
    return Word(name, name)


NOT_STATED = Word("Not stated", "Kāore i kīia mai")
YES_NO = {"yes": Word("Yes", "Āe"), "no": Word("No", "Kāo"), "not_stated": NOT_STATED}

# The question that each dimension answers.
DIMENSIONS = {
    "channel": Word("How people got in touch", "Te ara i whakapā mai ai"),
    "role": Word("Who is in touch", "Ko wai i whakapā mai"),
    "age": Word("Age", "Te pakeke"),
    "gender": Word("Gender", "Te ira tangata"),
    "ethnicity": Word("Ethnicity", "Te mātāwaka"),
    "region": Word("Region", "Te rohe"),
    "returning": Word("First contact or returning", "Whakapānga tuatahi, hokinga mai rānei"),
    "language": Word("Language", "Te reo kōrero"),
    "interpreter": Word("Interpreter used", "He kaiwhakawhiti reo"),
    "disability": Word("Disabled people", "Tāngata whaikaha"),
    "harm": Word("What happened", "Te momo tūkino"),
    "harm_when": Word("When it happened", "Te wā i pā ai"),
    "in_childhood": Word("It happened in childhood", "I te wā tamariki"),
    "relationship": Word("Who harmed", "Te hononga ki te tangata nāna te tūkino"),
    "need": Word("What people needed", "Ngā hiahia"),
    "outcome": Word("What followed", "Ngā putanga"),
    "disclosure": Word("Confidentiality broken for safety", "I whākina mō te haumaru"),
    "fate": Word("Answered, or left before", "I whakautua, i wehe rānei"),
    "wait": Word("How long people waited", "Te roa o te tatari"),
    "not_counselling": Word("Not a counselling contact", "Ehara i te whakapānga āwhina"),
    "weekday": Word("Day of the week", "Te rā o te wiki"),
    "hour": Word("Hour of the day", "Te hāora o te rā"),
}

CODES: dict[str, dict[str, Word]] = {
    "channel": {
        "webchat": Word("Web chat", "Kōrerorero tuihono"),
        "sms": Word("Text message", "Pātuhi"),
        "email": Word("E-mail", "Īmēra"),
        "voice": Word("Phone", "Waea"),
    },
    "role": {
        "survivor": Word("Survivor", "Mōrehu"),
        "family": Word("Family and whānau", "Whānau"),
        "friend": Word("Friend or partner", "Hoa, hoa rangatira rānei"),
        "own_behaviour": Word(
            "Worried about own thoughts or behaviour, or has harmed",
            "Māharahara ki ōna whanonga",
            short="Own thoughts or behaviour",
        ),
        "others_behaviour": Word(
            "Worried about another person’s behaviour", "Māharahara ki tētahi atu", short="Another person’s behaviour"
        ),
        "professional": Word("Professional", "Kaimahi ngaio"),
        "information": Word("Information only", "Mōhiohio anake"),
        "not_stated": NOT_STATED,
    },
    "age": {
        **{
            code: Word(code.replace("-", "–"), code.replace("-", "–"))
            for code in (
                "0-12",
                "13-19",
                "20-24",
                "25-34",
                "35-44",
                "45-54",
                "55-64",
            )
        },
        "65+": Word("65 and over", "65, pakeke ake rānei"),
        "not_stated": NOT_STATED,
    },
    "gender": {
        "female": Word("Female", "Wahine"),
        "male": Word("Male", "Tāne"),
        "another": Word("Another gender", "He ira kē atu"),
        "not_stated": NOT_STATED,
    },
    "ethnicity": {
        "european": Word("European", "Ūropi"),
        "maori": Word("Māori", "Māori"),
        "pacific": Word("Pacific Peoples", "Iwi o Te Moana-nui-a-Kiwa"),
        "asian": Word("Asian", "Āhia"),
        "melaa": Word(
            "Middle Eastern, Latin American or African",
            "Rāwhiti Waenga, Rātini, Āwherika",
            short="MELAA (see the table)",
        ),
        "other": Word("Other", "Tētahi atu"),
        "not_stated": NOT_STATED,
    },
    "region": {
        "northland": Word("Te Tai Tokerau · Northland", "Te Tai Tokerau"),
        "auckland": Word("Tāmaki Makaurau · Auckland", "Tāmaki Makaurau"),
        "waikato": Word("Waikato", "Waikato"),
        "bay_of_plenty": Word("Te Moana-a-Toi · Bay of Plenty", "Te Moana-a-Toi"),
        "gisborne": Word("Te Tairāwhiti · Gisborne", "Te Tairāwhiti"),
        "hawkes_bay": Word("Te Matau-a-Māui · Hawke’s Bay", "Te Matau-a-Māui"),
        "taranaki": Word("Taranaki", "Taranaki"),
        "manawatu": Word("Manawatū-Whanganui", "Manawatū-Whanganui"),
        "wellington": Word("Te Whanganui-a-Tara · Wellington", "Te Whanganui-a-Tara"),
        "tasman": Word("Te Tai-o-Aorere · Tasman", "Te Tai-o-Aorere"),
        "nelson": Word("Whakatū · Nelson", "Whakatū"),
        "marlborough": Word("Te Tauihu-o-te-waka · Marlborough", "Te Tauihu-o-te-waka"),
        "west_coast": Word("Te Tai Poutini · West Coast", "Te Tai Poutini"),
        "canterbury": Word("Waitaha · Canterbury", "Waitaha"),
        "otago": Word("Ōtākou · Otago", "Ōtākou"),
        "southland": Word("Murihiku · Southland", "Murihiku"),
        "overseas": Word("Overseas", "Tāwāhi"),
        "not_stated": NOT_STATED,
    },
    "returning": {
        "first": Word("First contact", "Whakapānga tuatahi"),
        "returning": Word("Has been in touch before", "Kua whakapā mai i mua"),
        "not_stated": NOT_STATED,
    },
    "language": {
        "en": Word("English", "Reo Pākehā"),
        "mi": Word("Te reo Māori", "Te reo Māori"),
        "other": Word("Another language", "He reo kē atu"),
    },
    "interpreter": YES_NO,
    "disability": YES_NO,
    "harm": {
        "adult_rape": Word("Adult rape or sexual violation", "Pāwhera pakeke"),
        "adult_assault": Word("Other adult sexual assault", "Taitōkai pakeke kē atu"),
        "child_abuse": Word("Child sexual abuse", "Taitōkai tamariki"),
        "harassment": Word("Harassment", "Whakatīwheta"),
        "online": Word("Online or image-based", "Tuihono, whakaahua rānei"),
        "exploitation": Word("Exploitation or trafficking", "Hokohoko tangata"),
        "unsure": Word("Suspected or unsure", "Kāore i te mōhio pū"),
        "not_disclosed": Word("Not disclosed", "Kāore i whākina"),
        "not_stated": NOT_STATED,
    },
    "harm_when": {
        "72h": Word("Within 72 hours", "I roto i ngā hāora 72"),
        "4-7d": Word("4–7 days before", "Ngā rā 4–7 i mua"),
        "8d-1y": Word("8 days to a year before", "Rā 8 ki te tau i mua"),
        "1-3y": Word("1–3 years before", "Tau 1–3 i mua"),
        "3y+": Word("Over 3 years before", "Neke atu i te 3 tau i mua"),
        "ongoing": Word("Ongoing", "E haere tonu ana"),
        "not_stated": NOT_STATED,
    },
    "in_childhood": YES_NO,
    "relationship": {
        "partner": Word("Partner or former partner", "Hoa rangatira, o mua rānei"),
        "family": Word("Family", "Whānau"),
        "known": Word("Known", "He tangata e mōhiotia ana"),
        "stranger": Word("Stranger", "Tauhou"),
        "professional": Word("Professional or authority", "He ngaio, he mana rānei"),
        "not_stated": NOT_STATED,
    },
    "need": {
        "emotional_support": Word("Emotional support", "Tautoko kare ā-roto"),
        "information": Word("Information", "Mōhiohio"),
        "medical": Word("Medical", "Āwhina hauora"),
        "police": Word("Police process", "Te ara Pirihimana"),
        "referral": Word("Referral to a service", "Tuku ki tētahi ratonga"),
        "safety": Word("Safety now", "Te haumaru ināianei"),
        "supporting": Word("Supporting someone", "Te tautoko i tētahi atu"),
        "own_behaviour": Word("Own behaviour", "Ōna ake whanonga"),
        "acc": Word("ACC sensitive claim", "Kerēme Tairongo ACC"),
        "not_stated": NOT_STATED,
    },
    "outcome": {
        "supported": Word("Supported", "I tautokona"),
        "signposted": Word("Told about a service", "I tohua ki tētahi ratonga"),
        "referral_offered": Word("Handing over offered", "Tukunga: i tāpaetia"),
        "referral_accepted": Word("Handing over accepted", "Tukunga: i whakaaetia"),
        "referral_reached": Word("Handing over: service reached", "Tukunga: i tae atu", short="Service reached"),
        "call_back": Word("To be called back", "Ka waea atu anō"),
        "not_stated": NOT_STATED,
    },
    "disclosure": {
        "disclosure": Word("Confidentiality broken for safety", "I whākina mō te haumaru", short="Broken for safety"),
        "no_disclosure": Word("Confidentiality kept", "I noho matatapu"),
    },
    "fate": {
        "answered": Word("Answered", "I whakautua"),
        "left_before_queue": Word("Left before the queue", "I wehe i mua i te rārangi"),
        "left_within_10s": Word("Left within 10 seconds", "I wehe i roto i te 10 hēkona"),
        "left_in_queue": Word("Left while waiting", "I wehe i te wā tatari"),
        "left_informed": Word(
            "Left after the recorded information", "I wehe i muri i te mōhiohio", short="Left once informed"
        ),
    },
    "wait": {
        "20s": Word("20 seconds at most", "20 hēkona, iti iho rānei"),
        "1m": Word("20 seconds to 1 minute", "20 hēkona ki te 1 meneti"),
        "5m": Word("1 to 5 minutes", "1 ki te 5 meneti"),
        "10m": Word("5 to 10 minutes", "5 ki te 10 meneti"),
        "longer": Word("Longer than 10 minutes", "Roa atu i te 10 meneti"),
    },
    "not_counselling": {
        "silent": Word("Silent", "Wahangū"),
        "hang_up": Word("Left within 10 seconds", "I wehe i roto i te 10 hēkona"),
        "wrong_number": Word("Wrong number", "Nama hē"),
        "test": Word("Test", "Whakamātau"),
        "prank": Word("Prank", "Hangareka"),
        "abusive": Word("Sexually abusive", "Tūkino taihemahema"),
    },
    "weekday": {
        "mon": Word("Monday", "Rāhina", short="Mon"),
        "tue": Word("Tuesday", "Rātū", short="Tue"),
        "wed": Word("Wednesday", "Rāapa", short="Wed"),
        "thu": Word("Thursday", "Rāpare", short="Thu"),
        "fri": Word("Friday", "Rāmere", short="Fri"),
        "sat": Word("Saturday", "Rāhoroi", short="Sat"),
        "sun": Word("Sunday", "Rātapu", short="Sun"),
    },
    "hour": {f"{hour:02d}": _hour(hour) for hour in range(24)},
}

# Who is counted in a table.
POPULATIONS = {
    "contacts": Word("Conversations with a counsellor", "Kōrerorero ki te kaiāwhina"),
    "offered": Word("Everybody who got in touch", "Te hunga katoa i whakapā mai"),
    "answered": Word("Everybody who was answered", "Te hunga katoa i whakautua"),
    "left": Word("Everybody who left before an answer", "Te hunga katoa i wehe i mua i te whakautu"),
    "not_counselling": Word("Answered, and not a counselling contact", "I whakautua, ehara i te whakapānga āwhina"),
}

MONTHS = (
    Word("January", "Kohitātea"), Word("February", "Huitanguru"), Word("March", "Poutūterangi"),
    Word("April", "Paengawhāwhā"), Word("May", "Haratua"), Word("June", "Pipiri"), Word("July", "Hōngongoi"),
    Word("August", "Hereturikōkā"), Word("September", "Mahuru"), Word("October", "Whiringa-ā-nuku"),
    Word("November", "Whiringa-ā-rangi"), Word("December", "Hakihea"),
)  # fmt: skip


def label(dimension: str, code: str, language: str) -> str:
    return CODES[dimension][code][language]
