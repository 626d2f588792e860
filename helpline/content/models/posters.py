"""Words on posters that editors write; how a poster looks is not theirs to say (content/posters)."""

import secrets
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import DraftStateMixin, RevisionMixin, WorkflowMixin

from helpline.content.posters.rendering import CannotBeSet, NoSuchLetters, Ways, require_fit
from helpline.content.posters.visits import ALPHABET, POSTER_CODE
from helpline.content.posters.words import (
    LONGEST_HEADING,
    LONGEST_LEAD,
    LONGEST_POINT,
    MOST_POINTS,
    Audience,
    Poster,
    Words,
)
from helpline.lines.models import Line
from helpline.vault.erasure import NOTHING_PERSONAL

CODE_LENGTH = 3
LONGEST_POINTS = MOST_POINTS * (LONGEST_POINT + 2)
# Only what is as long as it gets: whether words fit must not hang on today's number.
TRIED_WITH = Ways(
    (("Safe to talk", "en"), ("Kōrero mai, ka ora", "mi")),
    "0800 044 334",
    "4334",
    "https://safetotalk.nz/",
    True,
    "111",
)


def new_poster_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH))


class PosterWords(WorkflowMixin, DraftStateMixin, RevisionMixin, models.Model):
    """What stands on one poster of a line, in both languages. One writes it, another one publishes it."""

    erasure = NOTHING_PERSONAL  # who wrote which revision: Wagtail's own tables (wagtails_tables.py)

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(
        max_length=CODE_LENGTH,
        default=new_poster_code,
        editable=False,
        validators=[RegexValidator(POSTER_CODE)],
        help_text=_("It stands in the printed address, and never changes."),
    )
    audience = models.CharField(max_length=9, choices=Audience.choices, default=Audience.EVERYBODY)
    order = models.PositiveSmallIntegerField(default=100, help_text=_("On the wall: smaller is earlier."))
    heading = models.CharField(max_length=LONGEST_HEADING, help_text=_("Short, calm, and harmless to be seen with."))
    lead = models.CharField(max_length=LONGEST_LEAD, help_text=_("One to three short sentences."))
    points = models.TextField(max_length=LONGEST_POINTS, blank=True, help_text=_("Up to three, a line each: Free."))
    heading_mi = models.CharField(_("heading in te reo Māori"), max_length=LONGEST_HEADING)
    lead_mi = models.CharField(_("lead in te reo Māori"), max_length=LONGEST_LEAD)
    points_mi = models.TextField(_("points in te reo Māori"), max_length=LONGEST_POINTS, blank=True)
    is_reviewed = models.BooleanField(
        _("read by a native speaker"), default=False, help_text=_("Until then the poster in te reo says so.")
    )

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("line"), FieldPanel("audience"), FieldPanel("order")], heading=_("For whom")),
        MultiFieldPanel([FieldPanel("heading"), FieldPanel("lead"), FieldPanel("points")], heading=_("English")),
        MultiFieldPanel(
            [FieldPanel("heading_mi"), FieldPanel("lead_mi"), FieldPanel("points_mi"), FieldPanel("is_reviewed")],
            heading=_("Te reo Māori"),
        ),
        PublishingPanel(),
    ]

    class Meta:
        ordering = ["line", "order", "pk"]
        verbose_name = _("poster")
        verbose_name_plural = _("posters")
        constraints = [models.UniqueConstraint(fields=["line", "code"], name="content_poster_code")]

    def __str__(self) -> str:
        return self.heading

    def clean(self) -> None:
        """As long as its room on the smallest card, in letters that the typeface has."""
        super().clean()
        for name in ("points", "points_mi"):
            found = _lines(getattr(self, name))
            if len(found) > MOST_POINTS or any(len(each) > LONGEST_POINT for each in found):
                raise ValidationError({name: _("Up to three, each of at most 24 letters.")})
        try:
            require_fit(self.poster(), TRIED_WITH)
        except NoSuchLetters:
            raise ValidationError(_("There are letters in it that our posters do not have.")) from None
        except CannotBeSet:
            raise ValidationError(
                _("It does not fit on every format: please shorten the heading or the lead.")
            ) from None

    def poster(self) -> Poster:
        return Poster(
            self.code,
            Audience(self.audience),
            Words(self.heading, self.lead, tuple(_lines(self.points))),
            Words(self.heading_mi, self.lead_mi, tuple(_lines(self.points_mi))),
            is_reviewed=self.is_reviewed,
            line=self.line.slug,
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
