"""What the pages say besides the names of things (`names.py`), in both languages."""

from helpline.lines.bilingual import Language, Word

TEXTS = {
    "figures": Word("Figures", "Ngā tatauranga"),
    "lead": Word(
        "Who got in touch, why, and how it went. Nobody can be recognised in these figures.",
        "Ko wai i whakapā mai, he aha ai, ā, i pēhea. Kāore e taea te tautohu i tētahi tangata i ēnei tatauranga.",
    ),
    "none_yet": Word("No figures have been published yet.", "Kāore anō kia whakaputaina he tatauranga."),
    "other_language": Word("Te reo Māori", "English"),
    "review": Word(
        "",
        "Kāore anō te reo o ēnei whārangi kia arotakea e tētahi kaikōrero taketake.",
    ),
    "review_en": Word("", "The te reo on these pages awaits review by a native speaker."),
    "key_figures": Word("The month in four figures", "Ngā tatauranga matua e whā"),
    "key_figures_year": Word("The year so far in four figures", "Ngā tatauranga matua e whā o te tau"),
    "got_in_touch": Word("got in touch", "i whakapā mai"),
    "conversations": Word("conversations with a counsellor", "kōrerorero ki te kaiāwhina"),
    "talks": Word("Conversations", "Kōrerorero"),
    "were_answered": Word("of those who got in touch were answered", "o te hunga i whakapā mai i whakautua"),
    "within_a_minute": Word(
        "of those answered waited a minute at most", "o te hunga i whakautua i tatari mō te meneti, iti iho rānei"
    ),
    "year_before": Word("A year before", "I tērā tau"),
    "rounding_title": Word("How to read these figures", "Me pēhea te pānui i ēnei tatauranga"),
    "rounding": Word(
        "Each figure is rounded to a multiple of 3, up or down, in such a way that all tables still add up. So a "
        "figure may be up to 3 away from what was counted: a 0 does not mean that there was nobody, and a 3 does not "
        "mean that there was somebody. Percentages come from the rounded figures. One person counts at most three "
        "times a month, where the line knows that it is the same person.",
        "Ka whakaāwhiwhia ia tatauranga ki tētahi taurea o te 3, kia tika tonu ai ngā tapeke. Nō reira, tērā pea ka "
        "rerekē te tatauranga i te mea i tatauria mā te 3, iti iho rānei: ehara te 0 i te tohu kāore he tangata, ehara "
        "hoki te 3 i te tohu he tangata. Nō ngā tatauranga kua whakaāwhiwhia ngā ōrau. E toru te nuinga o ngā wā ka "
        "tatauria te tangata kotahi i te marama, mēnā e mōhiotia ana ko ia anō.",
    ),
    "coarser": Word(
        "Some tables could not be protected well enough this time, and were not published. Edition:",
        "Kāore i taea te āta tiaki ētahi ripanga i tēnei wā, nā reira kāore i whakaputaina. Putanga:",
    ),
    "how": Word("How the figures are made", "Te hanga o ngā tatauranga"),
    "contract": Word("The contract", "Te kirimana"),
    "trend": Word("Over 24 months", "I ngā marama 24"),
    "who": Word("Who", "Ko wai"),
    "why": Word("Why", "He aha ai"),
    "when": Word("When", "Nōnahea"),
    "channel": Word("By which way", "Mā te ara hea"),
    "fast": Word("How fast", "Te tere"),
    "followed": Word("What followed", "Ngā putanga"),
    "others": Word("Other contacts", "Ētahi atu whakapānga"),
    "sections": Word("On this page", "Kei tēnei whārangi"),
    "words": Word("The words that are counted by", "Ngā kupu tatau"),
    "count": Word("Number", "Te maha"),
    "share": Word("Share", "Ōrau"),
    "all_share": Word("All contacts", "Te katoa"),
    "total": Word("Total", "Tapeke"),
    "month": Word("Month", "Marama"),
    "several": Word(
        "A person may count in more than one group, so that the groups come to more than the total.",
        "Tērā pea ka tatauria te tangata ki ngā rōpū maha, nō reira ka nui ake te tapeke o ngā rōpū i te tapeke katoa.",
    ),
    "compared": Word(
        "The bar is this group; the upright line is all contacts.",
        "Ko te pae tēnei rōpū; ko te rārangi poutū te katoa.",
    ),
    "choose": Word("Choose a row to see that group alone.", "Tīpakohia he rārangi kia kite i taua rōpū anake."),
    "more": Word("More groups", "Ētahi atu rōpū"),
    "this_group": Word("of all conversations", "o ngā kōrerorero katoa"),
    "too_few": Word(
        "This group is small this month, so that no percentages are shown.",
        "He iti tēnei rōpū i tēnei marama, nō reira kāore ngā ōrau e whakaaturia.",
    ),
    "median": Word("Half waited at most", "Ko te haurua i tatari mō te"),
    "p90": Word("Nine in ten waited at most", "E iwa i te tekau i tatari mō te"),
    "waits": Word("Usual and long waits", "Te tatari noa, te tatari roa"),
    "waits_note": Word(
        "Only where 30 or more were answered, to the nearest 5 seconds.",
        "Mēnā 30, neke atu rānei i whakautua; ki te 5 hēkona tata rawa.",
    ),
    "yes_no": Word("Interpreters, and disabled people", "Ngā kaiwhakawhiti reo, ngā tāngata whaikaha"),
    "hours": Word("Days and hours", "Ngā rā me ngā hāora"),
    "hours_lead": Word(
        "When conversations began, nationally, in the whole quarter. It is published by the quarter only, so that "
        "it tells of nobody when they were in touch.",
        "Te wā i tīmata ai ngā kōrerorero, puta noa i te motu, i te hauwhā katoa.",
    ),
    "by_year": Word(
        "How often a counsellor told somebody else, to keep a person safe. It is published once a year, for the whole "
        "country.",
        "E hia ngā wā i whākina atu ki tētahi atu, kia haumaru ai te tangata. Kotahi te whakaputanga i te tau, mō te "
        "motu katoa.",
    ),
    "downloads": Word("Download", "Tikiake"),
    "csv": Word("Table (CSV)", "Tūtohi (CSV)"),
    "json": Word("Data with its dictionary (JSON)", "Raraunga me tōna papakupu (JSON)"),
    "pdf": Word("Document (PDF)", "Tuhinga (PDF)"),
    "archive": Word("All months", "Ngā marama katoa"),
    "year_to_date": Word("The year so far", "Te tau ki tēnei wā"),
    "earlier": Word("Month before", "Te marama o mua"),
    "later": Word("Month after", "Te marama o muri"),
    "quarter": Word("Quarter", "Hauwhā"),
    "published": Word("Published", "I whakaputaina"),
    "notes": Word("Corrections", "Ngā whakatikatika"),
    "signed": Word("Who released it, and how to check", "Nā wai i tuku, me te taki"),
    "signed_by": Word(
        "Two people of this line signed these figures, each with a key of their own. Since then they cannot change.",
        "E rua ngā kaimahi i haina i ēnei tatauranga, ki tā rāua ake kī. Mai i taua wā kāore e taea te whakarerekē.",
    ),
    "signed_year": Word(
        "This year is the sum of its months. Two people signed each of them.",
        "Ko te tapeke tēnei tau o ōna marama. E rua ngā tāngata i haina i ia marama.",
    ),
    "key": Word("Key", "Kī"),
    "released": Word("Released", "I tukuna"),
    "sealed": Word("The figures as they were signed (JSON)", "Ngā tatauranga i hainatia (JSON)"),
    "signatures": Word("Both signatures (JSON)", "Ngā hainatanga e rua (JSON)"),
    "certificate": Word(
        "Other tables that fit as well: what shows that nobody can be worked out (JSON)",
        "Ētahi atu tūtohi e hāngai ana: te tohu kāore e kitea tētahi tangata (JSON)",
    ),
    "check": Word("How to check", "Me pēhea te taki"),
    "latest": Word("The latest month", "Te marama hou"),
    "by_mail": Word("Hear of new figures by e-mail", "Whāia ngā tatauranga hou mā te īmēra"),
    "subscribe": Word("Follow new months (Atom feed)", "Whāia ngā marama hou (Atom)"),
    "seconds": Word("s", "hēk"),
    "minutes": Word("min", "men"),
}


def in_language(language: Language) -> dict[str, str]:
    return {name: word[language] for name, word in TEXTS.items()}
