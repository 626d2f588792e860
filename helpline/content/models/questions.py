"""A question that is often asked, and its answer: of everybody, or of whoever works beside the line."""

import re
import unicodedata
from html import unescape
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from helpline.content import blocks
from helpline.content.models.pages import OF_A_PAGE, PublicPage

PLACE: Final = "faq/"  # of all of them, below a line's home
TAKEN: Final = frozenset({"ask", "asked"})  # addresses beside them
_TAG = re.compile(r"<[^>]*>")


class QuestionPage(PublicPage):
    """Its title is the question."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        PROVIDERS = "providers", _("Service providers")

    erasure = OF_A_PAGE

    audience = models.CharField(_("who asks it"), max_length=9, choices=Audience.choices, default=Audience.PUBLIC)
    body = StreamField(blocks.body(), blank=True, verbose_name=_("answer"))
    plain = models.TextField(editable=False, blank=True, help_text=_("Question and answer as they are searched."))

    body_panels: ClassVar[list[Any]] = [FieldPanel("audience"), FieldPanel("body")]
    template = "public/questions/preview.html"
    parent_page_types: ClassVar[list[str]] = ["content.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("question and answer")

    @property
    def path_below(self) -> str:
        return f"{PLACE}{self.slug}/"

    def clean(self) -> None:
        super().clean()
        if self.slug in TAKEN:
            raise ValidationError({"slug": _("This address is another page’s. Please choose another one.")})

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """What is published is what is found, so the words to search in are written whenever the page is."""
        written = (str(block.value) for block in self.body if block.block_type in {"heading", "paragraph", "note"})
        self.plain = folded(" ".join((self.title, self.summary, *(_TAG.sub(" ", each) for each in written))))
        return super().save(*args, **kwargs)

    def answer(self, request: HttpRequest, asked: str) -> HttpResponse:
        """By its name alone it leads to where questions are."""
        return HttpResponseRedirect(self.address_in(asked))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """For an editor: as it will be read."""
        return super().answer(request, self.language)


def folded(text: str) -> str:
    """As it is searched: who types no macrons finds words with them."""
    apart = unicodedata.normalize("NFKD", unescape(text))
    return "".join(each for each in apart if not unicodedata.combining(each)).replace("’", "'").replace("\0", "")
