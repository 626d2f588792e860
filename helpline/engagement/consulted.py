"""What was said to a draft, as everybody may read it, and as staff do."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy

from helpline.content.models import ConsultationPage
from helpline.engagement.models import Choice, Comment, HuiNote, Position, Said, Submission

STANDS = {
    Choice.AGREE: gettext_lazy("Agree"),
    Choice.ABSTAIN: gettext_lazy("Abstain"),
    Choice.DISAGREE: gettext_lazy("Disagree"),
    Choice.BLOCK: gettext_lazy("Block"),
}
WAITING = Q(state=Said.State.WAITING, is_private=False) & ~Q(text="")


@dataclass(frozen=True)
class Tally:
    """How many submissions take which position on a proposal. Nobody knows how many people that is."""

    counts: Counter[str]

    @property
    def shown(self) -> list[tuple[str, str, int]]:
        return [(choice.value, str(STANDS[choice]), self.counts[choice]) for choice in Choice]

    @property
    def all(self) -> int:
        return self.counts.total()


NONE = Tally(Counter())


@dataclass(frozen=True)
class Size:
    submissions: int
    set_aside: int


def size_of(page: ConsultationPage) -> Size:
    found = Submission.objects.filter(consultation=page)
    return Size(found.filter(is_set_aside=False).count(), found.filter(is_set_aside=True).count())


def shown_comments(page: ConsultationPage) -> QuerySet[Comment]:
    """The oldest first: whoever comes back finds new ones at the end."""
    return Comment.objects.filter(_for_everybody(page)).select_related("submission").order_by("said_on", "pk")


def shown_reasons(page: ConsultationPage) -> QuerySet[Position]:
    found = Position.objects.filter(_for_everybody(page)).exclude(text="")
    return found.select_related("submission").order_by("said_on", "pk")


def comments_by_section(page: ConsultationPage) -> Counter[UUID]:
    """Reasons are words, too."""
    counted: Counter[UUID] = Counter()
    for said in (shown_comments(page), shown_reasons(page)):
        counted.update(dict(said.order_by().values_list("section").annotate(Count("pk"))))
    return counted


def tallies(page: ConsultationPage) -> dict[UUID, Tally]:
    """By proposal; of words that are private or wait as well, since a position says nothing of anybody."""
    found = Position.objects.filter(submission__consultation=page, submission__is_set_aside=False)
    counted: dict[UUID, Tally] = {}
    for proposal, choice, many in found.order_by().values_list("proposal", "choice").annotate(Count("pk")):
        counted.setdefault(proposal, Tally(Counter())).counts[choice] += many
    return counted


def hui_notes(page: ConsultationPage) -> QuerySet[HuiNote]:
    return HuiNote.objects.filter(consultation=page).prefetch_related("counts")


def hui_tallies(note: HuiNote) -> dict[UUID, Tally]:
    return {
        each.proposal: Tally(Counter({str(choice): getattr(each, choice) for choice in Choice}))
        for each in note.counts.all()
    }


def said_by(submission: Submission, section: UUID) -> tuple[Comment | None, list[Position]]:
    """To one section, for whoever sent it."""
    return submission.comments.filter(section=section).first(), list(submission.positions.filter(section=section))


# For staff


def waiting(page: ConsultationPage) -> list[Said]:
    """What nobody has read, the oldest first."""
    of_page = Q(submission__consultation=page, submission__is_set_aside=False)
    found: list[Said] = [
        *Comment.objects.filter(of_page & WAITING).select_related("submission"),
        *Position.objects.filter(of_page & WAITING).select_related("submission"),
    ]
    return sorted(found, key=lambda said: (said.said_on, said.code))


def waiting_by_consultation() -> Counter[int]:
    counted: Counter[int] = Counter()
    for model in (Comment, Position):
        found = model.objects.filter(WAITING, submission__is_set_aside=False).order_by()
        counted.update(dict(found.values_list("submission__consultation").annotate(Count("pk"))))
    return counted


def submissions_of(page: ConsultationPage) -> QuerySet[Submission]:
    found = Submission.objects.filter(consultation=page).prefetch_related("comments", "positions")
    return found.order_by("-given_on", "-pk")


def _for_everybody(page: ConsultationPage) -> Q:
    return Q(submission__consultation=page, submission__is_set_aside=False, state=Said.State.SHOWN)


def has_answers_below(path: str) -> bool:
    """Whether anybody, or a hui, has said anything to a page whose place in the tree begins so."""
    submitted = Submission.objects.filter(consultation__path__startswith=path)
    return submitted.exists() or HuiNote.objects.filter(consultation__path__startswith=path).exists()
