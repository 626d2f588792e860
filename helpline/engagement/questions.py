"""Asking a question, answering it for everybody, forgetting who asked; and counting what was of use."""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.text import slugify

from helpline.accounts.models import Role, User
from helpline.content.founding import found
from helpline.content.models import HomePage, QuestionPage
from helpline.content.models.questions import TAKEN
from helpline.engagement.mails import plain, site_of
from helpline.engagement.models import AskedQuestion, Usefulness
from helpline.engagement.texts import TEXTS
from helpline.lines.models import Line
from helpline.vault import kept, tombstones
from helpline.vault.codes import new_code
from helpline.vault.sealing import CannotOpen

ANSWERERS = frozenset({Role.EDITOR, Role.OPERATOR})
KEPT_DAYS = 60
MOST_OPEN = 500  # of one line: more than anybody reads, so it is somebody who plays with the form


class TooManyQuestions(Exception):
    """So many wait that no more are taken for now."""


class AskedUnknown(Exception):
    """There is no such question (any more), or it is not for them."""


class NotPublished(Exception):
    """Whoever asked would be led to a page that is not there."""


@dataclass(frozen=True)
class Asking:
    question: str
    address: str = ""


@transaction.atomic
def ask(line: Line, language: str, asking: Asking) -> AskedQuestion:
    """Raises TooManyQuestions and KeyStoreUnavailable."""
    if AskedQuestion.objects.filter(line=line).count() >= MOST_OPEN:
        raise TooManyQuestions
    code = new_code()
    return AskedQuestion.objects.create(
        code=code,
        line=line,
        language=language,
        sealed=kept.QUESTIONS.seal(json.dumps(asdict(asking), ensure_ascii=False), code),
        asked_on=timezone.localdate(),
    )


def asked_for(user: User) -> QuerySet[AskedQuestion]:
    """The oldest first."""
    asked = AskedQuestion.objects.select_related("line", "page__locale")
    return asked if user.role in ANSWERERS else asked.none()


def get_asked_for(user: User, code: str) -> AskedQuestion:
    """Raises AskedUnknown."""
    asked = asked_for(user).filter(code=code).first()
    if asked is None:
        raise AskedUnknown
    return asked


def open_asked(asked: AskedQuestion) -> Asking | None:
    """None where the server's key is another one now. Raises KeyStoreUnavailable."""
    try:
        return Asking(**json.loads(kept.QUESTIONS.open(bytes(asked.sealed), asked.code)))
    except CannotOpen:
        return None


@transaction.atomic
def begin_answer(user: User, asked: AskedQuestion, title: str, audience: str) -> QuestionPage:
    """A draft whose title is the question in the editor's words: a stranger's own words go nowhere.

    `asked` comes out of `get_asked_for`.
    """
    found()
    home = HomePage.objects.get(line=asked.line, tongue=asked.language)
    page = QuestionPage(
        title=title, slug=_free_slug(home, title), audience=audience, locale=home.locale, live=False, owner=user
    )
    home.add_child(instance=page)
    page.save_revision(user=user)
    AskedQuestion.objects.filter(pk=asked.pk).update(page=page)
    return page


def lead_to(asked: AskedQuestion, page: QuestionPage) -> None:
    """It is answered there already."""
    AskedQuestion.objects.filter(pk=asked.pk).update(page=page)


def answer_mail(asked: AskedQuestion, port: int = 0) -> EmailMessage | None:
    """The link to the answer; None where no address was given, or it cannot be opened any more.

    Raises NotPublished and KeyStoreUnavailable.
    """
    if asked.page is None or not asked.page.live:
        raise NotPublished
    asking = open_asked(asked)
    if asking is None or not asking.address:
        return None
    address = site_of(asked.line, port).rstrip("/") + asked.page.address_in(asked.language)
    text = TEXTS["question_answered"][asked.language].format(address=address)
    return plain(asking.address, TEXTS["question_subject"][asked.language], text)


@transaction.atomic
def end(asked: AskedQuestion) -> None:
    """Answered, or put aside: the words and the address go. Done twice is done. Raises KeyStoreUnavailable."""
    if AskedQuestion.objects.filter(pk=asked.pk).delete()[0]:
        tombstones.bury(asked.code)  # the restore of an old backup must not bring them back


def end_questions(today: dt.date | None = None) -> int:
    """Whatever was asked so long ago that nobody waits for it any more."""
    oldest = (today or timezone.localdate()) - dt.timedelta(days=KEPT_DAYS)
    return AskedQuestion.objects.filter(asked_on__lte=oldest).delete()[0]


def settle_restored() -> None:
    """After a restore: what had been answered since is gone again. Raises KeyStoreUnavailable."""
    codes = list(AskedQuestion.objects.values_list("code", flat=True))
    AskedQuestion.objects.filter(code__in=list(tombstones.buried(codes))).delete()
    end_questions()


def count_useful(page: QuestionPage, *, was_useful: bool) -> None:
    """One press more in this month. That it was one more is all that is kept."""
    which: dict[str, Any] = {"page": page, "month": timezone.localdate().replace(day=1)}
    Usefulness.objects.get_or_create(**which)  # of two at the same moment one makes it
    name = "yes" if was_useful else "no"
    Usefulness.objects.filter(**which).update(**{name: F(name) + 1})


def usefulness() -> QuerySet[QuestionPage]:
    """Every published answer with `yes` and `no` of the months since it is there; most noes first."""
    live: QuerySet[QuestionPage] = QuestionPage.objects.filter(live=True).select_related("locale")
    counted: QuerySet[QuestionPage] = live.annotate(
        yes=Sum("usefulness__yes", default=0), no=Sum("usefulness__no", default=0)
    )
    return counted.order_by("-no", "-yes", "title")


def _free_slug(home: HomePage, title: str) -> str:
    root = slugify(title)[:60].strip("-") or "question"
    taken = set(home.get_children().values_list("slug", flat=True)) | TAKEN
    tries = (root, *(f"{root}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in tries if each not in taken)
