"""Where one may go on from a page that editors wrote."""

from django import template
from django.utils.translation import get_language

from helpline.content import queries
from helpline.content.models import InformationPage, PublicPage
from helpline.content.queries import Onward
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

register = template.Library()


@register.simple_tag
def beside(page: PublicPage, asked: str) -> list[Onward]:
    return queries.beside(page, asked)


@register.simple_tag
def onward_to(line: Line, *slugs: str) -> list[Onward]:
    """The line's main pages of these names, as far as there are any."""
    return queries.onward_to(line, get_language() or Language.ENGLISH, slugs)


@register.simple_tag
def headings(page: InformationPage) -> list[str]:
    return [block.value for block in page.body if block.block_type == "heading"]
