"""Hui, roadshows and training: when and where, how to get there in words, and what was asked there."""

import datetime as dt
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from helpline.content.blocks import FEATURES, body
from helpline.content.models.pages import OF_A_PAGE, PublicPage
from helpline.lines.bilingual import Language
from helpline.lines.regions import Region

PLACE = "events/"  # of all of them, below a line's home


class QuestionBlock(blocks.StructBlock):
    """Something that was asked there, and what was answered."""

    question = blocks.CharBlock(label=_("Question"), max_length=300)
    answer = blocks.RichTextBlock(label=_("Answer"), features=FEATURES)

    class Meta:
        icon = "help"
        label = _("Question and answer")


class EventPage(PublicPage):
    """One event. Its day, place and room are those of the page in English, in every language."""

    class Kind(models.TextChoices):
        HUI = "hui", _("Hui")
        ROADSHOW = "roadshow", _("Roadshow")
        TRAINING = "training", _("Training")
        ONLINE = "online", _("Online meeting")

    erasure = OF_A_PAGE

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HUI)
    starts_at = models.DateTimeField(_("begins"), help_text=_("By New Zealand’s clock."))
    ends_at = models.DateTimeField(_("ends"))
    region = models.CharField(max_length=20, choices=Region.choices, blank=True, help_text=_("Empty: everywhere."))
    place = models.CharField(_("where"), max_length=120, help_text=_("The house, as people there call it, or: Online."))
    address = models.CharField(_("street and town"), max_length=200, blank=True)
    directions = RichTextField(
        _("how to get there"),
        features=FEATURES,
        blank=True,
        help_text=_("In words, from the bus and the car park to the door. Not everybody can read a map."),
    )
    access = RichTextField(
        _("access"),
        features=FEATURES,
        blank=True,
        help_text=_("Steps, lift, toilets, hearing loop, sign language, a quiet room, food, children."),
    )
    online_address = models.URLField(
        _("address of the online meeting"),
        blank=True,
        help_text=_("Only those who registered are told it, in their mails."),
    )
    takes_registrations = models.BooleanField(_("people register"), default=True)
    capacity = models.PositiveIntegerField(
        _("room for"), null=True, blank=True, help_text=_("People. Empty: as many as come. Beyond it there is a list.")
    )
    registration_until = models.DateTimeField(
        _("register until"), null=True, blank=True, help_text=_("Empty: until it begins.")
    )
    is_called_off = models.BooleanField(
        _("called off"), default=False, help_text=_("Whoever registered is told by mail as soon as this is published.")
    )
    body = StreamField(body(), blank=True)
    questions = StreamField(
        [("question", QuestionBlock())],
        blank=True,
        verbose_name=_("questions and answers"),
        help_text=_("Afterwards: what was asked there, with no names."),
    )

    body_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("kind", "starts_at", "ends_at", "is_called_off")], heading=_("When")
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("region", "place", "address", "directions", "access", "online_address")],
            heading=_("Where"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("takes_registrations", "capacity", "registration_until")],
            heading=_("Who comes"),
        ),
        FieldPanel("body"),
        FieldPanel("questions"),
    ]
    template = "public/events/preview.html"
    parent_page_types: ClassVar[list[str]] = ["content.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("event")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="content_event_ends_later"),
        ]

    @property
    def path_below(self) -> str:
        return f"{PLACE}{self.slug}/"

    @property
    def source(self) -> "EventPage":
        """The page in English: its day and room count, and people register for it."""
        if self.language == Language.ENGLISH:
            return self
        english = EventPage.objects.filter(
            translation_key=self.translation_key, locale__language_code=Language.ENGLISH.value
        )
        return english.first() or self

    @property
    def closes_at(self) -> dt.datetime:
        """When nobody can register any more."""
        return min(self.registration_until or self.starts_at, self.starts_at)

    def is_over(self, now: dt.datetime) -> bool:
        return self.ends_at <= now

    def takes_people(self, now: dt.datetime) -> bool:
        """On the list, if there is no room."""
        return self.live and self.takes_registrations and not self.is_called_off and now < self.closes_at

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It ends before it begins.")})

    def answer(self, request: HttpRequest, asked: str) -> HttpResponse:
        """By its name alone it leads to where events are."""
        return HttpResponseRedirect(self.address_in(asked))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """For an editor: as it will be read."""
        return super().answer(request, self.language)

    def shown(self, asked: str) -> dict[str, Any]:
        return super().shown(asked) | {"event": self, "now": timezone.now()}
