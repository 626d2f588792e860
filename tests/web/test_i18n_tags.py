"""A sentence that has no te reo yet says that it is English; one that has it says nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Context, Engine, Origin, Template
from django.utils.translation import override

OURS = Origin(name=str(Path(__file__).resolve().parents[2] / "helpline" / "web" / "templates" / "web" / "some.html"))


@pytest.fixture(autouse=True)
def _in_te_reo() -> Iterator[None]:
    with override("mi"):
        yield


def shown(source: str, origin: Origin | None = OURS, **context: object) -> str:
    engine = Engine.get_default()
    return Template("{% load i18n %}" + source, origin, engine=engine).render(Context(context))


def test_in_an_element_english_is_marked() -> None:
    assert shown('<p>{% translate "Nobody knows this." %}</p>') == '<p><span lang="en">Nobody knows this.</span></p>'
    assert shown('{% translate "Nobody knows this." %}') == '<span lang="en">Nobody knows this.</span>'
    page = shown("<p>{% blocktranslate with a=name %}Nobody knows {{ a }}.{% endblocktranslate %}</p>", name="<b>")
    assert page == '<p><span lang="en">Nobody knows &lt;b&gt;.</span></p>'


def test_what_is_translated_is_not() -> None:
    assert shown('<p>{% translate "Quick exit" %}</p>') == "<p>Puta tere</p>"
    with override("en"):
        assert shown('<p>{% translate "Nobody knows this." %}</p>') == "<p>Nobody knows this.</p>"


@pytest.mark.parametrize(
    "around",
    [
        '<p title="%s">', "<p {%% if yes %%}title='%s'{%% else %%}title='%s'{%% endif %%}>", "<option>%s</option>",
        "<title>%s</title>", "<textarea>%s</textarea>", "{%% block title %%}%s{%% endblock %%}<p>",
    ],
)  # fmt: skip
def test_where_a_browser_takes_no_element_it_stands_bare(around: str) -> None:
    tag = '{% translate "Nobody knows this." %}'
    assert "<span" not in shown(around.replace("%s", tag).replace("%%", "%"), yes=True)


def test_what_is_kept_for_later_stands_bare() -> None:
    assert shown('{% translate "Nobody knows this." as said %}<p>{{ said }}</p>') == "<p>Nobody knows this.</p>"


def test_templates_of_others_are_left_alone() -> None:
    assert shown('<p>{% translate "Nobody knows this." %}</p>', Origin(name="/elsewhere/a.html")) == (
        "<p>Nobody knows this.</p>"
    )
