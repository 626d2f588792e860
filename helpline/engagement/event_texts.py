"""What mails to those who registered say, in both languages; the te reo Māori awaits a native speaker's review."""

from helpline.lines.bilingual import Word

TEXTS = {
    "subject": Word("Your registration", "Tō rēhitatanga"),
    "confirm": Word(
        "Kia ora,\n\nsomebody, we hope you, registered for:",
        "Kia ora,\n\nkua rēhita tētahi, ko koe pea, mō:",
    ),
    "confirm_do": Word(
        "Open this within two days, then press the button there. Before that nobody has a seat:",
        "Huakina tēnei i roto i te rua rā, kātahi ka pēhi i te pātene. I mua i tērā kāore he tūru:",
    ),
    "confirm_not_you": Word(
        "If it was not you, do nothing. Nothing else comes to this address, and it is forgotten in two days.",
        "Mēnā ehara ko koe, kaua e aha. Kāore he mea atu anō ka tae mai, ka warewaretia hoki tēnei īmēra.",
    ),
    "hello": Word("Kia ora {name},", "Kia ora {name},"),
    "coming": Word("you have a seat.", "kei a koe he tūru."),
    "waiting": Word(
        "all seats are taken, and you are on the waiting list. If one becomes free you get a mail.",
        "kua kī ngā tūru, kei te rārangi tatari koe. Ki te wātea tētahi, ka tukuna he īmēra.",
    ),
    "called_off": Word("this is called off. We are sorry.", "kua whakakorea tēnei. Aroha mai."),
    "news": Word("This is how it stands now:", "Koinei te āhua ināianei:"),
    "reminder": Word("It is soon:", "Kua tata:"),
    "online": Word("The meeting is here:", "Kei konei te hui:"),
    "directions": Word("How to get there", "Te huarahi"),
    "more": Word("All about it:", "Ngā kōrero katoa:"),
    "leave": Word(
        "If you cannot come, please open this, so that somebody else can. It also shows what we know of you:",
        "Ki te kore koe e taea te haere mai, huakina tēnei, kia whiwhi tētahi atu. Kei reira hoki ā mātou kōrero mōu:",
    ),
    "forgotten": Word(
        "Two weeks after it we forget who came.", "Ka rua wiki i muri iho, ka warewaretia e mātou ko wai i tae mai."
    ),
    "awaits": Word("", "E tatari ana ēnei kupu ki te arotake a tētahi kaikōrero Māori."),
}
