"""The pages: a tree for each line and language, whose first page is the line's own."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList, PublishingPanel, TabbedInterface, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from helpline.accounts.models import User
from helpline.content import blocks
from helpline.content.models.review import MayTakeAway
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.lines.queries import is_open, next_opening, words_days
from helpline.vault.erasure import Erasure
from helpline.web.languages import address_in

# Wagtail keeps beside each page who made it and who locked it; the row of a removed account has no name.
OF_A_PAGE = Erasure(
    holds="which staff member began a page, and which locked it",
    ends="with the page; the name with the account",
    by="helpline.accounts.actions.remove_staff",
)
STEP = Page.steplen


class TitlePanel(TitleFieldPanel):
    """An address follows the title of its page until that is published; that of a translation is its page's: `/mi/…`
    beside `/…`, each the other's in the other language.
    """

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_should_apply(self) -> bool:
            is_translation = self.instance.pk and self.instance.language != Language.ENGLISH
            return not is_translation and super().get_should_apply()


class PublicPage(Page):
    """What every page of the public site has: its line, its language, and what is said where one is missing."""

    summary = models.TextField(
        max_length=300, blank=True, help_text=_("One or two plain sentences, shown first and where others link here.")
    )
    order = models.PositiveSmallIntegerField(default=100, help_text=_("Among the pages beside it: smaller is earlier."))
    is_reviewed = models.BooleanField(
        _("read by a native speaker"),
        default=False,
        help_text=_("Of a page in te reo Māori. Until then it says that it awaits their review."),
    )

    body_panels: ClassVar[list[Any]] = []

    class Meta:
        abstract = True

    @classmethod
    def get_edit_handler(cls) -> Any:
        """Fields of ours in place of Wagtail's: no meta tags, no menus, no keywords for search engines."""
        written = [TitlePanel("title"), FieldPanel("summary"), *cls.body_panels]
        kept = [FieldPanel("slug"), FieldPanel("order"), FieldPanel("is_reviewed"), PublishingPanel()]
        tabs = [ObjectList(written, heading=_("Words")), ObjectList(kept, heading=_("Address and time"))]
        return TabbedInterface(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)

    def permissions_for_user(self, user: User) -> MayTakeAway:
        return MayTakeAway(user, self)

    # Where it is

    @property
    def home(self) -> "HomePage":
        return HomePage.objects.select_related("line").get(path=self.path[: 2 * STEP])

    @property
    def language(self) -> Language:
        return Language(self.locale.language_code)

    @property
    def path_below(self) -> str:
        """Below its home: "" of the home itself, else "confidentiality/"."""
        return str(self.url_path).split("/", 2)[2]

    def address_in(self, language: str) -> str:
        """A page without its translation stands at the other language's address too, and says so there."""
        return address_in(language, f"/{self.path_below}")

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """In place of Wagtail's sites: the line says its host, the language its beginning."""
        host = next(iter(self.home.line.hosts), settings.PUBLIC_HOSTS[0])
        _, colon, port = request.get_host().partition(":") if request else ("", "", "")
        root = f"{'https' if settings.BEHIND_TLS else 'http'}://{host}{colon}{port}"
        return 0, root, self.address_in(self.language)

    def get_url(self, request: HttpRequest | None = None, current_site: object = None) -> str:
        """Whole for an editor, who is at another host; else a path, which every host of the line has."""
        parts = self.get_url_parts(request)
        return "".join(parts[1:]) if parts and getattr(request, "is_editing", False) else self.address_in(self.language)

    url = property(get_url)

    # What is shown

    def shown(self, asked: str) -> dict[str, Any]:
        """For its template, when it is asked for in a language."""
        line = self.home.line
        return {
            "page": self,
            "self": self,
            "line": line,
            "is_closed": not is_open(line),
            "opens_at": next_opening(line),
            "days": words_days(line),
            "asked": asked,
            "is_translation_missing": asked != self.language,
            "awaits_speaker": self.language == Language.TE_REO and not self.is_reviewed,
        }

    def answer(self, request: HttpRequest, asked: str) -> HttpResponse:
        """The page at an address of `asked`: what is around it in that language, and its own words in its own."""
        with translation.override(asked):
            return render(request, self.get_template(request), self.shown(asked))

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return self.answer(request, self.language)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.answer(request, self.language)


class HomePage(PublicPage):
    """The first page of a line in one language."""

    erasure = OF_A_PAGE

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    tongue = models.CharField(max_length=2, choices=Language.choices)

    template = "public/home.html"
    max_count_per_parent = 0  # made with the line, by founding.py
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("first page")
        constraints = [models.UniqueConstraint(fields=["line", "tongue"], name="content_one_home")]

    def get_template(self, request: HttpRequest, *args: object, **kwargs: object) -> list[str]:
        """A line may have one of its own."""
        return [f"public/lines/{self.line.slug}/home.html", self.template]


class InformationPage(PublicPage):
    """Something to read."""

    erasure = OF_A_PAGE

    body = StreamField(blocks.body(), blank=True)

    body_panels: ClassVar[list[Any]] = [FieldPanel("body")]
    template = "content/information.html"
    parent_page_types: ClassVar[list[str]] = ["content.HomePage", "content.InformationPage"]

    class Meta:
        verbose_name = _("information page")
