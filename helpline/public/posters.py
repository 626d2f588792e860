"""Posters to download or to order, and the short addresses on them. No script, no cookie, and nobody is counted."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpline.content.posters.choosing import PosterUnknown, get_poster, posters_for, ways_of
from helpline.content.posters.keeping import Busy, draw, kept
from helpline.content.posters.rendering import CannotBeSet, Format, NoSuchLetters, Output, Wish
from helpline.content.posters.visits import NotACode, place_of
from helpline.content.posters.words import Audience, Poster
from helpline.engagement import posters as orders
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.regions import PLACES
from helpline.public.own_line import of_its_line
from helpline.public.poster_forms import ChoiceForm, NamedForm, OrderForm
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.web import limiter
from helpline.web.languages import is_posted, typed
from helpline.web.shared import same_for_everybody
from helpline.web.views import slow_down

ANYWHERE = "anywhere"  # stands in an address where a region would
DEFAULT_REGIONS = {ANYWHERE: "", **{code: code for code, _ in PLACES}}
FILES = {
    "poster.pdf": (Output.SCREEN, 0),
    "print.pdf": (Output.PRINT, 0),
    "picture.png": (Output.PICTURE, 0),
    "picture-2.png": (Output.PICTURE, 1),  # the other side of a card
    "small.png": (Output.THUMBNAIL, 0),
}
ENDING = {Output.SCREEN: "pdf", Output.PRINT: "print.pdf", Output.PICTURE: "png", Output.THUMBNAIL: "png"}
_of_its_line = partial(of_its_line, unknown=(PosterUnknown,))


# Choosing


@same_for_everybody
@_of_its_line("GET", "HEAD")
def gallery(request: HttpRequest, line: Line) -> HttpResponse:
    """All of them, or those for one audience."""
    audience = request.GET.get("audience", "")
    found = [poster for poster in posters_for(line) if audience in ("", poster.audience)]
    language = _language()
    shown: dict[str, Any] = {
        "audiences": _audiences(line),
        "audience": audience,
        "posters": [_card(poster, language) for poster in found],
    }
    return _shown(request, line, "list", **shown)


@same_for_everybody
@_of_its_line("GET", "HEAD", "POST")
def one(request: HttpRequest, line: Line, code: str) -> HttpResponse:
    """By POST only from the same page in the other language, with what was typed there."""
    poster = get_poster(line, code)
    form = NamedForm(initial={"output": Output.SCREEN.value} | typed(request, NamedForm))
    return _one(request, line, _chosen(poster, request.POST or request.GET), form)


@limiter.paced(limiter.POSTERS)
@_of_its_line("POST")
def named(request: HttpRequest, line: Line, code: str) -> HttpResponse:
    """With a partner's name: drawn for them, and kept nowhere."""
    poster = get_poster(line, code)
    if not is_posted(request):
        return _one(request, line, _chosen(poster, request.POST), NamedForm(initial=typed(request, NamedForm)))
    form = NamedForm(request.POST)
    if not form.is_valid():
        return _one(request, line, _chosen(poster, request.POST), form, 400)
    wish, output = form.wish(poster, form.cleaned_data["partner"]), Output(form.cleaned_data["output"])
    ways = ways_of(line, request.build_absolute_uri("/"))
    try:
        made = draw(wish, ways, Output.SCREEN)  # a document tells whether it can be set at all
        if output != Output.SCREEN:
            made = draw(wish, ways, output)
    except Busy:
        return slow_down(request, 5)
    except CannotBeSet as error:
        form.add_error("partner", _why(error))
        return _one(request, line, wish, form, 400)
    return _file(wish, output, made[0])


@_of_its_line("GET", "HEAD")
def file(request: HttpRequest, line: Line, code: str, shape: str, language: str, place: str, name: str) -> HttpResponse:
    """One of the so many that there are; who asks for many that nobody has asked for yet waits in between."""
    try:
        wish = Wish(get_poster(line, code), Format(shape), Language(language), DEFAULT_REGIONS[place])
        output, page = FILES[name]
    except (ValueError, KeyError):
        raise Http404 from None
    ways = ways_of(line, request.build_absolute_uri("/"))
    made = kept(wish, ways, output, page)
    if made is None:
        if wait := limiter.wait_seconds(request, limiter.POSTERS):
            return slow_down(request, wait)
        try:
            pages = draw(wish, ways, output)
        except Busy:
            return slow_down(request, 5)
        if page >= len(pages):
            raise Http404
        made = pages[page]
    return _file(wish, output, made)


