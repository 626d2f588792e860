"""Consultations announce themselves to whoever asked for that topic: once when one opens, once with its answer."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from helpline.content.consultations import in_language, open_or_answered
from helpline.content.models import ConsultationPage
from helpline.engagement.models import LONGEST_TITLE, Topic
from helpline.engagement.writing import Announcement, announce
from helpline.lines.bilingual import Language, Word

OPENS = Word("Have your say: {title}", "Tukuna mai ō whakaaro: {title}")
OPENS_TEXT = Word(
    "{summary}\n\nRead it, and say what you think, until the end of {day}. You need no account, and give no name.\n\n"
    "{address}",
    "{summary}\n\nPānuitia, tukuna mai ō whakaaro, tae noa ki te mutunga o te {day}. Kāore he pūkete, kāore he ingoa e "
    "hiahiatia ana.\n\n{address}",
)
ANSWER = Word("What you said, and what we did: {title}", "I kōrero koutou, i mahi mātou: {title}")
ANSWER_TEXT = Word(
    "It has closed. What was said, and what came of it, stands at each section.\n\n{address}",
    "Kua kati. Kei ia wāhanga ngā kōrero i tukuna mai, me ngā mahi i puta.\n\n{address}",
)


def announce_consultations(now: dt.datetime) -> int:
    """Of every line; returns how many there were to announce. Run it as often as one likes."""
    today = timezone.localdate(now)
    return sum(_announce(page, today) for page in open_or_answered(today))


@transaction.atomic
def _announce(page: ConsultationPage, today: dt.date) -> bool:
    is_open = page.state_on(today) == "open"
    title, text = (OPENS, OPENS_TEXT) if is_open else (ANSWER, ANSWER_TEXT)
    # One that is asked again, with other days, is announced again.
    source = f"consultation:{page.translation_key.hex}:{page.opens_on:%Y%m%d}:{'open' if is_open else 'answer'}"
    english, te_reo = (_filled(page, title, text, each) for each in (Language.ENGLISH, Language.TE_REO))
    return announce(page.home.line, Announcement(source, Topic.CONSULTATIONS, *english, *te_reo))


def _filled(page: ConsultationPage, title: Word, text: Word, language: Language) -> tuple[str, str]:
    read = in_language(page, language)
    words = {
        "title": read.title.words,
        "summary": read.summary.words,
        "day": f"{page.closes_on.day}/{page.closes_on.month}/{page.closes_on.year}",
        "address": page.address_in(language),
    }
    headline = Truncator(title[language].format(**words)).chars(LONGEST_TITLE)
    return headline, text[language].format(**words).strip()
