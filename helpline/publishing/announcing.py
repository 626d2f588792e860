"""That a month's figures were released, or that a note stands beside them: the words for whoever asked to hear it."""

from helpline.engagement.models import Topic
from helpline.engagement.writing import Announcement, announce
from helpline.lines.bilingual import Language
from helpline.publishing.models import Note, Release
from helpline.publishing.programme import Period
from helpline.publishing.rendering.names import MONTHS


def announce_release(release: Release) -> bool:
    """A month, once; whether it was now. In the transaction that releases it, so that there are both or neither.

    Quarters and years come with a month of their own, which is mail enough.
    """
    if release.period != Period.MONTH:
        return False
    english, te_reo = _names(release)
    return announce(
        release.line,
        Announcement(
            source=f"figures:{release.code}",
            topic=Topic.FIGURES,
            title=f"Figures for {english}",
            text=f"The figures for {english} are out: who got in touch, why, and how it went.\n\n"
            f"{_page(release)}\n\n"
            "Nobody can be recognised in them. The page says how they are made.",
            title_mi=f"Ngā tatauranga mō {te_reo}",
            text_mi=f"Kua puta ngā tatauranga mō {te_reo}: ko wai i whakapā mai, he aha ai, ā, i pēhea.\n\n"
            f"{_page(release, 'mi/')}\n\n"
            "Kāore e taea te tautohu i tētahi tangata. Kei te whārangi te whakamārama.",
        ),
    )


def announce_note(note: Note) -> bool:
    """The same for a correction: the figures stay, and its words stand beside them."""
    release = note.release
    if release.period != Period.MONTH:
        return False
    english, te_reo = _names(release)
    return announce(
        release.line,
        Announcement(
            source=f"note:{note.code}",
            topic=Topic.FIGURES,
            title=f"A note on the figures for {english}",
            text=f"{_joined(note.text)}\n\n"
            "The figures themselves stay as they were published. The note stands beside them:\n\n"
            f"{_page(release)}",
            title_mi=f"He kōrero mō ngā tatauranga o {te_reo}",
            text_mi=f"{_joined(note.text_mi or note.text)}\n\n"
            "Kāore i panoni ngā tatauranga. Kei te taha te kōrero:\n\n"
            f"{_page(release, 'mi/')}",
        ),
    )


def _names(release: Release) -> tuple[str, str]:
    month, year = MONTHS[release.start.month - 1], release.start.year
    return f"{month[Language.ENGLISH]} {year}", f"{month[Language.TE_REO]} {year}"


def _page(release: Release, language: str = "") -> str:
    """Of this site, wherever that is."""
    return f"/figures/{language}{release.start:%Y-%m}/"


def _joined(text: str) -> str:
    """As one paragraph: a note's own lines are no marks of an update."""
    return " ".join(text.split())
