"""Headings of the page of the contract, in both languages side by side."""

from helpline.lines.bilingual import Word

TEXTS = {
    "title": Word("The contract", "Te kirimana"),
    "who": Word("Who pays, and who runs the line", "Ko wai e utu ana, ko wai e whakahaere ana"),
    "chosen": Word("How that was decided", "Te whakatau"),
    "time": Word("From when, until when", "Te wā"),
    "levels": Word("What was promised", "Ngā oati"),
    "milestones": Word("Steps", "Ngā hikoinga"),
    "documents": Word("Documents", "Ngā tuhinga"),
    "data": Word("Data", "Raraunga"),
}
