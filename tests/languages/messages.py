"""Every sentence of the interface that somebody from the public may meet: read out of templates and code.

`make messages` (`python -m tests.languages.messages`) writes them into the catalogue, keeps what is translated, and
compiles it. GNU gettext is not needed.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import django
import polib

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
    django.setup()

from django.template import Node
from django.template.engine import Engine
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parents[2] / "helpline"
CATALOGUE = ROOT / "locale" / "mi" / "LC_MESSAGES" / "django.po"
# What the public meets. A page of the staff door, and what editors see, stay in English.
TEMPLATES = ("web", "lines", "directory", "content", "channels/webchat", "engagement", "public")
CODE = (*TEMPLATES, "conversations", "routing")
OF_STAFF = (
    "web/templates/web/shut.html",
    "content/blocks.py",
    "content/templates/content/editing/",
    "content/wagtail_hooks.py",
    "engagement/wagtail_hooks.py",
)
NAMES_OF_COLUMNS = "models"  # what their rows and choices are called at the desk
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
OF_DJANGO = "Django's own: names in dates"
STYLES = {"python-format": re.compile(r"%\(\w+\)"), "python-brace-format": re.compile(r"\{\w+\}")}
Message = tuple[str, str]
"""A sentence, and its plural or nothing."""


def messages() -> dict[Message, set[str]]:
    """Each with the files it stands in."""
    found: dict[Message, set[str]] = {}
    for path, message in (*_of_templates(), *_of_code()):
        found.setdefault(message, set()).add(path)
    return found


def _of_templates() -> Iterator[tuple[str, Message]]:
    engine = Engine.get_default()
    for area in TEMPLATES:
        for path in sorted((ROOT / area / "templates").rglob("*.html")):
            name = str(path.relative_to(ROOT))
            if not name.startswith(OF_STAFF):
                yield from ((name, message) for message in _of_template(engine, path.read_text()))


def _of_template(engine: Engine, source: str) -> Iterator[Message]:
    nodes = engine.from_string(source).nodelist
    for each in nodes.get_nodes_by_type(Node):
        if isinstance(each, TranslateNode):
            yield str(each.filter_expression.var.literal), ""
        elif isinstance(each, BlockTranslateNode):
            yield each.render_token_list(each.singular)[0], each.render_token_list(each.plural or [])[0]


def _of_code() -> Iterator[tuple[str, Message]]:
    for area in CODE:
        for path in sorted((ROOT / area).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if NAMES_OF_COLUMNS in name or name.startswith(OF_STAFF):
                continue
            for each in ast.walk(ast.parse(path.read_text())):
                if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in CALLS:
                    said = [str(one.value) for one in each.args if isinstance(one, ast.Constant)]
                    yield name, (said[0], said[1] if each.func.id.startswith("n") else "")


def catalogue(found: dict[Message, set[str]]) -> polib.POFile:
    """What stands there, with what is new and without what is gone. What has no te reo yet stands there empty."""
    before = polib.pofile(str(CATALOGUE))
    kept = {(each.msgid, each.msgid_plural): each for each in before}
    made = polib.POFile(wrapwidth=119)
    made.metadata, made.header = before.metadata, before.header
    for message, paths in sorted(found.items(), key=lambda each: (min(each[1]), each[0])):
        made.append(_entry(message, paths, kept.get(message)))
    for each in before:
        if each.comment == OF_DJANGO:
            made.append(each)
    return made


def _entry(message: Message, paths: set[str], known: polib.POEntry | None) -> polib.POEntry:
    said, plural = message
    entry = polib.POEntry(msgid=said, msgid_plural=plural, occurrences=[(path, "") for path in sorted(paths)])
    if plural:
        entry.msgstr_plural = known.msgstr_plural if known else {0: "", 1: ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    for style in ("python-brace-format", "python-format"):
        if STYLES[style].search(said):
            entry.flags = [style]
    return entry


def main() -> None:
    made = catalogue(messages())
    made.save(str(CATALOGUE))
    made.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


if __name__ == "__main__":
    main()
