"""What a page is made of: few blocks, so that every page stays light, readable and safe.

No block takes HTML, a script or a frame of somebody else's.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

FEATURES = ["bold", "link", "ol", "ul"]


class Numbers(blocks.ListBlock):
    """Contact numbers, each with the day on which it was last checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SnippetChooserBlock("content.ContactNumber", label=_("Contact number")), **kwargs)

    class Meta:
        icon = "mobile-alt"
        template = "content/blocks/numbers.html"


def body() -> list[tuple[str, Any]]:
    """A fresh list each time: Wagtail keeps in a block where it stands."""
    paragraph = {"features": FEATURES, "template": "content/blocks/paragraph.html"}
    return [
        ("heading", blocks.CharBlock(label=_("Heading"), icon="title", template="content/blocks/heading.html")),
        ("paragraph", blocks.RichTextBlock(label=_("Text"), icon="pilcrow", **paragraph)),
        ("numbers", Numbers(label=_("Contact numbers"))),
        (
            "note",
            blocks.RichTextBlock(
                label=_("Quiet box"), icon="info-circle", features=FEATURES, template="content/blocks/note.html"
            ),
        ),
        ("picture", ImageChooserBlock(label=_("Picture"), template="content/blocks/picture.html")),
    ]
