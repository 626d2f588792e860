"""Questions and answers: reading them, looking for words in them, saying whether one was of use, and asking.

Words come by POST: none of anybody's is in an address, or in the history of a browser that others use too.
"""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpline.content.models import QuestionPage
from helpline.content.questions import QuestionUnknown, get_question, questions_of, search
from helpline.engagement import questions
from helpline.engagement.questions import KEPT_DAYS, Asking, TooManyQuestions
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.queries import is_open, next_opening, words_days
from helpline.public.own_line import of_its_line
from helpline.public.question_forms import AskForm, SearchForm
from helpline.vault.keystore import KeyStoreUnavailable
from helpline.web import limiter
from helpline.web.languages import is_posted, typed
from helpline.web.shared import same_for_everybody

THANKS = "thanks"  # in an address: of a press, and nothing of which
_of_its_line = partial(of_its_line, unknown=(QuestionUnknown,))


@same_for_everybody
@_of_its_line("GET", "HEAD", "POST")
def listed(request: HttpRequest, line: Line) -> HttpResponse:
    """All of them, or the answer to a search."""
    if not is_posted(request):
        form = SearchForm(initial=typed(request, SearchForm))
        return _shown(request, line, "list", form=form, groups=_groups(line))
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _shown(request, line, "list", 400, form=form, groups=_groups(line))
    found = search(line, _language(), form.cleaned_data["words"])
    return _shown(request, line, "list", form=form, groups=_groups(line), found=found, is_answered=True)


@same_for_everybody
@_of_its_line("GET", "HEAD")
def one(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    page = get_question(line, _language(), slug)
    shown = page.shown(_language()) | {"is_thanked": THANKS in request.GET}
    return render(request, "public/questions/one.html", shown)


@limiter.paced(limiter.USEFUL)
@_of_its_line("POST")
def useful(request: HttpRequest, line: Line, slug: str) -> HttpResponse:
    """One press of yes or no; anything else counts for nothing."""
    page = get_question(line, _language(), slug)
    said = request.POST.get("useful")
    if said in {"yes", "no"}:
        questions.count_useful(page, was_useful=said == "yes")
    return redirect(f"{reverse('question', kwargs={'slug': page.slug})}?{THANKS}#useful")


@limiter.paced(limiter.LINKS)
@_of_its_line("GET", "HEAD", "POST")
def ask(request: HttpRequest, line: Line) -> HttpResponse:
    if not is_posted(request):
        return _ask(request, line, AskForm(initial=typed(request, AskForm)))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _ask(request, line, form, 400)
    given = form.cleaned_data
    try:
        questions.ask(line, _language(), Asking(given["question"], given["address"]))
    except TooManyQuestions:
        form.add_error(None, _("Very many questions wait just now. Please try again in a few weeks."))
        return _ask(request, line, form, 503)
    except KeyStoreUnavailable:
        form.add_error(
            None,
            _("We cannot keep your question safely just now. What you wrote is still here. Please try again later."),
        )
        return _ask(request, line, form, 503)
    return redirect("faq-asked")


@_of_its_line("GET", "HEAD")
def asked(request: HttpRequest, line: Line) -> HttpResponse:
    return _shown(request, line, "asked", kept_days=KEPT_DAYS)


def _ask(request: HttpRequest, line: Line, form: AskForm, status: int = 200) -> HttpResponse:
    return _shown(request, line, "ask", status, form=form, kept_days=KEPT_DAYS)


def _groups(line: Line) -> list[tuple[str, str, list[QuestionPage]]]:
    found = questions_of(line, _language())
    groups = (
        (code, str(label), [page for page in found if page.audience == code])
        for code, label in QuestionPage.Audience.choices
    )
    return [group for group in groups if group[2]]


def _language() -> str:
    return Language.TE_REO.value if get_language() == Language.TE_REO else Language.ENGLISH.value


def _shown(request: HttpRequest, line: Line, template: str, status: int = 200, **shown: object) -> HttpResponse:
    said = {
        "line": line,
        "asked": _language(),
        "is_closed": not is_open(line),
        "opens_at": next_opening(line),
        "days": words_days(line),
    }
    return render(request, f"public/questions/{template}.html", said | shown, status=status)