def _one(request: HttpRequest, line: Line, wish: Wish, named_form: NamedForm, status: int = 200) -> HttpResponse:
    chosen = {"format": wish.format.value, "language": wish.language.value, "region": wish.region}
    words = wish.poster.words(wish.language)
    names = ["picture.png", *(["picture-2.png"] if wish.format == Format.CARD else [])]
    shown: dict[str, Any] = {
        "poster": wish.poster,
        "audience": Audience(wish.poster.audience).label,
        "words": words,
        "form": ChoiceForm(initial=chosen),
        "chosen": chosen,
        "named": named_form,
        "pictures": [_path(wish, name) for name in names],
        "document": _path(wish, "poster.pdf"),
        "for_print": _path(wish, "print.pdf"),
        "is_tile": wish.format == Format.TILE,
    }
    return _shown(request, line, "one", status, **shown)


# Ordering


@limiter.paced(limiter.LINKS)
@_of_its_line("GET", "HEAD", "POST")
def order(request: HttpRequest, line: Line) -> HttpResponse:
    posters = posters_for(line)
    if not is_posted(request):
        given = {name: request.POST[name] for name in OrderForm(posters).fields if name in request.POST}
        return _order(request, line, OrderForm(posters, initial={"language": _language()} | given))
    form = OrderForm(posters, request.POST)
    if not form.is_valid():
        return _order(request, line, form, 400)
    try:
        orders.order(line, form.cleaned_data["address"], form.items)
    except orders.TooManyOrders:
        form.add_error(None, _("Very many orders wait just now. Please try again next week, or download the posters."))
        return _order(request, line, form, 503)
    except KeyStoreUnavailable:
        form.add_error(
            None, _("We cannot keep your order safely just now. What you wrote is still here. Please try again later.")
        )
        return _order(request, line, form, 503)
    return redirect("poster-ordered")


@_of_its_line("GET", "HEAD")
def ordered(request: HttpRequest, line: Line) -> HttpResponse:
    return _shown(request, line, "ordered", days=orders.KEPT_DAYS)


def _order(request: HttpRequest, line: Line, form: OrderForm, status: int = 200) -> HttpResponse:
    language = _language()
    rows = [(poster.words(language), Audience(poster.audience).label, fields) for poster, fields in form.rows()]
    return _shown(request, line, "order", status, form=form, rows=rows, days=orders.KEPT_DAYS)


# Coming by a poster


@_of_its_line("GET", "HEAD")
def visit(request: HttpRequest, line: Line, code: str) -> HttpResponse:
    """To the first page, whatever was typed from a wall; one of ours is counted, as a number."""
    try:
        place = place_of(code)
        get_poster(line, place.poster)
    except (NotACode, PosterUnknown):
        return redirect("home")
    if request.method == "GET":
        orders.count_visit(line, place)
    return redirect("home")


def _chosen(poster: Poster, given: QueryDict) -> Wish:
    form = ChoiceForm(given)
    return form.wish(poster) if form.is_valid() else Wish(poster, Format.A4, Language(_language()))


def _why(error: CannotBeSet) -> str:
    if isinstance(error, NoSuchLetters):
        return _("Our posters have no such letters. Please write it in letters of English or te reo Māori.")
    return _("That is too long for this format. Please write a short form.")


def _language() -> str:
    return Language.TE_REO.value if get_language() == Language.TE_REO else Language.ENGLISH.value


def _audiences(line: Line) -> list[tuple[str, str]]:
    there = {poster.audience for poster in posters_for(line)}
    return [(code, str(label)) for code, label in Audience.choices if code in there]


def _card(poster: Poster, language: str) -> dict[str, object]:
    wish = Wish(poster, Format.A4, Language(language))
    return {
        "code": poster.code,
        "words": poster.words(language),
        "audience": Audience(poster.audience).label,
        "picture": _path(wish, "small.png"),
    }


def _path(wish: Wish, name: str) -> str:
    parts = {"shape": wish.format.value, "language": wish.language.value, "place": wish.region or ANYWHERE}
    return reverse("poster-file", kwargs={"code": wish.poster.code, "name": name, **parts})


def _file(wish: Wish, output: Output, content: bytes) -> HttpResponse:
    """Under a name that says nothing to whoever looks into the folder of downloads."""
    is_picture = ENDING[output] == "png"
    name = f"poster-{wish.poster.code}-{wish.format.value}-{wish.language.value}.{ENDING[output]}"
    kind = "inline" if is_picture else "attachment"
    headers = {"Content-Disposition": f'{kind}; filename="{name}"'}
    return HttpResponse(content, "image/png" if is_picture else "application/pdf", headers=headers)


def _shown(request: HttpRequest, line: Line, template: str, status: int = 200, **shown: object) -> HttpResponse:
    said = {"line": line, "poster_language": _language()}
    return render(request, f"public/posters/{template}.html", said | shown, status=status)
