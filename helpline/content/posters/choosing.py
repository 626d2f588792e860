"""Which posters a line has, and how it is reached."""

from helpline.content.models import PosterWords
from helpline.content.posters.rendering import Ways
from helpline.content.posters.words import BUILT_IN, Poster
from helpline.lines.models import Channel, Line
from helpline.web.templatetags.te_reo import in_english, in_te_reo

EMERGENCY = "111"


class PosterUnknown(Exception):
    """There is none with this code, or not for this line."""


def posters_for(line: Line) -> list[Poster]:
    """Those that its editors have published; the built-in ones as long as none was ever written."""
    written = list(PosterWords.objects.select_related("line").filter(line=line))
    return [each.poster() for each in written if each.live] if written else built_in_for(line)


def built_in_for(line: Line) -> list[Poster]:
    """Words of ours for this very line, or else those that any line can hang up."""
    own = [poster for poster in BUILT_IN if poster.line == line.slug]
    return own or [poster for poster in BUILT_IN if not poster.line]


def get_poster(line: Line, code: str) -> Poster:
    """Raises PosterUnknown."""
    for poster in posters_for(line):
        if poster.code == code:
            return poster
    raise PosterUnknown


def ways_of(line: Line, site: str) -> Ways:
    """`site`: the address of its public site as somebody asks for it, with the last slash."""
    names = [(in_english(line.name), "en"), (in_te_reo(line.name), "mi")]
    return Ways(
        names=tuple((name, language) for name, language in names if name),
        phone=line.phone,
        text_number=line.text_number,
        site=site,
        has_chat=Channel.WEBCHAT in line.channels,
        emergency=EMERGENCY,
    )
