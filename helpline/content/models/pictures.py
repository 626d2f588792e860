"""Pictures, none without words for whoever does not see them."""

from io import BytesIO
from typing import IO, Any, Final

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from wagtail.images.models import AbstractImage, AbstractRendition

from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

SEEN: Final = ("icc_profile", "transparency")  # of what a file says beside its points, these alone change how it looks


class Picture(AbstractImage):
    """A picture of the public site. What a camera wrote into the file, where and when, is not kept."""

    erasure = Erasure(
        holds="which staff member uploaded a picture",
        ends="with the picture; the name with the account",
        by="helpline.accounts.actions.remove_staff",
    )

    file: Any  # of Wagtail's

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Nobody can forget it: what is kept is never the file as it came."""
        if self.file and not self.file._committed:  # noqa: SLF001  # by no other name Django says that a file is new
            self.file = ContentFile(without_particulars(self.file), self.file.name)
            self._set_image_file_metadata()
        super().save(*args, **kwargs)

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


def without_particulars(file: IO[bytes]) -> bytes:
    """The same still picture, upright, without place, time, camera, words or a smaller picture inside."""
    file.seek(0)
    with Image.open(file) as image:
        kind = image.format
        upright = ImageOps.exif_transpose(image)
    upright.info = {name: value for name, value in upright.info.items() if name in SEEN}
    made = BytesIO()
    upright.save(made, kind, **({"quality": 90} if kind in {"JPEG", "WEBP"} else {}))
    return made.getvalue()
