"""Pictures of the public pages, in the sizes that pages show: never the file that was uploaded."""

from typing import Final

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

TYPES: Final = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
ROUTE: Final = "pictures/images/<str:name>"  # where `MEDIA_URL` and Wagtail's folder of sizes lead


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    kind = TYPES.get(name.rpartition(".")[2])
    path = f"images/{name}"
    if kind is None or ".." in name or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        return HttpResponse(file.read(), content_type=kind)
