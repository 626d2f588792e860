"""Django's own `i18n`, but that a sentence of ours which has no te reo yet says so: on a page in te reo it stands in
English, with `lang="en"` around it, so that a screen reader speaks it in the right voice.

It takes the place of Django's library by its name, so that no template has to think of it.
"""

import re
from collections.abc import Callable
from pathlib import Path

from django.template import Library, Node, NodeList
from django.template.base import Parser, Token, TokenType
from django.template.context import Context
from django.templatetags import i18n as of_django
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from helpline.web.languages import ENGLISH, TE_REO

register = Library()
register.tags.update(of_django.register.tags)
register.filters.update(of_django.register.filters)

OURS = Path(__file__).resolve().parents[2]
# Between these a browser takes no element: the mark would be read as text.
_TEXT_ALONE = re.compile(r"\s*</(?:title|option|textarea|script|style)\b", re.IGNORECASE)
_NEXT_MARK = re.compile(r"[<>]")
_TITLE = "block title"


class Spoken(Node):
    """A sentence in an element, not in an attribute."""

    def __init__(self, said: Node) -> None:
        self.nodelist = NodeList([said])

    def render(self, context: Context) -> SafeString:
        text = self.nodelist.render(context)
        if not text or get_language() != TE_REO:
            return text
        with override(ENGLISH):
            is_english = self.nodelist.render(context) == text
        # nosemgrep: unescaped-html  # noqa: ERA001  # as Django's own tag rendered it
        return mark_safe(f'<span lang="en">{text}</span>') if is_english else text  # noqa: S308  # nosec B308, B703  # the same


def _marking(compile_tag: Callable[[Parser, Token], Node]) -> Callable[[Parser, Token], Node]:
    def compile_marked(parser: Parser, token: Token) -> Node:
        node = compile_tag(parser, token)
        is_kept = getattr(node, "asvar", None)
        return node if is_kept or not _is_ours(parser) or not _is_in_an_element(parser) else Spoken(node)

    return compile_marked


def _open_blocks(parser: Parser) -> list[tuple[str, Token]]:
    return list(parser.command_stack)


def _is_ours(parser: Parser) -> bool:
    name = str(getattr(parser.origin, "name", ""))
    return OURS in Path(name).parents


def _is_in_an_element(parser: Parser) -> bool:
    """By what follows in the template: `>` closes the tag whose attribute this is, `<` opens the next one."""
    if any(opened.contents == _TITLE for _, opened in _open_blocks(parser)):
        return False
    tokens = [token for token in parser.tokens if isinstance(token, Token)]  # the next one last
    rest = "".join(token.contents for token in reversed(tokens) if token.token_type == TokenType.TEXT)
    following = _NEXT_MARK.search(rest)
    return following is None or (following[0] == "<" and not _TEXT_ALONE.match(rest[following.start() :]))


for _name in ("translate", "trans", "blocktranslate", "blocktrans"):
    register.tags[_name] = _marking(of_django.register.tags[_name])
