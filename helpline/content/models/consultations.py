"""A draft that the sector is asked about: its sections, what each proposes, and what became of what was said."""

import datetime as dt
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from helpline.content.blocks import FEATURES
from helpline.content.models.pages import OF_A_PAGE, PublicPage
from helpline.lines.bilingual import Language

PLACE = "consultations/"  # of all of them, below a line's home


class SectionBlock(blocks.StructBlock):
    """One section. In te reo Māori what is empty is shown in English, and marked."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text of the draft"), features=FEATURES, required=False)
    proposals = blocks.ListBlock(
        blocks.TextBlock(label=_("Proposal"), max_length=400, rows=2),
        label=_("Proposals"),
        default=[],
        help_text=_("On each, people say whether they agree, abstain, disagree or block."),
    )
    said = blocks.RichTextBlock(
        label=_("You said"),
        features=FEATURES,
        required=False,
        help_text=_("When it has closed: what was said, the hard parts too."),
    )
    did = blocks.RichTextBlock(
        label=_("We did"), features=FEATURES, required=False, help_text=_("What changed, and what did not, and why.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Section")


class ConsultationPage(PublicPage):
    """A draft framework or plan, open for what people say to it until the end of a day."""

    erasure = OF_A_PAGE

    opens_on = models.DateField(_("opens on"), default=timezone.localdate)
    closes_on = models.DateField(
        _("open until"), help_text=_("To the end of this day, by New Zealand’s clock. At least two weeks are fair.")
    )
    sections = StreamField(
        [("section", SectionBlock())],
        help_text=_("Once it is open, correct sections but take none away: people have answered to them."),
    )
    outcome = RichTextField(
        _("summary by the host"),
        features=FEATURES,
        blank=True,
        help_text=_("When it has closed: what was said on the whole, and what happens next."),
    )

    body_panels: ClassVar[list[Any]] = [
        FieldPanel("opens_on"),
        FieldPanel("closes_on"),
        FieldPanel("sections"),
        FieldPanel("outcome"),
    ]
    template = "public/consultations/preview.html"
    parent_page_types: ClassVar[list[str]] = ["content.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("consultation")

    @property
    def path_below(self) -> str:
        return f"{PLACE}{self.slug}/"

    @property
    def source(self) -> "ConsultationPage":
        """The page in English, whose days count, and which what people say belongs to."""
        if self.language == Language.ENGLISH:
            return self
        english = ConsultationPage.objects.filter(
            translation_key=self.translation_key, locale__language_code=Language.ENGLISH.value
        )
        return english.first() or self

    def state_on(self, today: dt.date) -> str:
        if today < self.opens_on:
            return "coming"
        return "open" if today <= self.closes_on else "closed"

    def clean(self) -> None:
        super().clean()
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": _("It closes before it opens.")})
        missing = self.answered_sections() - {block.id for block in self.sections}
        if missing:
            raise ValidationError(
                {"sections": _("It is open: a section that people may have answered to cannot be taken away.")}
            )

    def answered_sections(self) -> set[str]:
        """Of what everybody reads, once it is open."""
        live = ConsultationPage.objects.filter(pk=self.pk, live=True, opens_on__lte=timezone.localdate()).first()
        return {block.id for block in live.sections} if live else set()

    def answer(self, request: HttpRequest, asked: str) -> HttpResponse:
        """By its name alone it leads to where consultations are, with what people say to it."""
        return HttpResponseRedirect(self.address_in(asked))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """For an editor: as it will be read, without what people say."""
        return super().answer(request, self.language)
