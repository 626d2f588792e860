"""Pictures, none without words for whoever does not see them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition

from helpline.vault.erasure import NOTHING_PERSONAL, Erasure


class Picture(AbstractImage):
    """A picture of the public site. What a camera wrote into the file, where and when, is not kept."""

    erasure = Erasure(
        holds="which staff member uploaded a picture",
        ends="with the picture; the name with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    alternative = models.CharField(
        _("words for whoever does not see it"),
        max_length=300,
        help_text=_("What it shows that matters here, in one sentence."),
    )
    alternative_mi = models.CharField(_("the same in te reo Māori"), max_length=300, blank=True)

    admin_form_fields = ("title", "file", "alternative", "alternative_mi", "focal_point_x", "focal_point_y")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        permissions = [("choose_picture", "Can choose a picture")]  # by this name Wagtail asks
        constraints = [models.CheckConstraint(condition=~models.Q(alternative=""), name="content_picture_has_words")]

    @property
    def default_alt_text(self) -> str:
        return self.alternative


class PictureRendition(AbstractRendition):
    """The same picture in another size."""

    erasure = NOTHING_PERSONAL

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="content_rendition_once")
        ]
